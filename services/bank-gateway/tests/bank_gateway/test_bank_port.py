"""The port to the bank: what a code means is said once, in the adapter that reads it."""

import re
from pathlib import Path

import pytest

import bank_gateway
from bank_gateway.ecollection import outcome_of
from bni_protocol.codes import MESSAGES

ROOM = Path(bank_gateway.__file__).parent
BANK_CODE = re.compile(r'"(?:[0-9]{3}|[0-9]{7})"')
NEUTRAL = [*ROOM.glob("domain/*.py"), *ROOM.glob("handlers/*.py"), ROOM / "worker.py"]


@pytest.mark.parametrize("module", NEUTRAL, ids=lambda module: module.name)
def test_no_decision_is_made_by_a_code_of_one_protocol(module: Path) -> None:
    assert BANK_CODE.findall(module.read_text()) == []


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_each_ecollection_code_says_at_most_one_thing_more(code: str) -> None:
    outcome = outcome_of(code)

    assert outcome.status == code
    assert outcome.not_found == (code == "101")
    assert outcome.number_in_use == (code == "102")
    assert outcome.over_limit == (code in {"110", "996"})
    assert outcome.over_inquiry_limit == (code == "996")
    assert not outcome.no_effect
