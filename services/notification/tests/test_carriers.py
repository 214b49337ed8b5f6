"""Each carrier against a server of its protocol: taken, refused, put off, or unknown."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from random import Random
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from message_sandbox.cloud_api import CloudApiSandbox
from message_sandbox.messages_api import MessagesApiSandbox
from notification.domain.outgoing import Outcome, Parcel, Result, next_try, segments
from notification.sms import SmsService
from notification.smtp import Smtp
from notification.whatsapp import CloudApi
from shared.clock import FrozenClock
from shared.http import HttpClient

PARCEL = Parcel(
    reference="018f0000-0000-7000-8000-000000000001",
    recipient="+628561101133",
    text="Tagihan *INV/1* sebesar *Rp1.250.000*.",
    subject="Tagihan Anda",
    template="tagihan",
    parameters={"no": "INV/1", "jumlah": "Rp1.250.000", "petunjuk": ""},
)


class Post:
    """A mailbox that may refuse, put off or break off."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.answer_rcpt = ""
        self.answer_data = "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answer_rcpt:
            return self.answer_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer_data == "break":
            server.transport.abort()
            await asyncio.sleep(0)
        self.letters.append(envelope)
        return self.answer_data


@pytest.fixture
def post() -> Post:
    return Post()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == b"rahasia"
    return AuthResult(success=right, handled=False)


@pytest.fixture
def smtp(post: Post, clock: FrozenClock) -> Iterator[Smtp]:
    server = Controller(
        post,
        hostname="127.0.0.1",
        port=_free_port(),
        authenticator=_check,
        auth_require_tls=False,
        auth_required=True,
    )
    server.start()
    yield Smtp(
        "127.0.0.1",
        server.port,
        "tagihan@griya.example",
        "PT Griya Bogor",
        clock,
        "lunas",
        "rahasia",
        "none",
        5.0,
    )
    server.stop()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
class TestMail:
    LETTER = replace(PARCEL, recipient="mahmud@contoh.example")

    async def test_b21_a_letter_arrives_whole_and_without_signs_for_bold(
        self, smtp: Smtp, post: Post
    ) -> None:
        outcome = await smtp.send(self.LETTER)

        (envelope,) = post.letters
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert outcome.result is Result.SENT
        assert envelope.rcpt_tos == ["mahmud@contoh.example"]
        assert letter["Subject"] == "Tagihan Anda"
        assert letter["From"] == "PT Griya Bogor <tagihan@griya.example>"
        assert letter["Message-ID"] == f"<{PARCEL.reference}@griya.example>"
        assert letter.get_content().strip() == "Tagihan INV/1 sebesar Rp1.250.000."

    @pytest.mark.parametrize(
        ("answer", "result"),
        [("550 5.1.1 no such mailbox", Result.REFUSED), ("451 try later", Result.LATER)],
    )
    async def test_the_server_says_whether_it_is_for_good(
        self, smtp: Smtp, post: Post, answer: str, result: Result
    ) -> None:
        post.answer_rcpt = answer

        outcome = await smtp.send(self.LETTER)

        assert outcome.result is result
        assert answer in outcome.trouble

    @pytest.mark.parametrize(
        ("answer", "result"),
        [("554 spam", Result.REFUSED), ("452 full", Result.LATER), ("break", Result.UNKNOWN)],
    )
    async def test_what_breaks_off_after_the_letter_is_unknown(
        self, smtp: Smtp, post: Post, answer: str, result: Result
    ) -> None:
        post.answer_data = answer

        assert (await smtp.send(self.LETTER)).result is result

    async def test_a_wrong_password_is_refused(self, smtp: Smtp) -> None:
        assert (await replace(smtp, password="x").send(self.LETTER)).result is Result.REFUSED

    async def test_nobody_there_is_put_off(self, smtp: Smtp) -> None:
        assert (await replace(smtp, port=_free_port()).send(self.LETTER)).result is Result.LATER

    async def test_b5_a_recipient_cannot_add_a_header(self, smtp: Smtp, post: Post) -> None:
        outcome = await smtp.send(replace(PARCEL, recipient="a@b.example\nBcc: c@d.example"))

        assert (outcome.result, post.letters) == (Result.REFUSED, [])


@pytest.fixture
def meta() -> CloudApiSandbox:
    known = frozenset({"no", "jumlah", "petunjuk"})
    return CloudApiSandbox("token", "app-secret", templates={("tagihan", "id"): known})


@pytest.fixture
def cloud(meta: CloudApiSandbox) -> CloudApi:
    return CloudApi(HttpClient.of_app(meta.app()), "/v23.0/1055/messages", "token", 350)


class TestCloudApi:
    async def test_an_approved_template_is_filled_by_name(
        self, cloud: CloudApi, meta: CloudApiSandbox
    ) -> None:
        outcome = await cloud.send(PARCEL)

        (taken,) = meta.book.taken
        assert outcome == Outcome(Result.SENT, "wamid.1", 350)
        assert taken["to"] == "628561101133"
        assert taken["biz_opaque_callback_data"] == PARCEL.reference
        texts = {
            p["parameter_name"]: p["text"] for p in taken["template"]["components"][0]["parameters"]
        }
        assert texts == {"no": "INV/1", "jumlah": "Rp1.250.000", "petunjuk": "-"}

    @pytest.mark.parametrize("template", [None, "belum_disetujui"])
    async def test_words_that_are_not_approved_are_not_sent(
        self, cloud: CloudApi, meta: CloudApiSandbox, template: str | None
    ) -> None:
        outcome = await cloud.send(replace(PARCEL, template=template))

        assert (outcome.result, meta.book.taken) == (Result.REFUSED, [])

    @pytest.mark.parametrize(
        ("status", "error", "result"),
        [
            (429, {"code": 130429, "message": "Rate limit hit"}, Result.LATER),
            (500, {"code": 131016, "message": "Service unavailable"}, Result.LATER),
            (400, {"code": 131026, "message": "Message undeliverable"}, Result.REFUSED),
        ],
    )
    async def test_its_codes_say_what_to_do(
        self, cloud: CloudApi, meta: CloudApiSandbox, status: int, error: Any, result: Result
    ) -> None:
        meta.book.answers.append((status, {"error": error}))

        outcome = await cloud.send(PARCEL)

        assert (outcome.result, meta.book.taken) == (result, [])

    async def test_a_broken_answer_is_unknown(self, cloud: CloudApi, meta: CloudApiSandbox) -> None:
        meta.book.silent = 1

        assert (await cloud.send(PARCEL)).result is Result.UNKNOWN
        assert len(meta.book.taken) == 1

    async def test_a_wrong_token_is_refused(self, cloud: CloudApi) -> None:
        assert (await replace(cloud, token="x").send(PARCEL)).result is Result.REFUSED


@pytest.fixture
def operator() -> MessagesApiSandbox:
    return MessagesApiSandbox("kunci", "rahasia", "tanda-tangan-" * 4)


@pytest.fixture
def sms(operator: MessagesApiSandbox) -> SmsService:
    return SmsService(HttpClient.of_app(operator.app()), "kunci", "rahasia", "GRIYA", 400)


class TestSms:
    async def test_b22_a_text_is_taken_and_costs_by_its_length(
        self, sms: SmsService, operator: MessagesApiSandbox
    ) -> None:
        outcome = await sms.send(replace(PARCEL, text="*" + "a" * 161 + "*"))

        (taken,) = operator.book.taken
        assert (outcome.result, outcome.cost_idr) == (Result.SENT, 800)
        assert (taken["to"], taken["client_ref"]) == ("628561101133", PARCEL.reference)
        assert taken["text"] == "a" * 161

    @pytest.mark.parametrize(
        ("status", "result"),
        [
            (422, Result.REFUSED),
            (402, Result.LATER),
            (429, Result.LATER),
            (503, Result.LATER),
            (500, Result.UNKNOWN),
        ],
    )
    async def test_its_codes_say_what_to_do(
        self, sms: SmsService, operator: MessagesApiSandbox, status: int, result: Result
    ) -> None:
        operator.book.answers.append((status, {"title": "x"}))

        assert (await sms.send(PARCEL)).result is result

    async def test_a_wrong_secret_is_refused(self, sms: SmsService) -> None:
        assert (await replace(sms, secret="x").send(PARCEL)).result is Result.REFUSED

    async def test_nobody_there_is_put_off(self, sms: SmsService) -> None:
        nobody = HttpClient(f"http://127.0.0.1:{_free_port()}")

        assert (await replace(sms, client=nobody).send(PARCEL)).result is Result.LATER
        await nobody.close()

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("a" * 160, 1),
            ("a" * 161, 2),
            ("€" * 80, 1),
            ("王" * 70, 1),
            ("王" * 71, 2),
            ("😀" * 36, 2),
        ],
    )
    def test_segments_are_counted_as_operators_do(self, text: str, count: int) -> None:
        assert segments(text) == count


def test_r1_tries_come_quickly_then_slowly_then_a_person() -> None:
    chance = Random(1)

    pauses = [next_try(n, chance) for n in range(1, 10)]

    seconds = [p.total_seconds() for p in pauses if p is not None]
    assert all(s <= limit for s, limit in zip(seconds, (1, 2, 4, 8, 16), strict=False))
    assert seconds[5:] == [300, 1800, 7200]
    assert pauses[8] is None
