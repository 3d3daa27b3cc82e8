"""Where people live, as the map asks for it."""

from anlan.kit.population import Cells, cells

__all__ = ["Cells", "cells"]
