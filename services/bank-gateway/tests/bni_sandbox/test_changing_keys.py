"""P4: our key of eCollection is changed while the system runs, and so is the bank's, some day."""

import httpx
import pytest

from bank_gateway.domain.bank import Inquiry
from bank_gateway.ecollection import ECollection
from bni_protocol.cipher import Key
from bni_protocol.codes import Answer
from bni_sandbox.main import build_app, build_sandbox
from bni_sandbox.settings import Settings
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.http import HttpClient

OLD, NEW = "ea0c88921fb033387e66ef7d1e82ab83", "0123456789abcdef0123456789abcdef"
QUESTION = Inquiry("T1", "8001000000000001")
UNKNOWN_BILLING = (Answer.ASK, "101")  # it was read: the bank knows no such billing


@pytest.fixture
def adapter(settings: Settings, sessions: Sessions, clock: FrozenClock) -> ECollection:
    """Ours in the middle of the change: the new key first."""
    return ECollection(reached(settings, sessions), keys(NEW, OLD), settings.prefix, clock)


def keys(*secrets: str) -> list[Key]:
    return [Key("001", secret) for secret in secrets]


def reached(settings: Settings, sessions: Sessions) -> HttpClient:
    sandbox = build_sandbox(settings, sessions, HttpClient("http://merchant"))
    return HttpClient("http://bank", httpx.ASGITransport(build_app(sandbox)))


def that_knows(settings: Settings, secret: str) -> Settings:
    return Settings(**(settings.model_dump() | {"secret_key": secret}))


async def answer(adapter: ECollection) -> tuple[Answer, str]:
    outcome = await adapter.inquire(QUESTION)
    return outcome.answer, outcome.status


async def test_p4_the_previous_key_serves_until_the_bank_changes(adapter: ECollection) -> None:
    unread, *read = [await answer(adapter) for _ in range(3)]

    assert unread[0] is Answer.LATER
    assert read == [UNKNOWN_BILLING, UNKNOWN_BILLING]


async def test_p4_the_new_key_serves_from_when_the_bank_has_it(
    adapter: ECollection, settings: Settings, sessions: Sessions
) -> None:
    for _ in range(2):
        await answer(adapter)
    adapter.client = reached(that_knows(settings, NEW), sessions)

    unread, *read = [await answer(adapter) for _ in range(3)]

    assert unread[0] is Answer.LATER
    assert read == [UNKNOWN_BILLING, UNKNOWN_BILLING]


async def test_p4_a_single_key_stays_whatever_the_bank_says(
    settings: Settings, sessions: Sessions, clock: FrozenClock
) -> None:
    adapter = ECollection(reached(settings, sessions), keys(NEW), settings.prefix, clock)

    assert [(await answer(adapter))[0] for _ in range(2)] == [Answer.LATER, Answer.LATER]
