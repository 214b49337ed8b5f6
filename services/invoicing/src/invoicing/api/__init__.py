"""HTTP: parse, call one handler, shape the answer."""

from __future__ import annotations

from fastapi import APIRouter

from invoicing.api import billing_runs, bulk_jobs, invoices, plans

ROUTERS: tuple[APIRouter, ...] = (
    plans.router,
    invoices.router,
    billing_runs.router,
    bulk_jobs.router,
)
