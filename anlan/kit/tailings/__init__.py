"""Tailings ponds as people write them, turned into what the kernels compute: ``inputs`` and ``study``."""
