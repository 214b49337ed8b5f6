"""The log of messages, the queue of what people send, and the rules of the system."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from shared.testing import ADMIN, WAWAN

QUEUED, OPENED, INVOICE = UUID(int=0x1389), UUID(int=0x1388), UUID(int=2003)
RULES = "/settings/messages/rules"
FORM = {"content-type": "application/x-www-form-urlencoded"}
TYPED = {
    "version": "1",
    "ladder": "H-3, h, +7",
    "quiet_from": "20",
    "quiet_until": "8",
    "holidays": "25/12/2026\n1-1-2027\n",
    "language": "id",
    "channel": "email",
    "receipts": "yes",
}


async def post(call_as: Any, path: str, values: Any, who: Any = WAWAN) -> Any:
    content = urlencode(values).encode()
    return await call_as(who).call("POST", path, content=content, headers=FORM)


class TestTheLog:
    async def test_p18_each_line_says_to_whom_about_what_how_and_by_whom(
        self, call_as: Any
    ) -> None:
        html = (await call_as(WAWAN).get("/messages")).text

        assert "Pengingat H−3" in html
        assert "WhatsApp, dikirim orang" in html
        assert "Bapak Wawan" in html
        assert f'href="/invoices/{INVOICE}"' in html

    async def test_what_a_carrier_did_not_take_is_left_to_a_person(
        self, call_as: Any, company: Any
    ) -> None:
        (queued, _) = company.answers["GET /messages"]["items"]
        unknown = queued | {"state": "unknown", "channel": "email", "trouble": "Putus", "url": None}
        company.answers["GET /messages"] = {"items": [unknown], "total": 1, "states": {}}
        company.answers[f"POST /messages/{QUEUED}/by-hand"] = queued

        html = (await call_as(WAWAN).get("/messages?state=unknown")).text
        answer = await post(call_as, f"/messages/{QUEUED}/by-hand", {"back": "queue"})
        settled = await post(call_as, f"/messages/{QUEUED}/sent", {"back": "log"})

        assert "Putus" in html
        assert f'action="/messages/{QUEUED}/by-hand"' in html
        assert f'action="/messages/{QUEUED}/sent"' in html
        assert answer.headers["location"].startswith(f"/messages/queue?id={QUEUED}")
        assert settled.headers["location"] == "/messages?said=message_sent"

    async def test_its_filters_are_asked_of_the_service(self, call_as: Any, company: Any) -> None:
        company.asked.clear()

        await call_as(WAWAN).get("/messages?state=queued&channel=fax&search=siti")

        assert company.sent("GET /messages")
        assert "Tidak ada" not in (await call_as(WAWAN).get("/messages?state=queued")).text

    async def test_an_empty_log_says_what_will_stand_there(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /messages"] = {"items": [], "total": 0, "states": {}}

        assert "Belum ada pesan" in (await call_as(WAWAN).get("/messages")).text
        narrowed = await call_as(WAWAN).get("/messages?state=failed")
        assert "Hapus saringan" in narrowed.text


class TestTheQueue:
    async def test_p18_the_next_one_is_opened_in_a_tab_of_its_own(self, call_as: Any) -> None:
        html = (await call_as(WAWAN).get("/messages/queue")).text

        assert "Buka berikutnya" in html
        assert f'action="/messages/{QUEUED}/open" method="post" target="_blank"' in html
        opened = await post(call_as, f"/messages/{QUEUED}/open", {})
        assert "url=https://wa.me/628561101133" in opened.text

    async def test_p6_on_return_it_asks_whether_it_was_sent(self, call_as: Any) -> None:
        html = (await call_as(WAWAN).get(f"/messages/queue?id={OPENED}")).text

        assert "Sudah terkirim?" in html
        assert f'action="/messages/{OPENED}/sent"' in html

    @pytest.mark.parametrize(
        ("act", "asked", "body"),
        [
            ("sent", "confirm", {"sent": True}),
            ("not-sent", "confirm", {"sent": False}),
            ("skip", "skip", {}),
        ],
    )
    async def test_the_answer_is_recorded_and_the_next_one_follows(
        self, call_as: Any, company: Any, act: str, asked: str, body: Any
    ) -> None:
        answer = await post(call_as, f"/messages/{OPENED}/{act}", {"back": "queue"})

        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"/messages/queue?after={OPENED}&said=")
        [(_, sent)] = company.sent(f"POST /messages/{OPENED}/{asked}")
        assert sent == body

    async def test_another_act_is_none(self, call_as: Any, company: Any) -> None:
        answer = await post(call_as, f"/messages/{OPENED}/delete", {})

        assert answer.status_code == 404
        assert not company.sent(f"POST /messages/{OPENED}/confirm")

    async def test_it_ends_with_everything_done(self, call_as: Any, company: Any) -> None:
        company.answers["GET /messages/next"] = {"items": [], "total": 0, "states": {}}

        html = (await call_as(WAWAN).get("/messages/queue")).text

        assert "Semua pesan sudah ditangani" in html

    async def test_what_was_skipped_over_is_offered_again(self, call_as: Any, company: Any) -> None:
        company.answers["GET /messages/next"] = {"items": [], "total": 3, "states": {}}

        html = (await call_as(WAWAN).get(f"/messages/queue?after={OPENED}")).text

        assert "Sudah sampai akhir antrean" in html


class TestTheBill:
    async def test_p6_the_bill_asks_whether_its_message_was_sent(self, call_as: Any) -> None:
        html = (await call_as(WAWAN).get(f"/invoices/{INVOICE}")).text

        assert "Sudah terkirim?" in html
        assert "Pengingat H−3 disiapkan untuk dikirim" in html
        answer = await post(call_as, f"/messages/{OPENED}/sent", {"back": "invoice"})
        assert answer.headers["location"] == f"/invoices/{INVOICE}?said=message_sent"


class TestTheRules:
    async def test_they_are_read_as_people_write_them(self, call_as: Any, company: Any) -> None:
        answer = await post(call_as, RULES, TYPED, ADMIN)

        assert answer.status_code == 303
        [(headers, body)] = company.sent("PATCH /message-rules")
        assert body == {
            "rules": {
                "ladder": [-3, 0, 7],
                "quiet_from": 20,
                "quiet_until": 8,
                "holidays": ["2026-12-25", "2027-01-01"],
                "language": "id",
                "channel": "email",
                "receipts": True,
            }
        }
        assert headers["if-match"] == '"1"'

    @pytest.mark.parametrize(
        ("field", "text"), [("ladder", "tiga"), ("ladder", "H-"), ("holidays", "31/2/2026")]
    )
    async def test_what_cannot_be_read_is_said_at_its_field(
        self, call_as: Any, company: Any, field: str, text: str
    ) -> None:
        answer = await post(call_as, RULES, TYPED | {field: text}, ADMIN)

        assert answer.status_code == 422
        assert f'href="#f-{field}"' in answer.text
        assert not company.sent("PATCH /message-rules")

    async def test_earlier_rules_come_back_by_one_button(self, call_as: Any, company: Any) -> None:
        answer = await post(call_as, RULES, {"version": "1", "restore": "0"}, ADMIN)

        assert answer.status_code == 303
        assert company.sent("PATCH /message-rules")[0][1] == {"restore": 0}
