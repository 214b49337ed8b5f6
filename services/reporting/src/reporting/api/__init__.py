"""HTTP: parse, call one handler, shape the answer."""

from reporting.api import documents, recaps

ROUTERS = (recaps.router, documents.router)
