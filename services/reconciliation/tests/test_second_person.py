"""A8: what takes money away waits for a second person; the database says so too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from reconciliation.domain.resolution import TRANSITIONS
from reconciliation.models import Allocation, Resolution
from shared.clock import FrozenClock
from shared.contracts.reconciliation import PaymentPosted, PaymentReconciled
from shared.database import Sessions
from shared.principal import Principal
from shared.testing import ADMIN, confirmed

SYSTEM = Principal.system("reconciliation")
RATNA = confirmed(ADMIN)
BUDI = confirmed(replace(ADMIN, user_id=UUID(int=0xD), name="Bapak Budi"))
WHY = {"reason": "Pengirim mengaku salah kirim."}


class TestTheSecondPerson:
    @pytest.mark.parametrize(
        ("action", "after", "words"),
        [
            ("return", {}, "Rp500 dikembalikan kepada pengirim."),
            (
                "write_off",
                {"bank": 500, "other_income": -500},
                "Rp500 dihapusbukukan menjadi pendapatan lain.",
            ),
        ],
    )
    async def test_a8_nothing_is_posted_before_he_agrees(
        self,
        inbox: Any,
        stray: Any,
        balances: Any,
        differing: Any,
        action: str,
        after: Any,
        words: str,
    ) -> None:
        proposed = (await inbox.resolve(action, **WHY)).json()
        assert (proposed["resolution"]["state"], proposed["actions"]) == ("proposed", [])
        assert proposed["closed_at"] is None
        assert await balances() == {"bank": 500, "suspense": -500}

        agreed = await inbox.act(proposed, "approve", {}, BUDI)

        shown = agreed.json()
        assert shown["outcome"] == f"{words} Alasan: {WHY['reason']}"
        assert (shown["resolution"]["proposed_by"], shown["resolution"]["decided_by"]) == (
            "Ibu Ratna",
            "Bapak Budi",
        )
        assert (shown["payment"]["disposed_idr"], shown["payment"]["unallocated_idr"]) == (500, 0)
        assert await balances() == after
        assert await differing() == []

    async def test_t2_others_are_told_on_which_day_the_money_left_or_that_it_never_did(
        self, inbox: Any, stray: Any, told: Any, clock: FrozenClock
    ) -> None:
        proposed = (await inbox.resolve("return", **WHY)).json()
        clock.advance(timedelta(days=3))

        agreed = (await inbox.act(proposed, "approve", {}, BUDI)).json()
        gone = (await told(PaymentPosted))[-1]
        await inbox.act(agreed, "undo", {"reason": "Salah pencet."}, BUDI)
        back = (await told(PaymentReconciled))[-1]

        (part,) = gone.disposals
        assert (part.action, part.amount_idr, part.undone) == ("return", 500, False)
        assert part.disposed_at == clock.now()
        assert [(each.resolution_id, each.undone) for each in back.disposals] == [
            (part.resolution_id, True)
        ]

    async def test_a8_nobody_agrees_with_himself(
        self, inbox: Any, stray: Any, balances: Any
    ) -> None:
        proposed = (await inbox.resolve("return", **WHY)).json()

        answer = await inbox.act(proposed, "approve", {})

        assert (answer.status_code, answer.json()["title"]) == (403, "Second person needed")
        assert await balances() == {"bank": 500, "suspense": -500}

    async def test_a8_not_even_past_the_code(
        self, inbox: Any, stray: Any, sessions: Sessions
    ) -> None:
        await inbox.resolve("return", **WHY)
        alone = text(
            "UPDATE resolutions SET state = 'done', decided_by_id = proposed_by_id,"
            " decided_by = proposed_by, decided_at = proposed_at"
        )

        with pytest.raises(IntegrityError, match="resolutions_two_persons"):
            async with sessions.begin(SYSTEM) as session:
                await session.execute(alone)

    async def test_a8_both_give_their_password_again(
        self, inbox: Any, stray: Any, rows: Any
    ) -> None:
        refused = await inbox.resolve("return", replace(RATNA, confirmed=False), **WHY)
        assert (refused.status_code, refused.json()["title"]) == (403, "Confirmation needed")
        assert await rows(Resolution) == []
        proposed = (await inbox.resolve("return", **WHY)).json()

        answer = await inbox.act(proposed, "approve", {}, replace(BUDI, confirmed=False))

        assert (answer.status_code, answer.json()["title"]) == (403, "Confirmation needed")

    async def test_he_may_refuse_and_another_way_is_open_again(
        self, inbox: Any, siti: Any, stray: Any
    ) -> None:
        proposed = (await inbox.resolve("return", **WHY)).json()

        refused = (await inbox.act(proposed, "refuse", {"reason": "Belum jelas."}, BUDI)).json()

        assert refused["resolution"] is None
        assert refused["resolutions"][0]["decision"] == "Belum jelas."
        assert "match" in refused["actions"]
        assert (await inbox.resolve("match", customer_id=str(siti[0]))).status_code == 200

    async def test_while_he_thinks_nothing_else_is_decided(
        self, inbox: Any, siti: Any, stray: Any
    ) -> None:
        await inbox.resolve("return", **WHY)

        answer = await inbox.resolve("match", customer_id=str(siti[0]))

        assert (answer.status_code, answer.json()["title"]) == (409, "Waits for second person")
        assert "Ibu Ratna" in answer.json()["detail"]

    async def test_another_amount_than_was_proposed_is_not_agreed_to(
        self, inbox: Any, siti: Any, story: Any, arrive: Any
    ) -> None:
        customer, _ = siti
        await arrive(story.payment(800, None, customer_id=customer))
        await inbox.resolve("return", kind="overpaid", **WHY)
        await arrive(story.invoice(customer, 40))

        answer = await inbox.act(await inbox.one("overpaid"), "approve", {}, BUDI)

        assert (answer.status_code, answer.json()["title"]) == (409, "Amount moved")
        assert "Rp60" in answer.json()["detail"]

    async def test_a_proposal_ends_with_its_exception(
        self, inbox: Any, siti: Any, story: Any, arrive: Any, rows: Any
    ) -> None:
        customer, _ = siti
        await arrive(story.payment(800, None, customer_id=customer))
        await inbox.resolve("return", kind="overpaid", **WHY)

        await arrive(story.invoice(customer, 900))

        (resolution,) = await rows(Resolution)
        assert (resolution.state, resolution.decided_by) == ("refused", "sistem:reconciliation")


UNDECIDED = "state = 'proposed', decided_by_id = NULL, decided_by = NULL, decided_at = NULL"


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("change", "refused_by"),
        [
            (UNDECIDED, "does not go done>proposed"),
            ("state = 'refused'", "does not go done>refused"),
            ("amount_idr = 1", "permission denied"),
            ("customer_id = NULL", "permission denied"),
        ],
    )
    async def test_s_a_decision_only_moves_as_it_may(
        self, inbox: Any, stray: Any, sessions: Sessions, change: str, refused_by: str
    ) -> None:
        proposed = (await inbox.resolve("return", **WHY)).json()
        await inbox.act(proposed, "approve", {}, BUDI)

        with pytest.raises(DBAPIError, match=refused_by):
            async with sessions.begin(SYSTEM) as session:
                await session.execute(text(f"UPDATE resolutions SET {change}"))

    async def test_m5_a_payment_pays_only_its_own_customers_bills(
        self, siti: Any, stray: Any, sessions: Sessions
    ) -> None:
        customer, bills = siti
        allocation = Allocation(
            payment_id=stray.aggregate_id,
            invoice_id=bills[0],
            customer_id=customer,
            amount_idr=1,
            allocated_at=sessions.clock.now(),
            allocated_by="x",
        )

        with pytest.raises(IntegrityError, match="is not of customer"):
            async with sessions.begin(SYSTEM) as session:
                session.add(allocation)

    async def test_p1_who_did_what_and_why_is_kept(
        self, inbox: Any, stray: Any, sessions: Sessions
    ) -> None:
        proposed = (await inbox.resolve("return", **WHY)).json()
        await inbox.act(proposed, "approve", {}, BUDI)

        query = text(
            "SELECT action, actor_name, reason FROM audit_log WHERE object_id = :id ORDER BY at, id"
        )
        async with sessions.begin(SYSTEM) as session:
            rows = (await session.execute(query, {"id": proposed["id"]})).all()
        assert ("exception.proposed", "Ibu Ratna", WHY["reason"]) in rows
        assert ("exception.approved", "Bapak Budi", WHY["reason"]) in rows


class TestDomain:
    def test_s_the_table_of_moves_is_the_one_of_the_database(self) -> None:
        moves = {f"{a}>{b}" for a, targets in TRANSITIONS.items() for b in targets}

        assert moves == {"proposed>done", "proposed>refused", "done>undone"}
