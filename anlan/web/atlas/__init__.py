"""The atlas: every place as columns in the memory of the process, so that a map of a hundred thousand points answers a
pan in milliseconds. ``index`` holds the columns, ``keeper`` keeps them current, ``past`` turns back the colours;
``question`` is what somebody asks of them, ``ground`` and ``substances`` narrow it, ``look`` puts it all together;
``sight`` is what a view draws (``cells``: clusters), ``tree``, ``inside`` and ``finding`` what is listed and counted.

The index knows all places; whatever leaves this package is narrowed by :meth:`Atlas.scope` to the viewer's grants.
"""
