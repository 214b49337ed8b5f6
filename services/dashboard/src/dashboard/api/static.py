"""The built files: hashed names, so they may be kept for ever."""

from __future__ import annotations

import mimetypes

from fastapi.responses import FileResponse

from dashboard.api.pages import PageRouter
from dashboard.api.rendering import DIST
from shared.errors import NotFound

router = PageRouter()

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".js": "text/javascript"}


@router.get("/static/{path:path}")
async def static(path: str) -> FileResponse:
    """Give one built file; only names that the build made exist."""
    folder, _, name = path.rpartition("/")
    file = DIST / name
    if folder != "dist" or not name or not file.is_file() or file.parent != DIST:
        raise NotFound
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(name)[0]
    return FileResponse(file, media_type=kind, headers=FOREVER)
