"""A6, R6, R8, P4: streams without end, and what stops the start."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from gateway.api.proxy import Seats
from gateway.main import build
from gateway.settings import Settings
from shared.errors import Unauthenticated, Unavailable
from shared.principal import generate_keys
from shared.service import Outside, Service


class TestSeats:
    def test_r8_one_person_cannot_take_every_stream(self) -> None:
        seats, greedy, other = Seats(most=1), uuid4(), uuid4()

        with seats.taken_by(greedy), seats.taken_by(other), pytest.raises(Unavailable):
            seats.taken_by(greedy).__enter__()
        with seats.taken_by(greedy):
            pass


class Reader:
    """A browser that holds a stream open, as the server would present it."""

    def __init__(self, app: Any, path: str, headers: dict[str, str]) -> None:
        raw = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
        self._scope = {"type": "http", "method": "GET", "path": path, "headers": raw}
        self._scope |= {"query_string": b"", "client": ("127.0.0.1", 1), "server": ("x", 1)}
        self._left = asyncio.Event()
        self.sent: list[Any] = []
        self.task = asyncio.create_task(app(self._scope, self._receive, self._send))

    async def _receive(self) -> Any:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)

    def leave(self) -> None:
        self._left.set()


class TestStreams:
    @pytest.fixture
    async def reader(self, door: Any, upstream: Any) -> Any:
        opened = Reader(door.app, "/live", await door.browser())
        await asyncio.wait_for(upstream.streaming.wait(), 10)
        return opened

    async def test_pieces_come_as_they_are_made_until_the_reader_leaves(self, reader: Any) -> None:
        assert not reader.task.done()
        reader.leave()
        await asyncio.wait_for(reader.task, 10)

        assert reader.sent[0]["status"] == 200
        assert reader.sent[1]["body"] == b"event: hello\n\n"
        assert reader.sent[-1] == {"type": "http.response.body", "body": b""}

    async def test_r6_a_stream_ends_when_the_process_does(
        self, reader: Any, service: Service
    ) -> None:
        service.stopping.set()

        await asyncio.wait_for(reader.task, 10)

    async def test_a6_a_stream_ends_with_its_session(
        self, door: Any, upstream: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gateway.api.proxy.RECHECK_SECONDS", 0.05)
        browser = await door.browser()
        csrf = await door.csrf(browser)
        reader = Reader(door.app, "/live", browser)
        await asyncio.wait_for(upstream.streaming.wait(), 10)

        await door.ask("POST", "/logout", headers=browser | {"X-CSRF-Token": csrf})

        await asyncio.wait_for(reader.task, 10)


class TestStarting:
    def test_p4_keys_that_are_no_pair_stop_the_start(
        self, settings: Settings, outside: Outside
    ) -> None:
        other = settings.model_copy(update={"principal_public_key": generate_keys()[1]})

        with pytest.raises(Unauthenticated):
            build(other, outside)

    def test_a1_a_service_without_an_address_stops_the_start(
        self, settings: Settings, outside: Outside
    ) -> None:
        with pytest.raises(Exception, match="reporting"):
            build(settings.model_copy(update={"services": {}}), outside)
