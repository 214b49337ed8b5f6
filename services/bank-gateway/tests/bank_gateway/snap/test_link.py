"""What the bank asked of us in SNAP BI, in the conversation and on the page of the link."""

from typing import Any

from shared.testing import ADMIN


async def test_a_question_of_the_banks_is_part_of_the_conversation(
    bench: Any, snap: Any, call_as: Any
) -> None:
    account = await bench.open()
    await snap.inquire(account.account_number)

    path = f"/api/v1/virtual-accounts/{account.id}/exchanges"
    asked, created = (await call_as(ADMIN).get(path)).json()["items"]

    assert (asked["direction"], asked["operation"], asked["meaning"]) == (
        "received", "snap-inquiry", "Berhasil"
    )  # fmt: skip
    assert asked["facts"]["billed_idr"] == 1_250_000
    assert created["direction"] == "sent"


async def test_it_is_neither_a_call_of_ours_nor_news_of_a_payment(
    bench: Any, snap: Any, call_as: Any
) -> None:
    await snap.inquire("8001999999999999")

    link = (await call_as(ADMIN).get("/api/v1/bank-link")).json()

    assert (link["calls"], link["last_answer_at"]) == ([], None)
    assert (link["callbacks"]["accepted"], link["callbacks"]["quarantined"]) == (0, 0)
