"""Lists as files: asked for from the list, with its filter, and shown until they can be fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from shared.testing import WAWAN

COMPANY = json.loads((Path(__file__).parent / "company.json").read_text())
JOB = UUID(int=77)
FORM = {"content-type": "application/x-www-form-urlencoded"}
DONE = COMPANY[f"GET /jobs/{JOB}"]
RUNNING = DONE | {"status": "running", "progress": {"done": 400, "total": 1000}, "file": None}


async def test_the_filter_of_the_list_goes_along_and_empty_ones_do_not(
    call_as: Any, company: Any
) -> None:
    company.answers["POST /exports"] = RUNNING
    values = {
        "csrf_token": "t",
        "list": "invoices",
        "view": "overdue",
        "search": "",
        "format": "csv",
    }

    response = await call_as(WAWAN).call(
        "POST", "/exports", content=urlencode(values).encode(), headers=FORM
    )

    assert response.status_code == 303
    assert response.headers["location"] == f"/exports/{JOB}"
    [(_, body)] = company.sent("POST /exports")
    assert body == {"list": "invoices", "view": "overdue", "format": "csv"}


async def test_too_many_at_once_are_refused_in_words(call_as: Any, company: Any) -> None:
    company.answers["POST /exports"] = [409, {"detail": "Masih ada 5 unduhan Anda."}]

    response = await call_as(WAWAN).call(
        "POST", "/exports", content=b"list=invoices&format=csv", headers=FORM
    )

    assert response.status_code == 422
    assert "Masih ada 5 unduhan Anda." in response.text


async def test_a_file_under_way_shows_how_far_it_is_and_looks_again(
    call_as: Any, company: Any
) -> None:
    company.answers[f"GET /jobs/{JOB}"] = RUNNING

    text = (await call_as(WAWAN).get(f"/exports/{JOB}")).text

    assert '<progress class="progress w-full" max="1000" value="400"' in text
    assert 'hx-trigger="every 1s"' in text


async def test_a_file_that_is_ready_can_be_fetched_and_is_not_asked_about_again(
    call_as: Any,
) -> None:
    text = (await call_as(WAWAN).get(f"/exports/{JOB}")).text

    assert f'href="/api/v1/jobs/{JOB}/file" download' in text
    assert "34 KB" in text
    assert "12 Des 2026 14.05 WIB" in text
    assert "every 1s" not in text


async def test_a_file_that_failed_says_why_and_what_is_safe(call_as: Any, company: Any) -> None:
    company.answers[f"GET /jobs/{JOB}"] = RUNNING | {
        "status": "failed",
        "trouble": "Terlalu besar.",
    }

    text = (await call_as(WAWAN).get(f"/exports/{JOB}")).text

    assert "Terlalu besar. Data Anda tidak berubah." in text


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/customers?search=mah", "customers"),
        ("/invoices?view=paid", "invoices"),
        ("/payments?verification=verified", "payments"),
        ("/products", "products"),
        ("/bookings", "bookings"),
        ("/recaps?kind=marketing", "marketing_recap"),
        ("/recaps?kind=period&group=week", "payment_recap"),
    ],
)
async def test_every_list_offers_itself_as_a_file(call_as: Any, path: str, name: str) -> None:
    text = (await call_as(WAWAN).get(path)).text

    assert f'<input type="hidden" name="list" value="{name}">' in text
    assert 'name="format" value="xlsx"' in text
