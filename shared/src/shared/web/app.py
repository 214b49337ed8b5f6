"""The one way to make a service's inner app."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared import activities, audit, inspection
from shared.operations import Operation
from shared.web import problems
from shared.web.limits import BodyLimit
from shared.web.observe import Observe
from shared.web.route import authorise

if TYPE_CHECKING:
    from shared.service import Service

AUDIT_PATH = "/internal/audit"
"""Where the gateway asks each service for its part of the audit log."""

ACTIVITIES_PATH = "/internal/activities"
"""Where it asks each service what happened around one thing."""

CHAIN_PATH = "/internal/audit/chain"
"""Where it asks how the chain was last found."""


def make_app(service: Service, routers: list[APIRouter]) -> FastAPI:
    """Make the app of a service: its routes, its errors, its health."""
    app = FastAPI(
        title=f"Lunas {service.name}", docs_url=None, redoc_url=None, openapi_url="/openapi.json"
    )
    app.state.service = service
    problems.install(app)
    for router in routers:
        app.include_router(router)
    app.include_router(_inner)
    app.add_middleware(BodyLimit)
    app.add_middleware(Observe, service=service.name)
    return app


_inner = APIRouter(include_in_schema=False)


@_inner.get("/healthz")
async def live() -> dict[str, str]:
    """Tell that the process runs."""
    return {"status": "ok"}


@_inner.get("/readyz")
async def ready(request: Request) -> JSONResponse:
    """Tell whether the service can work now, and what is missing (R6)."""
    service: Service = request.app.state.service
    checks = await service.checks()
    return JSONResponse(checks, 200 if all(checks.values()) else 503)


@_inner.get("/metrics")
async def metrics() -> Response:
    """Give the figures in the format of Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


_AUDIT = Operation("GET", AUDIT_PATH, "*", "audit.read")
_ACTIVITIES = Operation("GET", ACTIVITIES_PATH, "*", "customers.read")


@_inner.get(AUDIT_PATH)
async def audit_rows(request: Request, wanted: Annotated[audit.Wanted, Query()]) -> dict[str, Any]:
    """List this service's audit rows, newest first, and how many there are (P1)."""
    principal = authorise(request, _AUDIT)
    service: Service = request.app.state.service
    async with service.sessions.begin(principal) as session:
        entries = await audit.find(session, wanted)
        count = await audit.count(session, wanted)
    rows = [entry.model_dump(mode="json") | {"service": service.name} for entry in entries]
    return {"rows": rows, "count": count}


@_inner.get(CHAIN_PATH)
async def audit_chain(request: Request) -> dict[str, Any]:
    """Say how this service's audit chain was last found."""
    principal = authorise(request, _AUDIT)
    service: Service = request.app.state.service
    async with service.sessions.begin(principal) as session:
        found = await inspection.chain(session)
    told: dict[str, Any] = jsonable_encoder(asdict(found))
    return told | {"service": service.name}


@_inner.get(ACTIVITIES_PATH)
async def list_activities(
    request: Request, wanted: Annotated[activities.Wanted, Query()]
) -> list[dict[str, Any]]:
    """List what happened here around one thing, in the reader's scope, newest first."""
    principal = authorise(request, _ACTIVITIES)
    service: Service = request.app.state.service
    if service.activities is None:
        return []
    async with service.sessions.begin(principal) as session:
        entries = await activities.find(session, wanted, service.activities)
    told = [activities.told(entry, principal) for entry in entries]
    return [row | {"service": service.name} for row in told]
