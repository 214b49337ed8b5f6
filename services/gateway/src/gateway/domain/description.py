"""One OpenAPI document out of those of all services: only what the catalogue holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from shared.operations import API, PUBLIC, Operation

Json = dict[str, Any]
_SCHEMAS = "#/components/schemas/"
_UNUSED = {"HTTPValidationError", "ValidationError"}
_REFUSALS = {
    "400": "Bentuk permintaan salah.",
    "401": "Belum masuk, atau token sudah berakhir.",
    "403": "Peran tidak memiliki hak ini.",
    "404": "Tidak ada, atau bukan milik Anda.",
    "409": "Keadaan data tidak mengizinkan.",
    "412": "Versi data sudah berubah.",
    "413": "Permintaan terlalu besar.",
    "422": "Isian melanggar aturan.",
    "428": "If-Match belum disertakan.",
    "503": "Sistem sedang sibuk; coba lagi setelah Retry-After.",
}
_ALWAYS = ("400", "404", "422", "503")
_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Kunci buatan Anda untuk satu tindakan; ulangan mendapat jawaban yang sama.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128},
}
_IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'Versi yang Anda lihat, misalnya "3".',
    "schema": {"type": "string"},
}
_PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def merge(documents: Mapping[str, Json], operations: Iterable[Operation] = API) -> Json:
    """Merge; an operation whose service did not answer is listed without its details."""
    paths: dict[str, Json] = {}
    for operation in operations:
        source = documents.get(operation.service, {}).get("paths", {})
        known = source.get(operation.path, {}).get(operation.method.lower(), {})
        described = _describe(operation, _renamed(known, operation.service))
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    schemes: Json = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-lunas"},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lunas", "version": "1"},
        "paths": paths,
        "components": {"schemas": _schemas(documents), "securitySchemes": schemes},
    }


def _schemas(documents: Mapping[str, Json]) -> Json:
    merged: Json = {"Problem": _PROBLEM}
    for service, document in sorted(documents.items()):
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            if name not in _UNUSED:
                merged[f"{service}.{name}"] = _renamed(schema, service)
    return merged


def _describe(operation: Operation, known: Json) -> Json:
    public = operation.permission == PUBLIC
    described = {
        "summary": known.get("summary", operation.path),
        "operationId": _slug(f"{operation.method}_{operation.path}"),
        "tags": [operation.service],
        "security": [] if public else [{"token": []}, {"session": []}],
        "parameters": _parameters(operation, known),
        "responses": _responses(operation, known),
        "x-permission": operation.permission,
    }
    for name in ("description", "requestBody"):
        if name in known:
            described[name] = known[name]
    return described


def _parameters(operation: Operation, known: Json) -> list[Json]:
    kept = [p for p in known.get("parameters", []) if p["name"].lower() != "if-match"]
    if not known:
        names = re.findall(r"\{([a-z_]+)", operation.path)
        kept = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ]
    if operation.money:
        kept.append(_IDEMPOTENCY_KEY)
    if _takes_version(operation, known):
        kept.append(_IF_MATCH)
    return kept


def _takes_version(operation: Operation, known: Json) -> bool:
    named = any(p["name"].lower() == "if-match" for p in known.get("parameters", []))
    return named or operation.method == "PATCH"


def _responses(operation: Operation, known: Json) -> Json:
    responses = {k: v for k, v in known.get("responses", {}).items() if k.startswith("2")}
    codes = set(_ALWAYS)
    if operation.permission != PUBLIC or operation.path.endswith("/tokens"):
        codes |= {"401", "403"}
    if operation.method != "GET":
        codes |= {"409", "413"}
    if _takes_version(operation, known):
        codes |= {"412", "428"}
    problem = {"application/problem+json": {"schema": {"$ref": _SCHEMAS + "Problem"}}}
    refusals = {code: {"description": _REFUSALS[code], "content": problem} for code in codes}
    return (responses or {"200": {"description": "OK"}}) | dict(sorted(refusals.items()))


def _renamed(node: Any, service: str) -> Any:
    """Copy a piece of a document with its references pointing at the service's schemas."""
    if isinstance(node, list):
        return [_renamed(each, service) for each in node]
    if isinstance(node, dict):
        return {key: _renamed(value, service) for key, value in node.items()}
    if isinstance(node, str) and node.startswith(_SCHEMAS):
        return f"{_SCHEMAS}{service}.{node.removeprefix(_SCHEMAS)}"
    return node


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
