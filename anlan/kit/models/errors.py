"""What can go wrong between a person and a model. Every message names the thing, its value and what to do.

ModelError
├── UnknownModel   no model of that name
├── BadInput       an input is unknown, missing, of a wrong type or in a wrong unit
├── Refused        the model itself says no: outside its validity, or the inputs do not suffice
└── BadCases       a file of cases cannot be read
"""

import difflib
from collections.abc import Iterable

from anlan.rules.refusal import Refusal


class ModelError(ValueError):
    """The root: what a person can put right."""


class UnknownModel(ModelError):
    """No model has this name."""


class BadInput(ModelError):
    """An input is missing, of a wrong type or in a wrong unit."""


class UnknownInput(BadInput):
    """The model has no input of this name."""


class Refused(ModelError):
    """The model does not compute this."""


class BadCases(ModelError):
    """A file of cases cannot be read."""


def refused(refusal: Refusal) -> Refused:
    """A rule's no as the model's."""
    return Refused(refusal.filled(refusal.message) + refusal.filled(refusal.fix))


def nearest(name: str, known: Iterable[str], most: int = 3) -> str:
    """The names most like ``name``, as the end of a message; all of them when they are few and none is like it."""
    names = list(known)
    like = difflib.get_close_matches(name, names, n=most, cutoff=0.5)
    if like:
        return f"，是否想写 {'、'.join(like)}？"
    return f"，可用的有：{'、'.join(names)}" if 0 < len(names) <= 12 else ""
