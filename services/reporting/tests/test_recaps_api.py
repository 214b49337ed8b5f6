"""Recaps over HTTP: the same figures everywhere, each Marketing his own (M4, M10, A2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared import paging
from shared.contracts.notification import MessageSent
from shared.contracts.reconciliation import DisposalPart, PaymentPosted
from shared.operations import OPERATIONS
from shared.testing import ADMIN, SARI, WAWAN

MAHMUD, SITI, BUDI = "Bapak Mahmud Sulaiman", "Ibu Siti Aminah", "Bapak Budi 100%"
PRICE = 1_250_000
NUL_CURSOR = paging.encode(["a\x00", str(WAWAN.user_id)])
YEAR = {"from": "2026-01-01", "to": "2027-12-31"}


@pytest.fixture
async def town(company):
    """Two Marketing, three customers: one late, one paid with credit, one without bills."""
    later = [(date(2026, 12, 10), PRICE), (date(2027, 1, 10), PRICE), (date(2027, 2, 10), PRICE)]
    await company.tell(
        company.user(WAWAN),
        company.user(SARI, phone=None),
        company.customer(MAHMUD),
        company.customer(SITI, SARI),
        company.customer(BUDI),
        company.booking("1", MAHMUD, 3 * PRICE),
        company.plan("1", MAHMUD, later, issued={1: "000001"}),
        company.invoice(
            "000001",
            MAHMUD,
            PRICE,
            plan_id=company.id("plan 1"),
            plan_line_no=1,
            booking_id=company.id("booking 1"),
            due_on=date(2026, 11, 10),
        ),
        company.account("000001", MAHMUD, PRICE),
        company.payment("A", MAHMUD, 500_000, {"000001": 500_000}),
        company.invoice("000002", SITI, PRICE, due_on=date(2026, 11, 25)),
        company.payment("B", SITI, 1_500_000, {"000002": PRICE}, verification="verified"),
        company.payment("X", None, 70_000, {}, PaymentPosted),
    )
    return company


class TestCustomerPage:
    async def test_the_figures_and_the_rows_that_add_up_to_them(self, town, call_as) -> None:
        page = (await call_as(WAWAN).get(f"/api/v1/recaps/customers/{town.id(MAHMUD)}")).json()

        assert page["billed_idr"] == 3 * PRICE == sum(i["total_idr"] for i in page["invoices"])
        assert page["paid_idr"] == 500_000 == sum(i["paid_idr"] for i in page["invoices"])
        assert page["due_this_month_idr"] == 750_000
        assert page["remaining_idr"] == 2 * PRICE
        assert page["percent"] == {"paid": 13.3, "due_this_month": 20.0, "remaining": 66.7}
        assert (page["overdue_idr"], page["overdue_days"]) == (750_000, 13)
        assert page["unverified_idr"] == 500_000
        assert page["next_due_on"] == "2027-01-10"
        assert page["as_of"] == "2026-11-23T02:00:00Z"

    async def test_one_call_has_all_the_page_needs(self, town, call_as) -> None:
        page = (await call_as(WAWAN).get(f"/api/v1/recaps/customers/{town.id(MAHMUD)}")).json()

        assert page["customer"]["marketing"]["name"] == WAWAN.name
        assert [i["status"] for i in page["invoices"]] == [
            "partially_paid",
            "scheduled",
            "scheduled",
        ]
        assert page["invoices"][0]["virtual_account"]["number"] == "9888031234567890"
        assert page["invoices"][0]["contract"] == "Kavling B-12"
        assert page["payments"][0]["allocations"][0]["amount_idr"] == 500_000
        assert page["bookings"][0]["items"][0]["product_name"] == "Kavling B-12"
        assert page["bookings"][0]["billed_idr"] == 3 * PRICE
        assert len(page["virtual_accounts"]) == 1

    async def test_a7_another_s_customer_is_not_there(self, town, call_as) -> None:
        his = await call_as(SARI).get(f"/api/v1/recaps/customers/{town.id(MAHMUD)}")
        none = await call_as(SARI).get(f"/api/v1/recaps/customers/{town.id('nobody')}")

        assert his.status_code == none.status_code == 404
        assert his.json() | {"instance": ""} == none.json() | {"instance": ""}


class TestCustomerList:
    async def test_m4_each_row_says_what_the_customer_s_page_says(self, town, call_as) -> None:
        rows = (await call_as(ADMIN).get("/api/v1/recaps/customers")).json()["items"]

        assert [row["customer"]["name"] for row in rows] == [BUDI, MAHMUD, SITI]
        for row in rows:
            page = (
                await call_as(ADMIN).get(f"/api/v1/recaps/customers/{row['customer']['id']}")
            ).json()
            figures = {name: value for name, value in row.items() if name != "customer"}
            assert figures == {name: page[name] for name in figures}

    async def test_sums_and_counts_cover_all_pages(self, town, call_as) -> None:
        first = (await call_as(ADMIN).get("/api/v1/recaps/customers", params={"limit": 1})).json()

        assert first["total"] == 3
        assert first["totals"]["billed_idr"] == 4 * PRICE
        assert first["totals"]["paid_idr"] == 500_000 + PRICE
        assert first["totals"]["credit_idr"] == 250_000
        assert first["views"] == {
            "all": 3,
            "overdue": 1,
            "due_this_week": 0,
            "without_invoices": 1,
            "paid": 1,
        }

    async def test_pages_follow_each_other_without_gap_or_repeat(self, town, call_as) -> None:
        names, cursor = [], None
        while True:
            params = {"limit": 1} | ({"cursor": cursor} if cursor else {})
            page = (await call_as(ADMIN).get("/api/v1/recaps/customers", params=params)).json()
            names += [item["customer"]["name"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break

        assert names == [BUDI, MAHMUD, SITI]

    @pytest.mark.parametrize(
        ("params", "names"),
        [
            ({"search": "mahmud"}, [MAHMUD]),
            ({"search": "0856 1101"}, [BUDI, MAHMUD, SITI]),
            ({"search": "9888-0312-3456"}, [MAHMUD]),
            ({"search": "100%"}, [BUDI]),
            ({"search": "_____"}, []),
            ({"view": "overdue"}, [MAHMUD]),
            ({"overdue": "true"}, [MAHMUD]),
            ({"view": "paid"}, [SITI]),
            ({"view": "without_invoices"}, [BUDI]),
            ({"marketing_id": str(SARI.user_id)}, [SITI]),
            ({"status": "inactive"}, []),
        ],
    )
    async def test_filters(self, town, call_as, params, names) -> None:
        page = (await call_as(ADMIN).get("/api/v1/recaps/customers", params=params)).json()

        assert [item["customer"]["name"] for item in page["items"]] == names
        assert page["total"] == len(names)

    async def test_a2_a_marketing_s_rows_counts_and_hits_are_his_own(self, town, call_as) -> None:
        page = (await call_as(SARI).get("/api/v1/recaps/customers")).json()
        others = {"marketing_id": str(WAWAN.user_id)}
        forced = (await call_as(SARI).get("/api/v1/recaps/customers", params=others)).json()

        assert [item["customer"]["name"] for item in page["items"]] == [SITI]
        assert (page["total"], page["totals"]["billed_idr"]) == (1, PRICE)
        assert (forced["total"], forced["items"]) == (0, [])

    async def test_b5_nul_in_a_search_is_refused(self, town, call_as) -> None:
        params = {"search": "mah\x00mud"}

        assert (
            await call_as(ADMIN).get("/api/v1/recaps/customers", params=params)
        ).status_code == 422

    @pytest.mark.parametrize("cursor", ["x", "W10", "!!", "WyJhIiwgImIiXQ", NUL_CURSOR])
    async def test_a_foreign_cursor_is_refused(self, town, call_as, cursor: str) -> None:
        answer = await call_as(ADMIN).get("/api/v1/recaps/customers", params={"cursor": cursor})

        assert answer.status_code == 422


class TestMarketing:
    @pytest.mark.parametrize("days", [{}, YEAR, {"from": "2026-11-01", "to": "2026-11-30"}])
    async def test_m10_the_recaps_of_all_marketing_add_up_to_admin_s(
        self, town, call_as, days
    ) -> None:
        path = "/api/v1/recaps/marketing"
        whole = (await call_as(ADMIN).get(path, params=days)).json()
        own = [(await call_as(who).get(path, params=days)).json() for who in (WAWAN, SARI)]

        for name in (
            "customers",
            "billed_idr",
            "paid_idr",
            "outstanding_idr",
            "overdue_idr",
            "received_idr",
        ):
            assert sum(recap["totals"][name] for recap in own) == whole["totals"][name]
            assert sum(item[name] for item in whole["items"]) == whole["totals"][name]
        assert [len(recap["items"]) for recap in own] == [1, 1]

    async def test_m10_all_time_it_is_the_list_of_customers(self, town, call_as) -> None:
        recap = (await call_as(ADMIN).get("/api/v1/recaps/marketing")).json()["totals"]
        totals = (await call_as(ADMIN).get("/api/v1/recaps/customers")).json()["totals"]

        for name in ("billed_idr", "paid_idr", "outstanding_idr", "overdue_idr"):
            assert recap[name] == totals[name]

    async def test_a_period_that_ends_before_it_begins_is_refused(self, town, call_as) -> None:
        days = {"from": "2026-12-01", "to": "2026-11-01"}

        for kind in ("marketing", "payments"):
            assert (
                await call_as(ADMIN).get(f"/api/v1/recaps/{kind}", params=days)
            ).status_code == 422


class TestOrdersOfTheListOfCustomers:
    @pytest.mark.parametrize("sort", ["name", "outstanding_idr", "next_due_on"])
    async def test_pages_follow_one_another_in_both_directions(self, town, call_as, sort) -> None:
        path = "/api/v1/recaps/customers"
        seen: dict[str, list[str]] = {}
        for asked in (sort, f"-{sort}"):
            seen[asked], cursor = [], None
            while cursor is not None or not seen[asked]:
                params = {"limit": 1, "sort": asked} | ({"cursor": cursor} if cursor else {})
                page = (await call_as(ADMIN).get(path, params=params)).json()
                seen[asked] += [item["customer"]["id"] for item in page["items"]]
                cursor = page["next_cursor"]

        assert len(set(seen[sort])) == len(seen[sort]) == page["total"] > 1
        assert seen[f"-{sort}"] == seen[sort][::-1]


class TestPeriod:
    @pytest.mark.parametrize("group", ["day", "week", "month"])
    async def test_m10_payments_of_all_marketing_add_up_to_admin_s(
        self, town, call_as, group
    ) -> None:
        path, params = "/api/v1/recaps/payments", YEAR | {"group": group}
        whole = (await call_as(ADMIN).get(path, params=params)).json()
        own = [(await call_as(who).get(path, params=params)).json() for who in (WAWAN, SARI)]

        assert whole["totals"] == {"payments": 2, "amount_idr": 2_000_000}
        assert sum(recap["totals"]["amount_idr"] for recap in own) == 2_000_000
        assert sum(item["amount_idr"] for item in whole["items"]) == 2_000_000
        assert sum(recap["closing"]["closing_idr"] for recap in own) == 750_000

    async def test_the_books_close_and_money_of_nobody_stands_apart(self, town, call_as) -> None:
        whole = (await call_as(ADMIN).get("/api/v1/recaps/payments")).json()
        marketing = (await call_as(WAWAN).get("/api/v1/recaps/payments")).json()

        assert whole["closing"]["explained"]
        assert whole["closing"]["closing_idr"] == sum(whole["open_by_age"].values()) == 750_000
        assert whole["closing"]["credit_closing_idr"] == 250_000
        assert (whole["from"], whole["to"]) == ("2026-11-01", "2026-11-23")
        assert whole["unidentified_idr"] == 70_000
        assert marketing["unidentified_idr"] == 0

    async def test_t2_returned_money_leaves_on_the_day_it_was_returned(
        self, company, call_as, clock
    ) -> None:
        """Rp90.000 came on 30 October; Rp40.000 of it went back on 23 November, 00.30 WIB."""
        came = clock.now().replace(month=10, day=30)
        gone = clock.now().replace(day=22, hour=17, minute=30)
        part = DisposalPart(
            resolution_id=company.id("gone"),
            action="return",
            amount_idr=40_000,
            disposed_at=gone,
        )
        posted = company.payment(
            "R", SITI, 90_000, {}, PaymentPosted, paid_at=came,
            disposed_idr=40_000, disposals=[part],
        )  # fmt: skip
        await company.tell(company.customer(SITI, SARI), posted)

        october = await period(call_as, "2026-10-01", "2026-10-31")
        before = await period(call_as, "2026-11-01", "2026-11-22")
        november = await period(call_as, "2026-11-01", "2026-11-30")

        assert october["closing"]["credit_closing_idr"] == 90_000
        assert before["closing"]["credit_closing_idr"] == 90_000
        assert november["closing"]["credit_closing_idr"] == 50_000

    async def test_m5_a_return_that_was_undone_never_left(self, company, call_as, clock) -> None:
        part = DisposalPart(
            resolution_id=company.id("gone"),
            action="write_off",
            amount_idr=40_000,
            disposed_at=clock.now(),
        )
        paid = {"amount": 90_000, "parts": {}, "contract": PaymentPosted}
        await company.tell(
            company.customer(SITI, SARI),
            company.payment("R", SITI, disposed_idr=40_000, disposals=[part], **paid),
            company.payment(
                "R", SITI, disposals=[part.model_copy(update={"undone": True})], **paid
            ),
        )

        november = await period(call_as, "2026-11-01", "2026-11-30")

        assert november["closing"]["credit_closing_idr"] == 90_000

    async def test_t2_a_payment_belongs_to_its_wib_day(self, company, call_as, clock) -> None:
        evening_utc = clock.now().replace(day=22, hour=17, minute=30)
        await company.tell(
            company.customer(MAHMUD),
            company.payment("A", MAHMUD, PRICE, {}, PaymentPosted, paid_at=evening_utc),
        )

        recap = (await call_as(ADMIN).get("/api/v1/recaps/payments")).json()

        assert [item["period"] for item in recap["items"]] == ["2026-11-23"]


async def period(call_as, first: str, last: str):
    days = {"from": first, "to": last}
    return (await call_as(ADMIN).get("/api/v1/recaps/payments", params=days)).json()


class TestHome:
    async def test_the_first_page_of_a_marketing(self, town, call_as) -> None:
        home = (await call_as(WAWAN).get("/api/v1/recaps/home")).json()

        assert home["overdue"] == {
            "customers": 1,
            "amount_idr": 750_000,
            "oldest_name": MAHMUD,
            "oldest_days": 13,
        }
        assert home["month"] == {"received_idr": 500_000, "expected_idr": PRICE}
        assert home["months"][0]["month"] == "2026-06"
        assert home["customers"]["active"] == 2

    async def test_admin_sees_what_everybody_received(self, town, call_as) -> None:
        home = (await call_as(ADMIN).get("/api/v1/recaps/home")).json()

        assert home["month"]["received_idr"] == 2_000_000

    async def test_what_waits_for_a_person(self, town, call_as) -> None:
        due = town.sessions.clock.today() + timedelta(days=2)
        await town.tell(
            town.invoice("000003", BUDI, PRICE, due_on=due),
            town.account("000003", BUDI, PRICE, status="failed", number=None, trouble="bank mati"),
        )

        home = (await call_as(WAWAN).get("/api/v1/recaps/home")).json()

        assert home["due_soon"]["invoices"] == 1
        assert home["due_soon"]["nearest_name"] == BUDI
        assert home["va_failed"]["trouble"] == "bank mati"
        assert home["va_failed"]["invoice_number"] == "INV/2026/12/000003"

    async def test_a_bill_stays_unsent_until_somebody_sends_it(self, company, call_as) -> None:
        await company.tell(
            company.customer(MAHMUD),
            company.invoice("000001", MAHMUD, PRICE),
            company.account("000001", MAHMUD, PRICE),
        )
        before = (await call_as(WAWAN).get("/api/v1/recaps/home")).json()["unsent"]

        await company.tell(
            MessageSent.of(
                1,
                company.sessions.clock.now(),
                company.id("message"),
                channel="whatsapp_link",
                purpose="invoice",
                customer_id=company.id(MAHMUD),
                invoice_id=company.id("000001"),
                recipient="+628561101133",
                sent_by=None,
            )
        )

        after = (await call_as(WAWAN).get("/api/v1/recaps/home")).json()["unsent"]
        assert before == {"count": 1, "invoice_id": str(company.id("000001"))}
        assert after["count"] == 0

    async def test_an_empty_house_has_zeros_and_no_errors(self, company, call_as) -> None:
        home = (await call_as(ADMIN).get("/api/v1/recaps/home")).json()

        assert home["overdue"]["customers"] == 0
        assert home["last_callback_at"] is None


class TestAccess:
    async def test_nobody_reads_without_signing_in(self, town, call_as) -> None:
        for path in ("customers", "marketing", "payments", "home"):
            assert (await call_as(None).get(f"/api/v1/recaps/{path}")).status_code == 401

    async def test_the_description_names_every_operation_of_the_catalogue(self, call_as) -> None:
        described = (await call_as(ADMIN).get("/openapi.json")).json()["paths"]

        promised = {o.path for o in OPERATIONS if o.service == "reporting"}
        assert set(described) == promised
