"""The risk that a park's installations lay on the people around them (row F2): what is written of it (``models``,
``specs``, ``actions``), what it is made of (``run``), how it is computed and kept (``computing``, ``kept``), what is
read of it (``selectors``), and what follows when a criterion is broken (``facts``).
"""
