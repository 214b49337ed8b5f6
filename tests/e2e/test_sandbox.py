"""The simulated bank alone, against a program that is not ours (``./lunas sandbox``)."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from storyteller import House, eventually

from bni_protocol import envelope
from bni_protocol.cipher import Key, decrypt

pytestmark = pytest.mark.timeout(180)


class Program(ThreadingHTTPServer):
    """Somebody else's receiver of notifications; it acknowledges what comes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[dict[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        answer = b'{"status":"000"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class Alone(House):
    """Only the simulated bank."""

    ready_words = "Bank uji BNI siap"
    callback_url: str = field(default="", kw_only=True)

    def command(self) -> list[str]:
        listen = self.bank.removeprefix("http://").replace("localhost", "127.0.0.1")
        return ["sandbox", "--listen", listen, "--callback", self.callback_url]

    def told(self, name: str) -> str:
        """Read a value that the bank printed for the other program."""
        found = re.search(rf"{name} +(\S+)", (self.folder / "up.log").read_text())
        assert found is not None
        return found[1]


@pytest.fixture
def program() -> Iterator[Program]:
    with Program() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def alone(tmp_path: Path, program: Program) -> Iterator[Alone]:
    url = f"http://127.0.0.1:{program.server_port}/anything"
    made = Alone("sandbox", tmp_path / "data", callback_url=url)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.remove()


def ask(bank: Alone, key: Key, members: dict[str, str]) -> envelope.Reply:
    now, prefix = int(time.time()), bank.told("BNI_PREFIX")
    body = envelope.seal({"client_id": key.client_id, **members}, key, now, prefix)
    answer = httpx.post(bank.bank, content=body, headers={"Content-Type": "application/json"})
    return envelope.parse_reply(answer.content, key, int(time.time()))


def test_another_program_bills_and_learns_of_the_payment_with_what_the_bank_printed(
    alone: Alone, program: Program
) -> None:
    key = Key(alone.told("BNI_CLIENT_ID"), alone.told("BNI_SECRET_KEY"))
    billing = {"type": "createbilling", "trx_id": "A-1", "trx_amount": "150000"}
    created = ask(alone, key, {**billing, "billing_type": "c", "customer_name": "SITI AMINAH"})
    number = created.members["virtual_account"]

    payment = {"virtual_account": number, "amount_idr": 150_000}
    paid = httpx.post(f"{alone.bank}/simulate/pay", json=payment).json()

    assert created.status == "000"
    assert paid["callback"] == "delivered"
    for attempt in eventually():
        with attempt:
            assert len(program.bodies) == 1
    notice = decrypt(program.bodies[0]["data"], key, int(time.time()))
    assert (notice["trx_id"], notice["virtual_account"]) == ("A-1", number)
    assert (notice["payment_amount"], notice["cumulative_payment_amount"]) == ("150000", "150000")
    state = ask(alone, key, {"type": "inquirybilling", "trx_id": "A-1"}).members
    assert (state["payment_amount"], state["payment_ntb"]) == ("150000", notice["payment_ntb"])


def test_started_again_it_still_knows_its_billings_and_its_secret(alone: Alone) -> None:
    key = Key(alone.told("BNI_CLIENT_ID"), alone.told("BNI_SECRET_KEY"))
    billing = {"type": "createbilling", "trx_id": "A-2", "trx_amount": "0", "billing_type": "o"}
    ask(alone, key, {**billing, "customer_name": "BUDI"})

    alone.stop()
    alone.start()

    found = ask(alone, key, {"type": "inquirybilling", "trx_id": "A-2"})
    assert (found.status, found.members["customer_name"]) == ("000", "BUDI")
