"""C10: what a signature and a number of SNAP BI are worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bni_protocol.fields import Notification
from town.teller import Signer
from town.town import Town


async def use_a_number_twice(town: Town, signer: Signer) -> None:
    """The bank tells of its newest payment, then again under the same number.

    The same body gets the stored answer; another one is refused, and nothing changes.
    """
    for row in await town.rows("bni-sandbox", _NEWEST):
        number = signer.number()
        body, other = _body(signer, row), _body(signer, row, more_idr=1)
        first = await signer.send(body, number)
        if first.json()["responseCode"] == "2002500":
            before = await town.rows("bank-gateway", _TAKEN)
            again, another = await signer.send(body, number), await signer.send(other, number)
            assert again.content == first.content
            assert another.json()["responseCode"] == "4092500", another.text
            assert await town.rows("bank-gateway", _TAKEN) == before
    await town.settle()


async def pretend_to_be_the_bank(town: Town, signer: Signer) -> None:
    """What is not signed with the bank's secret, or was signed for other bytes, is not read."""
    for row in await town.rows("bni-sandbox", _NEWEST):
        before = await town.rows("bank-gateway", _TAKEN)
        answer = await signer.send(_body(signer, row), signer.number(), secret="0" * 64)
        assert answer.json()["responseCode"][:3] == "401", answer.text
        assert await town.rows("bank-gateway", _TAKEN) == before


def _body(signer: Signer, row: dict[str, Any], more_idr: int = 0) -> bytes:
    notice = Notification.parse(row["members"])
    amount_idr = notice.payment_amount_idr + more_idr
    return signer.body(replace(notice, payment_amount_idr=amount_idr), row["payment_id"].hex)


_NEWEST = "SELECT payment_id, members FROM delivery ORDER BY id DESC LIMIT 1"
_TAKEN = """
    SELECT (SELECT count(*) FROM payments) AS payments,
        (SELECT count(*) FROM quarantined_notices) AS doubted,
        (SELECT count(*) FROM snap_answers) AS answered
"""
