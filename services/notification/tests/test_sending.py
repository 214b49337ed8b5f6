"""What the system sends: once, not to those who want none, and never again when nobody knows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from message_sandbox.cloud_api import CloudApiSandbox
from message_sandbox.messages_api import MessagesApiSandbox
from notification.api.hooks import Hooks
from notification.domain.outgoing import Outcome, Result
from notification.handlers.desk import Desk
from notification.sender import Sender
from notification.store.outgoing import LEASE
from notification.worker import ReminderWorker
from shared.clock import WIB, FrozenClock
from shared.contracts.invoicing import InvoicePaid
from shared.database import Sessions
from shared.principal import Principal
from shared.service import Service
from shared.tables import OutboxEntry
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH, STOPS, RULES = "/api/v1/messages", "/api/v1/message-stops", "/api/v1/message-rules"
HOOK = "/api/v1/hooks/whatsapp"
SYSTEM = Principal.system("notification")
DAY = datetime(2026, 12, 7, 8, tzinfo=WIB)
SECRET = "tanda-tangan-" * 4

Hear = Callable[..., Awaitable[None]]


@pytest.fixture
async def reminded(
    service: Service, desk: Desk, hear: Hear, story: Any, clock: FrozenClock, call_as: CallAs
) -> None:
    """A reminder by the channel of the rules is due."""
    wanted = {"ladder": [-3], "quiet_from": 20, "quiet_until": 8, "channel": "sms"}
    await call_as(ADMIN).patch(RULES, {"rules": wanted}, version=0)
    await hear(story.user(WAWAN), *story.ready_to_send())
    clock.move_to(DAY)
    await ReminderWorker(service.sessions, service.principal, desk).step()


async def log(call_as: CallAs) -> Any:
    (item,) = (await call_as(WAWAN).get(PATH)).json()["items"]
    return item


async def events(sessions: Sessions) -> list[tuple[str, int]]:
    async with sessions.begin(SYSTEM) as session:
        rows = (await session.exec(select(OutboxEntry).order_by(col(OutboxEntry.position)))).all()
    return [(row.routing_key, json.loads(row.body)["aggregate_version"]) for row in rows]


@pytest.mark.usefixtures("reminded")
class TestSending:
    async def test_it_is_sent_once_with_its_cost_and_told(
        self, sender: Sender, pigeon: Any, call_as: CallAs, sessions: Sessions
    ) -> None:
        while await sender.step() == timedelta():
            pass

        item = await log(call_as)
        assert (item["channel"], item["state"], item["cost_idr"]) == ("sms", "sent", 350)
        (parcel,) = pigeon.taken
        assert (parcel.reference, parcel.recipient) == (item["id"], "+628561101133")
        assert parcel.subject == "Pengingat: tagihan Anda segera jatuh tempo"
        assert await events(sessions) == [("message.sent.v1", 1)]

    async def test_k3_two_senders_never_send_twice(self, sender: Sender, pigeon: Any) -> None:
        await asyncio.gather(*(sender.step() for _ in range(6)))

        assert len(pigeon.taken) == 1

    async def test_r1_what_is_put_off_is_tried_again_and_then_left_to_a_person(
        self,
        sender: Sender,
        pigeon: Any,
        clock: FrozenClock,
        call_as: CallAs,
        sessions: Sessions,
    ) -> None:
        pigeon.answers = [Outcome(Result.LATER, trouble="Penuh")] * 20

        for _ in range(20):
            await sender.step()
            clock.advance(timedelta(hours=3))

        item = await log(call_as)
        assert len(pigeon.taken) == 9
        assert (item["state"], item["trouble"]) == ("failed", "Penuh")
        assert await events(sessions) == [("message.failed.v1", 1)]

    async def test_what_is_refused_rings_the_bell_of_the_owner_and_of_admin(
        self, sender: Sender, pigeon: Any, call_as: CallAs
    ) -> None:
        pigeon.answers = [Outcome(Result.REFUSED, trouble="Nomor tidak aktif")]

        await sender.step()

        for who, count in ((WAWAN, 1), (ADMIN, 1), (SARI, 0)):
            items = (await call_as(who).get("/api/v1/notifications")).json()["items"]
            assert [item["text"] for item in items] == [
                "Pesan kepada Bapak Mahmud Sulaiman gagal dikirim: Nomor tidak aktif"
            ] * count

    async def test_an_unknown_outcome_is_never_repeated_by_itself(
        self, sender: Sender, pigeon: Any, clock: FrozenClock, call_as: CallAs
    ) -> None:
        pigeon.answers = [Outcome(Result.UNKNOWN, trouble="Putus")]

        await sender.step()
        clock.advance(timedelta(days=1))
        await sender.step()

        assert ((await log(call_as))["state"], len(pigeon.taken)) == ("unknown", 1)

    async def test_r6_a_sender_that_died_leaves_an_unknown_outcome(
        self, sender: Sender, pigeon: Any, clock: FrozenClock, forge: Any, call_as: CallAs
    ) -> None:
        await forge(
            "UPDATE messages SET state = 'sending', due_at = NULL,"
            f" leased_until = '{(DAY + LEASE).isoformat()}'"
        )

        await sender.step()
        assert (await log(call_as))["state"] == "sending"
        clock.advance(LEASE)
        await sender.step()

        item = await log(call_as)
        assert (item["state"], pigeon.taken) == ("unknown", [])
        assert item["trouble"] == "Sistem berhenti saat pesan sedang diserahkan"

    async def test_b28_a_bill_that_is_paid_meanwhile_is_not_asked_for(
        self, sender: Sender, pigeon: Any, hear: Hear, story: Any, call_as: CallAs
    ) -> None:
        await hear(story.invoice(InvoicePaid, paid_idr=1_250_000, status="paid", version=2))

        await sender.step()

        assert ((await log(call_as))["state"], pigeon.taken) == ("cancelled", [])

    async def test_a_person_takes_over_what_failed(
        self, sender: Sender, pigeon: Any, call_as: CallAs
    ) -> None:
        pigeon.answers = [Outcome(Result.REFUSED, trouble="x")]
        await sender.step()
        path = f"{PATH}/{(await log(call_as))['id']}"

        taken = (await call_as(WAWAN).post(f"{path}/by-hand")).json()
        opened = (await call_as(WAWAN).post(f"{path}/open")).json()
        again = await call_as(WAWAN).post(f"{path}/by-hand")

        assert (taken["channel"], taken["state"]) == ("whatsapp_link", "queued")
        assert opened["url"].startswith("https://wa.me/628561101133")
        assert (again.status_code, len(pigeon.taken)) == (200, 1)


@pytest.mark.usefixtures("reminded")
class TestTheStopList:
    async def test_nothing_is_sent_to_one_who_wants_none_until_that_is_lifted(
        self, sender: Sender, pigeon: Any, call_as: CallAs, story: Any
    ) -> None:
        wawan = call_as(WAWAN)
        body = {"customer_id": str(story.customer_id), "reason": "Diminta lewat telepon"}

        stop = await wawan.post(STOPS, body)
        twice = await wawan.post(STOPS, body)
        await sender.step()
        bill = {"kind": "invoice", "invoice_id": str(story.invoice_id)}
        refused = await wawan.post(PATH, bill)
        lifted = await wawan.delete(f"{STOPS}/{stop.json()['id']}")
        opened = await wawan.post(PATH, bill)

        assert (stop.status_code, twice.status_code, pigeon.taken) == (201, 409, [])
        assert refused.status_code == 409
        assert "tidak ingin menerima pesan" in refused.json()["detail"]
        assert (lifted.status_code, opened.status_code) == (200, 201)

    async def test_a7_anothers_customer_cannot_be_stopped(
        self, call_as: CallAs, story: Any
    ) -> None:
        body = {"customer_id": str(story.customer_id), "reason": "iseng"}

        assert (await call_as(SARI).post(STOPS, body)).status_code == 404


class TestTheHooks:
    @pytest.fixture
    def meta(self, service: Service) -> CloudApiSandbox:
        service.app.state.hooks = Hooks("app-secret", "verifikasi", SECRET)
        return CloudApiSandbox("token", "app-secret")

    @pytest.fixture
    async def sent(
        self, reminded: None, sender: Sender, forge: Any, call_as: CallAs
    ) -> dict[str, str]:
        """A message that left by WhatsApp, as the simulated carrier kept it."""
        await sender.step()
        await forge("UPDATE messages SET channel = 'whatsapp'")
        item = await log(call_as)
        return {"id": "p1", "to": "628561101133", "biz_opaque_callback_data": item["id"]}

    async def tell(self, call_as: CallAs, meta: CloudApiSandbox, body: bytes) -> Any:
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": meta.signature(body),
        }
        return await call_as(None).call("POST", HOOK, content=body, headers=headers)

    async def test_e1_news_come_twice_and_in_any_order(
        self, meta: CloudApiSandbox, sent: Any, call_as: CallAs, sessions: Sessions
    ) -> None:
        taken = []
        for state in ("read", "delivered", "read", "sent"):
            answer = await self.tell(call_as, meta, meta.status(sent, state))
            taken.append(answer.json()["taken"])

        assert taken == [1, 0, 0, 0]
        assert (await log(call_as))["state"] == "read"
        assert await events(sessions) == [("message.sent.v1", 1)]

    async def test_a_failure_told_later_rings_the_bell(
        self, meta: CloudApiSandbox, sent: Any, call_as: CallAs, sessions: Sessions
    ) -> None:
        errors = [{"code": 131026, "title": "Message undeliverable"}]

        await self.tell(call_as, meta, meta.status(sent, "failed", errors=errors))

        item = await log(call_as)
        assert (item["state"], item["cost_idr"]) == ("failed", 0)
        assert item["trouble"] == "WhatsApp: Message undeliverable (131026)"
        assert (await events(sessions))[-1] == ("message.failed.v1", 2)

    async def test_news_settle_an_unknown_outcome_by_our_own_reference(
        self, meta: CloudApiSandbox, sent: Any, call_as: CallAs, forge: Any
    ) -> None:
        await forge("UPDATE messages SET state = 'unknown', provider_id = NULL")

        await self.tell(call_as, meta, meta.status(sent | {"id": "wamid.9"}, "delivered"))

        assert (await log(call_as))["state"] == "delivered"

    async def test_w_what_is_not_signed_changes_nothing(
        self, meta: CloudApiSandbox, sent: Any, call_as: CallAs, service: Service
    ) -> None:
        meta.app_secret = "lain"
        forged = await self.tell(call_as, meta, meta.status(sent, "read"))
        service.app.state.hooks = Hooks()
        meta.app_secret = ""
        open_door = await self.tell(call_as, meta, meta.status(sent, "read"))

        assert (forged.status_code, open_door.status_code) == (403, 403)
        assert (await log(call_as))["state"] == "sent"

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"entry": [{"changes": 1}, 2]}'])
    async def test_b5_what_is_signed_but_senseless_is_taken_quietly(
        self, meta: CloudApiSandbox, call_as: CallAs, body: bytes
    ) -> None:
        answer = await self.tell(call_as, meta, body)

        assert (answer.status_code, answer.json()) == (200, {"taken": 0})

    async def test_a_customer_who_writes_stop_gets_none(
        self, meta: CloudApiSandbox, sent: Any, call_as: CallAs
    ) -> None:
        await self.tell(call_as, meta, meta.inbound("628561101133", "Terima kasih"))
        await self.tell(call_as, meta, meta.inbound("628561101133", " Berhenti. "))
        await self.tell(call_as, meta, meta.inbound("628561101133", "STOP"))

        (stop,) = (await call_as(WAWAN).get(STOPS)).json()["items"]
        assert stop["added_by"] == "Pelanggan"

    async def test_the_address_is_tried_with_our_own_word(
        self, meta: CloudApiSandbox, call_as: CallAs
    ) -> None:
        asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
        right = await call_as(None).get(HOOK, params=asked | {"hub.verify_token": "verifikasi"})
        wrong = await call_as(None).get(HOOK, params=asked | {"hub.verify_token": "x"})

        assert (right.status_code, right.text) == (200, "1158201444")
        assert wrong.status_code == 403

    async def test_b22_sms_news_are_believed_with_a_fresh_signature_of_their_body(
        self, meta: CloudApiSandbox, reminded: None, sender: Sender, call_as: CallAs, clock: Any
    ) -> None:
        operator = MessagesApiSandbox("kunci", "rahasia", SECRET)
        await sender.step()
        item = await log(call_as)
        message = {"message_uuid": "p1", "to": "62", "from": "G", "client_ref": item["id"]}
        body = operator.status(message, "delivered")
        signed = operator.signature(body, clock.now())

        statuses = []
        for content, given in (
            (body + b" ", signed),
            (body, operator.signature(body, clock.now() - timedelta(hours=1))),
            (body, "Bearer x"),
            (body, signed),
        ):
            headers = {"Content-Type": "application/json", "Authorization": given}
            answer = await call_as(None).call(
                "POST", "/api/v1/hooks/sms", content=content, headers=headers
            )
            statuses.append(answer.status_code)

        assert statuses == [403, 403, 403, 200]
        assert (await log(call_as))["state"] == "delivered"
