"""Every page through the real app, as Marketing and as Admin."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from shared.operations import PAGES
from shared.testing import ADMIN, WAWAN, confirmed

MAHMUD, BOOKING, DRAFT = UUID(int=42), UUID(int=118), UUID(int=119)
INVOICE, FAILED, PAID, PRODUCT = UUID(int=2003), UUID(int=2101), UUID(int=2002), UUID(int=700)
STATEMENT, ACCOUNT, REQUEST = UUID(int=0xBB1), UUID(int=0xD01), UUID(int=0xC3)
PAGES_OF_MARKETING = [
    f"/exports/{UUID(int=77)}",
    f"/jobs/{UUID(int=0xB001)}",
    "/",
    "/customers",
    "/customers?view=overdue&search=siti",
    "/customers/new",
    f"/customers/{MAHMUD}",
    f"/customers/{MAHMUD}/info",
    f"/customers/{MAHMUD}/payments",
    f"/customers/{MAHMUD}/bills?show=paid",
    f"/customers/{MAHMUD}/products",
    f"/customers/{MAHMUD}/activity",
    f"/activity?invoice={INVOICE}",
    f"/customers/{MAHMUD}/edit",
    "/change-requests",
    "/change-requests?status=",
    f"/change-requests/new?customer={MAHMUD}",
    f"/change-requests/new?invoice={INVOICE}",
    f"/change-requests/{REQUEST}",
    "/products",
    f"/virtual-accounts/{ACCOUNT}",
    "/bookings",
    "/bookings/new",
    f"/bookings/new?customer={MAHMUD}",
    f"/bookings/new?customer={MAHMUD}&product={PRODUCT}",
    f"/bookings/new?customer={MAHMUD}&product={PRODUCT}&step=review",
    f"/bookings/{BOOKING}",
    f"/bookings/{DRAFT}",
    "/invoices",
    f"/invoices/{INVOICE}",
    f"/invoices/{FAILED}",
    f"/invoices/{PAID}",
    f"/invoices/{INVOICE}/cancel",
    "/payments",
    "/payments?verification=verified",
    "/recaps",
    "/recaps?kind=period&group=week",
    "/messages",
    "/messages?state=failed&channel=sms&search=siti",
    "/messages/queue",
    "/notifications",
    "/search",
    "/search?q=mahmud",
    "/more",
    "/profile",
    "/profile/second-factor",
    "/help",
]
PAGES_OF_ADMIN = [
    f"/customers/{MAHMUD}/reassign",
    "/customers/move",
    f"/customers/move?from={UUID(int=11)}",
    f"/customers/moves/{UUID(int=0xF1)}",
    f"/customers/moves/{UUID(int=0xF2)}",
    f"/customers/moves/{UUID(int=0xF3)}",
    "/products/new",
    f"/products/{PRODUCT}/edit",
    "/bank/import",
    "/imports",
    "/imports/new",
    f"/imports/{UUID(int=0x1A1)}",
    f"/imports/{UUID(int=0x1A1)}?step=columns",
    f"/imports/{UUID(int=0x1A1)}?verdict=new",
    f"/imports/{UUID(int=0x1A2)}",
    f"/imports/{UUID(int=0x1A3)}",
    f"/bank/statements/{STATEMENT}",
    "/closes",
    "/closes/new",
    "/closes/2026-12-08",
    "/bank/link",
    "/settings/messages",
    "/settings/messages/rules",
    "/settings/messages?purpose=receipt&language=en",
    "/users",
    "/users/new",
    "/users/roles",
    f"/users/{UUID(int=0xB)}",
    "/audit",
    f"/audit?actor_id={UUID(int=11)}&object_type=customer&from=2026-12-01&to=2026-12-09",
]
PAGES_OF_BOTH = [
    "/exceptions",
    "/exceptions?age=old&kind=disputed",
    f"/exceptions/{UUID(int=0xE01)}",
    f"/exceptions/{UUID(int=0xE01)}?act=split",
    f"/exceptions/{UUID(int=0xE01)}?act=ask",
    f"/exceptions/{UUID(int=0xE01)}?act=write_off",
    f"/exceptions/{UUID(int=0xE02)}?act=approve",
    f"/exceptions/{UUID(int=0xE03)}?act=undo",
    f"/exceptions/{UUID(int=0xE04)}?act=explain",
]
RAW = {
    "a Python or script value": r"\b(None|True|False|undefined|NaN|null)\b",
    "an instant of the machine": r"\d{4}-\d\d-\d\dT|\+00:00|\bUTC\b",
    "a raw state": r"\b(partially_paid|unverified|verified|bni_va|one_off|issued|due_soon)\b",
    "an amount without points": r"Rp ?\d{4,}",
    "an object of the program": r"<[a-z_]+ object|dashboard\.domain",
}


def words(html: str) -> str:
    """What a reader reads: the text, and the labels that are read aloud."""
    labels = re.findall(r'(?:aria-label|placeholder|title)="([^"]*)"', html)
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"<[^>]+>", " ", text) + " ".join(labels)


class TestEveryPage:
    @pytest.mark.parametrize("path", PAGES_OF_MARKETING)
    async def test_marketing_reads_it_in_plain_indonesian(self, call_as: Any, path: str) -> None:
        response = await call_as(WAWAN).get(path)

        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-store"
        shown = words(response.text)
        assert not {name: found for name, rule in RAW.items() if (found := re.findall(rule, shown))}

    @pytest.mark.parametrize("path", PAGES_OF_ADMIN)
    async def test_admin_has_pages_that_marketing_does_not(self, call_as: Any, path: str) -> None:
        theirs = await call_as(ADMIN).get(path)
        refused = await call_as(WAWAN).get(path)

        assert theirs.status_code == 200
        assert refused.status_code == 404
        shown = words(theirs.text)
        assert not {name: found for name, rule in RAW.items() if (found := re.findall(rule, shown))}

    @pytest.mark.parametrize(
        "person", [ADMIN, confirmed(ADMIN), WAWAN], ids=["admin", "confirmed", "marketing"]
    )
    @pytest.mark.parametrize("path", PAGES_OF_BOTH)
    async def test_the_inbox_reads_well_for_everybody(
        self, call_as: Any, path: str, person: Any
    ) -> None:
        response = await call_as(person).get(path)

        assert response.status_code == 200
        shown = words(response.text)
        assert not {name: found for name, rule in RAW.items() if (found := re.findall(rule, shown))}

    def test_every_page_of_the_catalogue_is_tried(self) -> None:
        every = PAGES_OF_MARKETING + PAGES_OF_ADMIN + PAGES_OF_BOTH
        tried = [path.partition("?")[0] for path in every]
        elsewhere = {"/login", "/live", "/static/{path:path}", "/notifications/bell"}
        elsewhere |= {"/v", "/v/{number:path}", "/password/{secret}", "/login/code"}
        elsewhere |= {"/views/{view_id}/count", "/jobs/chip", "/jobs/{job_id}/failures.csv"}
        pages = [page for page in PAGES if page.method == "GET" and page.path not in elsewhere]

        missed = [page.path for page in pages if not any(page.matches(path) for path in tried)]
        assert not missed

    async def test_the_largest_stays_within_sixty_kilobytes(self, call_as: Any) -> None:
        response = await call_as(WAWAN).get(f"/customers/{MAHMUD}")

        assert len(response.content) <= 60_000


class TestWhatThePagesSay:
    async def test_a26_the_customer_page_opens_with_what_is_owed_next(self, call_as: Any) -> None:
        shown = words((await call_as(WAWAN).get(f"/customers/{MAHMUD}")).text)

        assert "Berikutnya Rp1.250.000, jatuh tempo besok, 10 Des 2026" in shown
        assert "3 dari 21 tagihan lunas" in shown

    async def test_a41_the_donut_names_three_shares_that_add_up(self, call_as: Any) -> None:
        html = (await call_as(WAWAN).get(f"/customers/{MAHMUD}")).text

        assert "Terbayar 13,8%, bulan ini 4,9%, sisa 81,3% dari Rp25.400.000" in html

    async def test_a_failed_account_offers_to_try_again_an_unknown_one_does_not(
        self, call_as: Any, company: Any
    ) -> None:
        failed = (await call_as(WAWAN).get(f"/invoices/{FAILED}")).text
        account = {"id": str(UUID(int=9)), "number": None, "status": "unknown", "amount_idr": 1}
        invoice = company.answers[f"GET /invoices/{INVOICE}"]
        company.answers[f"GET /invoices/{INVOICE}"] = {**invoice, "virtual_account": account}
        unknown = (await call_as(WAWAN).get(f"/invoices/{INVOICE}")).text

        assert "Coba lagi" in failed
        assert "Sedang dipastikan ke bank" in unknown
        assert "Coba lagi" not in unknown

    @pytest.mark.parametrize(
        ("mode", "said"), [("contract", "semua angsuran kontrak"), ("customer", "semua tagihan")]
    )
    async def test_a_shared_account_says_whom_it_serves_and_what_to_type(
        self, call_as: Any, company: Any, mode: str, said: str
    ) -> None:
        account = {
            "id": str(UUID(int=9)), "number": "8810081234567890", "status": "active",
            "amount_idr": 99_000_000, "mode": mode,
        }  # fmt: skip
        invoice = company.answers[f"GET /invoices/{INVOICE}"]
        company.answers[f"GET /invoices/{INVOICE}"] = {**invoice, "virtual_account": account}

        shown = words((await call_as(WAWAN).get(f"/invoices/{INVOICE}")).text)

        assert said in shown
        assert "diketik saat membayar" in shown
        assert "99.000.000" not in shown

    async def test_names_are_shown_as_text_whatever_they_hold(
        self, call_as: Any, company: Any
    ) -> None:
        key = f"GET /customers/{MAHMUD}"
        company.answers[key] = {**company.answers[key], "name": "<script>alert(1)</script>"}

        html = (await call_as(WAWAN).get(f"/customers/{MAHMUD}")).text

        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html

    async def test_menus_show_only_what_the_role_may_do(self, call_as: Any) -> None:
        path = f"/customers/{MAHMUD}"

        assert "/reassign" in (await call_as(ADMIN).get(path)).text
        assert "/reassign" not in (await call_as(WAWAN).get(path)).text

    async def test_a5_services_are_asked_with_the_persons_own_token(
        self, call_as: Any, company: Any
    ) -> None:
        await call_as(WAWAN).get("/customers")

        assert all("x-lunas-principal" in headers for _, _, headers, _ in company.asked)


class TestWhenItGoesWrong:
    async def test_a7_what_is_missing_and_what_is_not_his_look_the_same(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers[f"GET /customers/{UUID(int=1)}"] = [403, {"title": "Forbidden"}]
        paths = [f"/customers/{UUID(int=1)}", f"/customers/{UUID(int=2)}", "/customers/x", "/none"]

        answers = [await call_as(WAWAN).get(path) for path in paths]

        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1

    async def test_nobody_signed_in_is_led_to_sign_in_and_back(self, call_as: Any) -> None:
        response = await call_as(None).get("/customers?view=paid")

        assert response.status_code == 303
        assert response.headers["location"] == "/login?next=%2Fcustomers%3Fview%3Dpaid"

    async def test_r7_a_service_that_is_away_is_said_and_nothing_else_breaks(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /recaps/customers"] = [503, {"title": "Unavailable"}]

        response = await call_as(WAWAN).get("/customers")

        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert "Data dan uang Anda tidak berubah" in response.text

    async def test_home_stands_without_its_figures(self, call_as: Any, company: Any) -> None:
        company.answers["GET /recaps/home"] = [503, {}]

        response = await call_as(WAWAN).get("/")

        assert response.status_code == 200
        assert "Angka belum dapat dimuat" in response.text

    async def test_an_answer_that_cannot_be_read_is_no_stack_trace(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /invoices"] = {"items": [{"id": "not an id"}]}

        response = await call_as(WAWAN).get("/invoices")

        assert response.status_code == 503
        assert "pydantic" not in response.text


class TestSignIn:
    async def test_w3_a_wait_is_counted_down_and_said_without_script(self, call_as: Any) -> None:
        html = (await call_as(None).get("/login?error=1&wait=12")).text
        silly = (await call_as(None).get("/login?error=1&wait=999999")).text

        assert 'data-seconds="12"' in html
        assert "Coba lagi dalam 12 detik" in " ".join(words(html).split())
        assert 'data-seconds="900"' in silly

    async def test_who_forgot_his_password_is_told_what_really_happens(self, call_as: Any) -> None:
        shown = words((await call_as(None).get("/login")).text)

        assert "Mintalah tautan kata sandi baru kepada Admin" in shown
        assert "tidak ada tautan yang dikirim lewat email" in shown

    async def test_the_form_posts_to_the_gateway_without_script(self, call_as: Any) -> None:
        html = (await call_as(None).get("/login?next=/payments&error=1")).text

        assert 'action="/login" method="post"' in html
        assert 'name="next" value="/payments"' in html
        assert "Nama pengguna atau kata sandi tidak cocok" in html

    @pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil"])
    async def test_it_never_leads_to_another_site(self, call_as: Any, elsewhere: str) -> None:
        response = await call_as(None).get("/login", params={"next": elsewhere})

        assert 'name="next" value="/"' in response.text


class TestBuiltFiles:
    async def test_a_built_file_may_be_kept_for_ever(self, call_as: Any, service: Any) -> None:
        address = service.app.state.desk.templates.asset("app.css")

        response = await call_as(None).get(address)

        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]

    @pytest.mark.parametrize("path", ["/static/dist/../main.py", "/static/dist/", "/static/x.css"])
    async def test_nothing_else_of_the_disk_is_served(self, call_as: Any, path: str) -> None:
        assert (await call_as(None).get(path)).status_code == 404
