"""The JSON interface: the routers of all apps under one OpenAPI description."""

from ninja import NinjaAPI

from anlan import __version__

api = NinjaAPI(title="安澜 Anlan", version=__version__, urls_namespace="api")
