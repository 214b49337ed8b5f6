"""What goes wrong with a request, whichever protocol it speaks."""

import asyncio
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bni_sandbox.api.context import Sandbox
from shared.server import HANG_UP


@dataclass(frozen=True, slots=True)
class Disturbance:
    """The fate of one request, drawn before it is served.

    Attributes:
        refused: the connection ends and nothing happens.
        error_code: the only answer it gets; nothing happens.
        answer_lost: it takes effect, and the connection ends without the answer.
        timed_out: it takes effect, and the answer is that it took too long.
    """

    refused: bool = False
    error_code: str = ""
    answer_lost: bool = False
    timed_out: bool = False

    @property
    def name(self) -> str:
        """Name it as the knob is named; empty when all goes well."""
        struck = {
            "refuse_connections": self.refused,
            "error_code": bool(self.error_code),
            "answer_lost": self.answer_lost,
            "answer_timeout": self.timed_out,
        }
        return next((name for name, there in struck.items() if there), "")


class HangUp(Response):
    """Ends the connection without an answer.

    A server that cannot do that answers as a proxy does whose bank has gone: 504.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extension = scope.get("extensions", {}).get(HANG_UP)
        if extension is None:
            await Response("<html>Gateway Time-out</html>", 504)(scope, receive, send)
            return
        extension["now"]()
        while (await receive())["type"] != "http.disconnect":
            continue


async def disturb(bank: Sandbox, operation: str, subject: str) -> Disturbance:
    """Draw what happens to a request of this operation; a slow bank takes its time here."""
    faults = await bank.knobs.read()
    if not faults.concern(operation):
        return Disturbance()
    await asyncio.sleep(faults.answer_delay_ms / 1000)
    chance, occasion = bank.knobs.chance, f"{operation}/{subject}"
    if chance.strikes(faults.refuse_connections, "refuse_connections", occasion):
        return Disturbance(refused=True)
    if faults.error_code and chance.strikes(faults.error_rate, "error_code", occasion):
        return Disturbance(error_code=faults.error_code)
    return Disturbance(
        answer_lost=chance.strikes(faults.answer_lost, "answer_lost", occasion),
        timed_out=chance.strikes(faults.answer_timeout, "answer_timeout", occasion),
    )
