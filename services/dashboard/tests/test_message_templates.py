"""The page of the words of messages: what is typed is looked at before it is saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from shared.testing import ADMIN

PAGE = "/settings/messages"
FORM = {"content-type": "application/x-www-form-urlencoded"}
TYPED = {
    "purpose": "bill",
    "language": "id",
    "version": "2",
    "body": "Bayar {total}",
    "whatsapp_name": "",
}


async def post(call_as: Any, path: str, values: Any) -> Any:
    content = urlencode(values).encode()
    return await call_as(ADMIN).call("POST", path, content=content, headers=FORM)


async def test_the_page_says_whose_words_are_used_and_shows_them_filled(call_as: Any) -> None:
    html = (await call_as(ADMIN).get(PAGE)).text

    assert "Versi 2, diubah Ibu Ratna" in html
    assert "Tagihan *INV/2026/12/000123* sebesar *Rp1.250.000*." in html
    assert 'aria-label="Kembalikan kata-kata bawaan"' in html


async def test_saving_sends_the_words_with_the_version_that_was_seen(
    call_as: Any, company: Any
) -> None:
    answer = await post(call_as, PAGE, TYPED)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{PAGE}?purpose=bill&language=id&said=words"
    [(headers, body)] = company.sent("PATCH /message-templates/bill/id")
    assert body == {"body": "Bayar {total}", "whatsapp_name": None}
    assert headers["if-match"] == '"2"'


async def test_what_cannot_be_saved_is_said_at_its_field_and_stays(
    call_as: Any, company: Any
) -> None:
    errors = [{"field": "body", "message": "Variabel {total} tidak dikenal."}]
    refusal = [422, {"detail": "x", "errors": errors}]
    company.answers["PATCH /message-templates/bill/id"] = refusal
    company.answers["POST /message-templates/preview"] = refusal

    answer = await post(call_as, PAGE, TYPED)

    assert answer.status_code == 422
    assert 'href="#f-body"' in answer.text
    assert "Bayar {total}</textarea>" in answer.text
    assert "Variabel {total} tidak dikenal. Belum dapat disimpan." in answer.text


async def test_k4_words_that_changed_meanwhile_are_not_overwritten(
    call_as: Any, company: Any
) -> None:
    company.answers["PATCH /message-templates/bill/id"] = [412, {"detail": "x"}]

    answer = await post(call_as, PAGE, TYPED | {"version": "1"})

    assert answer.status_code == 412
    assert "Isian Anda masih ada" in answer.text
    assert "Bayar {total}</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text


async def test_an_earlier_version_is_brought_back_by_one_button(call_as: Any, company: Any) -> None:
    values = {"purpose": "bill", "language": "id", "version": "2", "restore": "0"}

    answer = await post(call_as, PAGE, values)

    assert answer.status_code == 303
    [(_, body)] = company.sent("PATCH /message-templates/bill/id")
    assert body == {"restore": 0}


async def test_looking_saves_nothing(call_as: Any, company: Any) -> None:
    answer = await post(call_as, f"{PAGE}/preview", TYPED)

    assert answer.status_code == 200
    assert "Bayar {total}</textarea>" in answer.text
    assert not company.sent("PATCH /message-templates/bill/id")
    [(_, body)] = company.sent("POST /message-templates/preview")
    assert body == {"purpose": "bill", "language": "id", "body": "Bayar {total}"}
