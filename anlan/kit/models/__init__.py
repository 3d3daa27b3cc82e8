"""Every numeric model of the product by its name, with its schema, units and published cases.

A model is a function in a module of ``families/``, registered by :func:`model`; its signature and docstring are its
schema. ``families/`` composes kernels and rules; it computes nothing itself.

``catalogue`` registers and finds, ``describe`` reads the schema, ``running`` runs (``reading`` and ``units`` turn JSON
into arguments), ``cases`` compares with what was published.
"""

from anlan.kit.models.catalogue import model

__all__ = ["model"]
