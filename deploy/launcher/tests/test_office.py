"""The demo is loaded on a busy machine, too: what is not answered is asked again."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import stamina

from launcher.demo.office import Office
from launcher.errors import Refusal
from shared.http import HttpClient

SIGNED_IN = httpx.Response(201, json={"token": "t"})
BUSY = httpx.Response(503, json={"title": "Sibuk"})


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def office(*answers: httpx.Response | httpx.TransportError) -> tuple[Office, list[httpx.Request]]:
    """One whose gateway answers in this order, and what it is asked."""
    asked: list[httpx.Request] = []
    left = [SIGNED_IN, *answers]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        given = left.pop(0)
        if isinstance(given, httpx.TransportError):
            raise given
        return given

    made = Office("http://gateway", "http://bank")
    made._gateway = HttpClient("http://gateway", httpx.MockTransport(answer))
    return made, asked


async def test_i_a_request_that_waited_too_long_is_repeated_under_its_own_key() -> None:
    created = httpx.Response(201, json={"id": "1"})
    made, asked = office(httpx.ReadTimeout("slow"), BUSY, created)
    await made.sign_in("wawan", "sandi")

    answer = await made.post("wawan", "/customers", {"name": "Budi"}, key="customer/1")

    assert answer == {"id": "1"}
    keys = [request.headers["Idempotency-Key"] for request in asked[1:]]
    assert (len(keys), len(set(keys))) == (3, 1)


async def test_a_machine_that_never_answers_is_told_in_words() -> None:
    made, _ = office(BUSY, BUSY, BUSY)
    await made.sign_in("wawan", "sandi")

    with pytest.raises(Refusal, match="terlalu sibuk"):
        await made.get("wawan", "/customers")


async def test_a_refusal_is_not_repeated() -> None:
    made, asked = office(httpx.Response(422, json={"title": "Salah"}))
    await made.sign_in("wawan", "sandi")

    with pytest.raises(Refusal, match="dijawab 422"):
        await made.get("wawan", "/customers")
    assert len(asked) == 2
