"""HTTP: parse, call one handler, shape the answer."""

from reporting.api import documents, exports, recaps

ROUTERS = (recaps.router, documents.router, exports.router)
