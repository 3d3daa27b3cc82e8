"""The plant of the monitoring tests, for pages that show one."""

from tests.monitoring.conftest import plant

__all__ = ["plant"]
