"""Lists: what stands in the address, and what the page makes of it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.domain.listing import Listing
from dashboard.domain.lists import CUSTOMERS, INVOICES, KINDS, PAYMENTS
from shared.testing import ADMIN, WAWAN

SELLER = "00000000-0000-0000-0000-00000000000b"


def invoices(*given: tuple[str, str], phone: bool = False) -> Listing:
    kind = INVOICES.with_choices("marketing_id", [(SELLER, "Bapak Wawan")])
    return kind.read(given, phone=phone)


class TestTheAddress:
    def test_holds_the_whole_list_and_leads_back_to_it(self) -> None:
        given = {
            "view": "overdue",
            "search": "siti",
            "marketing_id": SELLER,
            "due_from": "2026-12-01",
            "sort": "due_on",
            "columns": "due.total",
        }

        listing = invoices(*given.items())

        address = urlsplit(listing.here)
        assert address.path == "/invoices"
        assert {name: values[0] for name, values in parse_qs(address.query).items()} == given

    def test_what_makes_no_sense_is_left_out(self) -> None:
        listing = invoices(
            ("view", "sold"),
            ("marketing_id", "someone"),
            ("due_from", "soon"),
            ("sort", "password"),
            ("columns", "secret"),
            ("unknown", "x"),
        )

        assert listing.here == "/invoices"
        assert not listing.filtered
        assert set(listing.asks) == {"view", "search", "sort", "cursor", "limit"}

    def test_a_page_has_fifty_rows_and_on_a_phone_twenty_five(self) -> None:
        assert invoices().asks["limit"] == 50
        assert invoices(phone=True).asks["limit"] == 25

    def test_another_condition_begins_at_the_first_page(self) -> None:
        listing = invoices(("cursor", "abc"), ("search", "siti"))

        assert "cursor" not in listing.address(view="paid")
        assert listing.first == "/invoices?search=siti"

    def test_a_chip_is_taken_off_alone_and_all_together(self) -> None:
        listing = invoices(("view", "paid"), ("search", "siti"), ("due_to", "2026-12-10"))

        assert [(chip.word, chip.value, chip.without) for chip in listing.chips] == [
            ("Cari", "siti", "/invoices?view=paid&due_to=2026-12-10"),
            ("Jatuh tempo sampai", "10 Des 2026", "/invoices?view=paid&search=siti"),
        ]
        assert listing.cleared == "/invoices?view=paid"


class TestColumnsAndOrder:
    def test_the_fixed_columns_stay_whatever_is_chosen(self) -> None:
        listing = invoices(("columns", "due"), ("columns", "account"))

        assert [column.key for column in listing.columns] == ["number", "due", "account"]

    def test_the_columns_that_everybody_sees_are_no_choice(self) -> None:
        usual = [("columns", c.key) for c in INVOICES.shown if not c.fixed]

        assert invoices(*usual, ("search", "siti")).here == "/invoices?search=siti"

    def test_a_press_on_a_head_turns_its_order_round(self) -> None:
        turned = {}
        for sort in ("", "due_on", "-due_on"):
            head = next(h for h in invoices(("sort", sort)).heads if h.column.key == "due")
            turned[sort] = (head.state, head.address)

        assert turned == {
            "": ("none", "/invoices?sort=due_on"),
            "due_on": ("ascending", "/invoices?sort=-due_on"),
            "-due_on": ("descending", "/invoices?sort=due_on"),
        }

    @pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
    def test_every_list_is_sorted_by_one_of_its_columns(self, kind: Any) -> None:
        assert kind.sort.removeprefix("-") in {column.sort for column in kind.columns}

    def test_a_filter_without_choices_is_not_offered(self) -> None:
        alone = CUSTOMERS.with_choices("marketing_id", [])

        assert [each.name for each in alone.filters] == ["status"]


class TestThePages:
    async def test_a21_tabs_have_the_counts_of_the_service(self, call_as: Any) -> None:
        html = (await call_as(WAWAN).get("/customers?view=overdue")).text

        tabs = re.search(r'<div id="list-top".*?</nav>', html, re.S)
        assert tabs
        assert re.findall(r'<span class="count">(\d+)</span>', tabs[0]) == [
            "42",
            "5",
            "7",
            "2",
            "4",
        ]
        assert 'href="/customers?view=overdue" aria-current="page">Menunggak' in tabs[0]

    async def test_services_are_asked_for_what_the_address_says(
        self, call_as: Any, company: Any
    ) -> None:
        await call_as(WAWAN).get("/payments?channel=cash&sort=-amount_idr&from=2026-12-01")

        assert company.queries("GET /payments")[-1] == {
            "channel": "cash",
            "sort": "-amount_idr",
            "from": "2026-12-01",
            "limit": "50",
        }

    async def test_a_phone_is_given_shorter_pages(self, call_as: Any, company: Any) -> None:
        await call_as(WAWAN).call("GET", "/invoices", headers={"Sec-CH-UA-Mobile": "?1"})

        assert company.queries("GET /invoices")[-1]["limit"] == "25"

    async def test_a_search_while_typing_leaves_a_clean_address(self, call_as: Any) -> None:
        headers = {"HX-Target": "list-rows"}
        path = "/invoices?search=siti&marketing_id=&due_from=&due_to="

        answer = await call_as(WAWAN).call("GET", path, headers=headers)

        assert answer.headers["hx-push-url"] == "/invoices?search=siti"

    async def test_only_who_may_see_users_filters_by_marketing(self, call_as: Any) -> None:
        theirs = (await call_as(ADMIN).get("/invoices")).text
        own = (await call_as(WAWAN).get("/invoices")).text

        assert 'name="marketing_id"' in theirs
        assert 'name="marketing_id"' not in own

    async def test_three_kinds_of_nothing_are_told_apart(self, call_as: Any, company: Any) -> None:
        company.answers["GET /recaps/customers"] = {"items": [], "total": 0}

        first = (await call_as(WAWAN).get("/customers")).text
        filtered = (await call_as(WAWAN).get("/customers?view=paid")).text
        others = (await call_as(WAWAN).get("/customers?search=siti")).text

        assert "Belum ada pelanggan" in first
        assert "Hapus saringan" in filtered
        assert "tanyakan kepada Admin" in others
        assert "tanyakan kepada Admin" not in filtered

    async def test_the_feed_takes_new_rows_only_at_its_natural_head(self, call_as: Any) -> None:
        plain = (await call_as(WAWAN).get("/payments")).text
        others = [f"/payments?{query}" for query in ("search=a", "sort=paid_at", "cursor=x")]

        assert 'sse-swap="payment"' in plain
        for path in (*others, "/payments?columns=amount"):
            assert 'sse-swap="payment"' not in (await call_as(WAWAN).get(path)).text, path

    def test_the_feed_shows_its_columns_to_live_rows_too(self) -> None:
        assert [column.key for column in PAYMENTS.shown] == [
            "when", "name", "channel", "marketing", "amount", "state", "paper",
        ]  # fmt: skip
