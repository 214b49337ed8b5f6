"""The two persons who answer questions about money, and what they have decided (ADR-0018)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from shared.principal import Principal
from shared.testing import ADMIN, confirmed
from town.town import Town

RATNA = confirmed(ADMIN)
BUDI = confirmed(replace(ADMIN, user_id=UUID(int=0xD), name="Bapak Budi"))
WHY = "Sudah ditanyakan kepada pengirimnya."
ATTRIBUTING = frozenset({"match", "credit"})
ANSWERING = frozenset({"explain", "book_fee", "book_withdrawal"})
"""After these nothing is asked any more, unless about another sum."""


Question = tuple[str, str, int]
"""Kind, key and rupiah of something that needs a person."""

DEBIT = "debit"
"""The key of a question about money that left: its line has no name outside the service."""


def key_of(asked: dict[str, Any]) -> str:
    """Give what an open question is about."""
    is_debit = asked["kind"] == "missing_here" and asked["bank_line_id"]
    return DEBIT if is_debit else str(asked["key"])


@dataclass(frozen=True)
class Decision:
    """What was decided about which question."""

    exception_id: str
    resolution_id: str
    action: str
    question: Question
    payment_id: str | None

    @property
    def names_an_owner(self) -> bool:
        return self.question[0] == "unknown_payer" and self.action in ATTRIBUTING


@dataclass
class Inbox:
    """Whoever looks after the open questions; unknown money is his one customer's."""

    town: Town
    customer_id: UUID
    decisions: list[Decision] = field(default_factory=list)

    async def decide(self, action: str) -> None:
        """Answer the oldest open question that has this way out, if there is one."""
        items = (await self.town.caller("reconciliation").get("/api/v1/exceptions")).json()["items"]
        for asked in items:
            if action in asked["actions"]:
                await self._answer(asked, action)
                break
        await self.town.settle()

    async def undo(self, newest_first: int) -> None:
        """Take back a decision; refused where it does not stand, or its money has moved on."""
        for decision in self.decisions[::-1][newest_first : newest_first + 1]:
            asked = await self._look(decision.exception_id)
            answer = await self._act(asked, "undo", RATNA, reason="Ternyata keliru.")
            assert answer.status_code in {200, 409}, answer.text
        await self.town.settle()

    async def close_next_day(self) -> None:
        """Close the day that is next, if it is over; its certificate is final (R3)."""
        reconciliation = self.town.caller("reconciliation", RATNA)
        waiting = (await reconciliation.get("/api/v1/closes")).json()["waiting"]
        if waiting is None:
            return
        answer = await reconciliation.post("/api/v1/closes", {"day": waiting["day"]})
        assert answer.status_code == (201 if waiting["over"] else 409), answer.text
        await self.town.settle()

    async def standing(self) -> list[Decision]:
        """Give the decisions that still stand; each was kept, whatever became of it."""
        found = []
        for decision in self.decisions:
            kept = (await self._look(decision.exception_id))["resolutions"]
            states = {each["id"]: each["state"] for each in kept}
            if states[decision.resolution_id] == "done":
                found.append(decision)
        return found

    async def _answer(self, asked: dict[str, Any], action: str) -> None:
        unknown = action in ATTRIBUTING and not asked["customer_id"]
        body = {"customer_id": str(self.customer_id)} if unknown else {}
        answer = await self._act(asked, "resolve", RATNA, action=action, reason=WHY, **body)
        assert answer.status_code == 200, answer.text
        resolution = answer.json()["resolutions"][-1]
        if resolution["state"] == "proposed":
            agreed = await self._act(answer.json(), "approve", BUDI)
            assert agreed.status_code == 200, agreed.text
        question = (asked["kind"], key_of(asked), asked["amount_idr"])
        self.decisions.append(
            Decision(asked["id"], resolution["id"], action, question, asked["payment_id"])
        )

    async def _look(self, exception_id: str) -> dict[str, Any]:
        path = f"/api/v1/exceptions/{exception_id}"
        return dict((await self.town.caller("reconciliation").get(path)).json())

    async def _act(self, asked: dict[str, Any], act: str, person: Principal, **body: Any) -> Any:
        caller = self.town.caller("reconciliation", person)
        path = f"/api/v1/exceptions/{asked['id']}/{act}"
        return await caller.post(path, body, version=asked["version"])
