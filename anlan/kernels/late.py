"""What the models use of SciPy, loaded when first called: to load it takes half a second that most pages never need."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.integrate import solve_ivp  # type: ignore[import-untyped]  # scipy ships no types
    from scipy.interpolate import PchipInterpolator  # type: ignore[import-untyped]  # scipy ships no types
    from scipy.optimize import brentq, minimize_scalar  # type: ignore[import-untyped]  # scipy ships no types
    from scipy.special import erf, gammainc, gammainccinv, ndtr, ndtri  # type: ignore[import-untyped]  # no types
else:

    class _Late:
        """A function of a module that is imported at its first call."""

        def __init__(self, module: str, name: str) -> None:
            self._module, self._name = module, name
            self._function = None

        def __call__(self, *arguments: object, **named: object) -> object:
            if self._function is None:
                self._function = getattr(importlib.import_module(self._module), self._name)
            return self._function(*arguments, **named)

    solve_ivp = _Late("scipy.integrate", "solve_ivp")
    PchipInterpolator = _Late("scipy.interpolate", "PchipInterpolator")
    brentq = _Late("scipy.optimize", "brentq")
    minimize_scalar = _Late("scipy.optimize", "minimize_scalar")
    erf = _Late("scipy.special", "erf")
    gammainc = _Late("scipy.special", "gammainc")
    gammainccinv = _Late("scipy.special", "gammainccinv")
    ndtr = _Late("scipy.special", "ndtr")
    ndtri = _Late("scipy.special", "ndtri")

__all__ = [
    "PchipInterpolator",
    "brentq",
    "erf",
    "gammainc",
    "gammainccinv",
    "minimize_scalar",
    "ndtr",
    "ndtri",
    "solve_ivp",
]
