"""The only place where an error meets a status code: RFC 9457 problem details (B1, B2)."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared import context
from shared.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    TooOften,
    Unauthenticated,
    Unavailable,
    VersionMissing,
    VersionStale,
)
from shared.logs import logger

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[DomainError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    VersionStale: 412,
    TooLarge: 413,
    Invalid: 422,
    VersionMissing: 428,
    TooOften: 429,
    Unavailable: 503,
}
_HTTP_DETAIL = {
    404: ("Not found", NotFound.detail),
    405: ("Method not allowed", "Cara akses ini tidak tersedia untuk alamat tersebut."),
    429: ("Too many requests", "Terlalu banyak percobaan dari alamat ini. Coba lagi semenit lagi."),
    415: ("Unsupported media type", "Kirim isi permintaan sebagai application/json."),
}
_RETRY_AFTER_SECONDS = "2"


def status_of(error: DomainError) -> int:
    """Give the status of an expected outcome."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)


def problem(request: Request, status: int, title: str, detail: str, **more: Any) -> JSONResponse:
    """Render problem details; ``more`` adds members and headers."""
    headers = more.pop("headers", None)
    body = {
        "type": f"/problems/{_slug(title)}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        **more,
    }
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


async def domain_problem(request: Request, error: Exception) -> JSONResponse:
    """Render an expected outcome; its fields that are facts for the client go along."""
    assert isinstance(error, DomainError)
    status = status_of(error)
    more: dict[str, Any] = {}
    if field := error.fields.get("field"):
        more["errors"] = [{"field": field, "message": str(error)}]
    if errors := error.fields.get("errors"):
        more["errors"] = errors
    for name in ("current", "version", "code", "columns"):
        if name in error.fields:
            more[name] = error.fields[name]
    if status == 503 or error.fields.get("retry"):
        more["headers"] = {"Retry-After": _RETRY_AFTER_SECONDS}
    if seconds := error.fields.get("seconds"):
        more["headers"] = {"Retry-After": str(seconds)}
    if status == 401:
        more["headers"] = more.get("headers", {}) | {"WWW-Authenticate": "Bearer"}
    return problem(request, status, _words(type(error).__name__), str(error), **more)


async def validation_problem(request: Request, error: Exception) -> JSONResponse:
    """Render input that does not fit: 400 when it is not JSON at all, else 422 by field."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(entry["type"] == "json_invalid" for entry in found):
        return problem(request, 400, "Malformed", "Isi permintaan bukan JSON yang benar.")
    errors = [
        {
            "field": _path(entry["loc"], error.body),
            "message": _message(entry),
            "code": entry["type"],
        }
        for entry in found
    ]
    detail = "Ada isian yang belum benar. Tidak ada yang disimpan."
    return problem(request, 422, "Invalid", detail, errors=errors)


async def http_problem(request: Request, error: Exception) -> JSONResponse:
    """Render what the router itself refuses."""
    assert isinstance(error, HTTPException)
    fallback = ("Request refused", "Permintaan tidak dapat diproses.")
    title, detail = _HTTP_DETAIL.get(error.status_code, fallback)
    return problem(request, error.status_code, title, detail, headers=error.headers)


async def defect(request: Request, error: Exception) -> JSONResponse:
    """Render a bug: an id to quote, nothing else; the stack is in the log (B2)."""
    code = context.correlation_id()
    logger("web").error("defect", path=request.url.path, code=code, exc_info=error)
    detail = f"Terjadi kesalahan pada sistem. Sebutkan kode {code} bila menghubungi kami."
    return problem(request, 500, "Internal error", detail, code=code)


def install(app: FastAPI) -> None:
    """Teach an app to answer errors."""
    app.add_exception_handler(DomainError, domain_problem)
    app.add_exception_handler(RequestValidationError, validation_problem)
    app.add_exception_handler(HTTPException, http_problem)
    app.add_exception_handler(Exception, defect)


_MESSAGES = {
    "missing": "wajib diisi",
    "extra_forbidden": "isian ini tidak dikenal",
    "string_too_long": "terlalu panjang",
    "string_type": "harus berupa teks",
    "int_type": "harus bilangan bulat (rupiah tanpa sen)",
    "int_from_float": "harus bilangan bulat (rupiah tanpa sen)",
    "greater_than": "harus lebih besar dari {gt}",
    "greater_than_equal": "paling sedikit {ge}",
    "less_than_equal": "paling banyak {le}",
    "uuid_parsing": "bukan id yang benar",
    "uuid_type": "bukan id yang benar",
    "date_from_datetime_parsing": "tanggal ditulis YYYY-MM-DD",
    "date_parsing": "tanggal ditulis YYYY-MM-DD",
    "date_type": "tanggal ditulis YYYY-MM-DD",
    "literal_error": "pilih salah satu: {expected}",
    "enum": "pilih salah satu: {expected}",
    "union_tag_invalid": "pilih salah satu: {expected_tags}",
    "union_tag_not_found": "wajib menyebut {discriminator}",
    "too_short": "paling sedikit {min_length}",
    "too_long": "paling banyak {max_length}",
}


def _message(entry: Any) -> str:
    context_values = entry.get("ctx") or {}
    if entry["type"] == "value_error":
        return str(context_values.get("error", "belum benar"))
    return _MESSAGES.get(entry["type"], "belum benar").format(**context_values)


def _path(location: tuple[int | str, ...], body: Any) -> str:
    """Spell where the error is as the client wrote it: the tag of a union is no field."""
    if not location or location[0] != "body":
        return ".".join(str(part) for part in location[1:] or location)
    kept, place = [], body
    for part in location[1:-1]:
        inside = part in place if isinstance(place, dict) else isinstance(part, int)
        if inside:
            kept.append(str(part))
            place = place[part]
    return ".".join([*kept, *map(str, location[1:][-1:])])


def _words(name: str) -> str:
    """Turn ``InvalidTransition`` into ``Invalid transition``."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: " " + match[1].lower(), name)


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")
