"""The token and the keys of the SNAP adapter, against the simulated bank."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bank_gateway.domain.bank import Inquiry, Outcome
from bank_gateway.snap import Snap
from bank_gateway.snap_line import Line
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing
from bni_sandbox.api.context import Sandbox
from shared.clock import FrozenClock
from snap_protocol.signing import RSA_BITS_MIN

NUMBER = "8001000000000001"
BILL = Billing(
    trx_id="T1",
    trx_amount_idr=100_000,
    customer_name="MAHMUD SULAIMAN",
    virtual_account=NUMBER,
    expires_at=datetime(2027, 1, 31, 16, 59, 59, tzinfo=UTC),
)


@pytest.fixture
def bank(line: Line) -> Snap:
    return Snap(line)


@pytest.fixture
def question(clock: FrozenClock) -> Inquiry:
    return Inquiry("T1", NUMBER, since=clock.now())


async def asked(client: Any) -> list[str]:
    """What the bank was asked and told, tokens apart."""
    requests = (await client.http.get("/simulate/requests")).json()
    told = [f"{each['operation']} {each['status']}" for each in requests]
    return [each for each in told if not each.startswith("access-token")]


async def tokens(client: Any) -> int:
    requests = (await client.http.get("/simulate/requests")).json()
    return sum(each["operation"] == "access-token" for each in requests)


def told(outcome: Outcome) -> tuple[Answer, str]:
    return outcome.answer, outcome.status


class TestTheToken:
    async def test_is_asked_for_once_and_renewed_before_it_ends(
        self, bank: Snap, question: Inquiry, client: Any, later: Any
    ) -> None:
        await bank.create(BILL)
        later(seconds=839)
        await bank.inquire(question)
        assert await tokens(client) == 1

        later(seconds=1)
        await bank.inquire(question)

        assert await tokens(client) == 2
        assert "4013001" not in " ".join(await asked(client))

    async def test_that_the_bank_forgot_is_renewed_once(
        self, bank: Snap, question: Inquiry, client: Any, sandbox: Sandbox
    ) -> None:
        await bank.create(BILL)
        assert sandbox.door is not None
        sandbox.door.forget_tokens()

        outcome = await bank.inquire(question)

        assert outcome.state is not None
        assert (await asked(client))[1:] == ["inquiry-va 4013001", "inquiry-va 2003000"]

    async def test_that_is_refused_again_is_not_asked_for_without_end(
        self, bank: Snap, client: Any, question: Inquiry
    ) -> None:
        await bank.create(BILL)
        await client.faults(error_code="40101", operations=["inquirybilling"])

        outcome = await bank.inquire(question)

        assert told(outcome) == (Answer.LATER, "4013001")
        assert await tokens(client) == 2

    async def test_that_is_refused_tells_why(self, bank: Snap, line: Line, client: Any) -> None:
        stranger = rsa.generate_private_key(65537, RSA_BITS_MIN)
        caller = replace(line.agreement.caller, private_key=stranger)
        line.agreement = replace(line.agreement, caller=caller)

        outcome = await bank.create(BILL)

        assert told(outcome) == (Answer.LATER, "4017300")
        assert outcome.no_effect


class TestChangingAKey:
    async def test_p4_the_bank_takes_the_old_and_the_new_one(
        self, bank: Snap, line: Line, client: Any, sandbox: Sandbox, later: Any
    ) -> None:
        """Both are valid at once, so nothing stops while we change ours."""
        assert sandbox.door is not None
        mine, theirs = line.agreement, sandbox.door.client
        fresh = rsa.generate_private_key(65537, RSA_BITS_MIN)
        sandbox.door.client = replace(
            theirs,
            public_keys=(fresh.public_key(), *theirs.public_keys),
            client_secrets=("the new secret", *theirs.client_secrets),
        )

        old = await bank.create(BILL)
        caller = replace(mine.caller, private_key=fresh, client_secret="the new secret")
        line.agreement = replace(mine, caller=caller)
        later(minutes=15)
        new = await bank.update(BILL)

        assert (old.answer, new.answer) == (Answer.DONE, Answer.DONE)

    async def test_p4_a_withdrawn_secret_is_refused_and_changes_nothing(
        self, bank: Snap, line: Line, sandbox: Sandbox
    ) -> None:
        assert sandbox.door is not None
        sandbox.door.client = replace(sandbox.door.client, client_secrets=("another",))

        outcome = await bank.create(BILL)

        assert told(outcome) == (Answer.LATER, "4012700")
        assert outcome.no_effect


async def test_every_try_has_a_number_of_its_own(bank: Snap, client: Any) -> None:
    numbers = {(await bank.create(BILL)).sent.split(b"\n")[0].split()[-1] for _ in range(20)}

    assert len(numbers) == 20
    assert {len(number) for number in numbers} == {32}
    assert "4092700" not in " ".join(await asked(client))
