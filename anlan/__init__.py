"""安澜 Anlan: one live picture of work-safety risk, from a valve to a province."""

__version__ = "0.1.0"
