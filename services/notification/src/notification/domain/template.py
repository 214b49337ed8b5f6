"""The words of messages as data: what may stand in a template, and how it is filled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from shared.errors import Invalid, NotFound

BODY_MOST = 1000
"""Letters of a template; with its values filled in it still fits a WhatsApp message (1,024)."""

_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Purpose(StrEnum):
    """What a message is for."""

    BILL = "bill"
    REMINDER_BEFORE = "reminder_before"
    REMINDER_DUE = "reminder_due"
    REMINDER_AFTER = "reminder_after"
    RECEIPT = "receipt"


class Language(StrEnum):
    """What a message is written in."""

    INDONESIAN = "id"
    ENGLISH = "en"


class TemplateNotFound(NotFound):
    """No such purpose, language or version."""

    detail = "Templat pesan tidak ditemukan."


class VariableUnknown(Invalid):
    """A name in braces that stands for nothing."""

    detail = "Variabel {{{name}}} tidak dikenal. Pakai salah satu dari: {known}."


class VariableMissing(Invalid):
    """Without it the reader does not know what to pay, or cannot prove what he paid."""

    detail = "Variabel {{{name}}} wajib ada: {meaning}."


class BracesWrong(Invalid):
    """A brace without its partner."""

    detail = "Kurung kurawal harus berpasangan dan berisi nama variabel, misalnya {{jumlah}}."


class BodyLengthWrong(Invalid):
    """Nothing to say, or more than a message holds."""

    detail = "Isi templat 1 sampai {most} huruf."


_ABOUT_BOTH = {
    "sapaan": "Bapak/Ibu, kosong bila nama sudah memuat sapaan",
    "nama": "nama pelanggan",
    "jumlah": "jumlah uang",
    "tanggal": "jatuh tempo, atau tanggal pembayaran",
    "tautan": "tautan ke dokumen",
    "pengirim": "nama Marketing dan perusahaan",
}
_ABOUT_BILL = {
    "no": "nomor tagihan",
    "produk": "untuk apa, dengan angsurannya",
    "va": "nomor virtual account",
    "nama_va": "nama pada virtual account",
    "petunjuk": "kalimat bila jumlah harus diketik; selain itu kosong",
}
VARIABLES: dict[Purpose, dict[str, str]] = {
    Purpose.BILL: _ABOUT_BOTH | _ABOUT_BILL,
    Purpose.REMINDER_BEFORE: _ABOUT_BOTH | _ABOUT_BILL | {"hari": "berapa hari lagi jatuh tempo"},
    Purpose.REMINDER_DUE: _ABOUT_BOTH | _ABOUT_BILL,
    Purpose.REMINDER_AFTER: _ABOUT_BOTH | _ABOUT_BILL | {"hari": "berapa hari sudah lewat"},
    Purpose.RECEIPT: _ABOUT_BOTH
    | {
        "untuk": "“untuk tagihan …”; kosong bila belum dialokasikan",
        "bukti": "Kwitansi, atau bukti sementara sebelum bank mengonfirmasi",
    },
}
_ASKS = ("no", "jumlah", "va", "petunjuk")
REQUIRED: dict[Purpose, tuple[str, ...]] = {
    **dict.fromkeys(Purpose, _ASKS),
    Purpose.RECEIPT: ("jumlah", "bukti", "tautan"),
}


def _asking(greeting: str, first: str, pay: str, details: str, end: str) -> str:
    return "\n".join((greeting, first, pay, f"{details}: {{tautan}}", end, "{pengirim}"))


def _indonesian(first: str) -> str:
    pay = "Bayar ke VA BNI *{va}* a.n. {nama_va}. {petunjuk}"
    end = "Abaikan bila sudah membayar. Terima kasih."
    return _asking("Yth. {sapaan} {nama},", first, pay, "Rincian & PDF", end)


def _english(first: str) -> str:
    pay = "Please pay to BNI VA *{va}* in the name of {nama_va}. {petunjuk}"
    end = "Please disregard this if you have already paid. Thank you."
    return _asking("Dear {sapaan} {nama},", first, pay, "Details & PDF", end)


_ID, _EN = Language.INDONESIAN, Language.ENGLISH
DEFAULTS: dict[tuple[Purpose, Language], str] = {
    (Purpose.BILL, _ID): _indonesian(
        "Tagihan *{no}* untuk {produk} sebesar *{jumlah}* jatuh tempo *{tanggal}*."
    ),
    (Purpose.REMINDER_BEFORE, _ID): _indonesian(
        "Kami mengingatkan: tagihan *{no}* untuk {produk} sebesar *{jumlah}* jatuh tempo"
        " {hari} hari lagi, *{tanggal}*."
    ),
    (Purpose.REMINDER_DUE, _ID): _indonesian(
        "Tagihan *{no}* untuk {produk} sebesar *{jumlah}* jatuh tempo hari ini, *{tanggal}*."
    ),
    (Purpose.REMINDER_AFTER, _ID): _indonesian(
        "Tagihan *{no}* untuk {produk} sebesar *{jumlah}* sudah lewat {hari} hari dari jatuh"
        " temponya, *{tanggal}*."
    ),
    (Purpose.RECEIPT, _ID): (
        "Yth. {sapaan} {nama},\n"
        "Pembayaran *{jumlah}* tanggal *{tanggal}* {untuk} sudah kami terima.\n"
        "{bukti}: {tautan}\n"
        "Terima kasih.\n"
        "{pengirim}"
    ),
    (Purpose.BILL, _EN): _english(
        "Invoice *{no}* for {produk} of *{jumlah}* is due on *{tanggal}*."
    ),
    (Purpose.REMINDER_BEFORE, _EN): _english(
        "A reminder: invoice *{no}* for {produk} of *{jumlah}* is due in {hari} day(s),"
        " on *{tanggal}*."
    ),
    (Purpose.REMINDER_DUE, _EN): _english(
        "Invoice *{no}* for {produk} of *{jumlah}* is due today, *{tanggal}*."
    ),
    (Purpose.REMINDER_AFTER, _EN): _english(
        "Invoice *{no}* for {produk} of *{jumlah}* is {hari} day(s) past its due date, *{tanggal}*."
    ),
    (Purpose.RECEIPT, _EN): (
        "Dear {sapaan} {nama},\n"
        "We have received your payment of *{jumlah}* on *{tanggal}* {untuk}.\n"
        "{bukti}: {tautan}\n"
        "Thank you.\n"
        "{pengirim}"
    ),
}


SUBJECTS: dict[tuple[Purpose, Language], str] = {
    (Purpose.BILL, _ID): "Tagihan Anda",
    (Purpose.REMINDER_BEFORE, _ID): "Pengingat: tagihan Anda segera jatuh tempo",
    (Purpose.REMINDER_DUE, _ID): "Tagihan Anda jatuh tempo hari ini",
    (Purpose.REMINDER_AFTER, _ID): "Tagihan Anda sudah lewat jatuh tempo",
    (Purpose.RECEIPT, _ID): "Pembayaran Anda kami terima",
    (Purpose.BILL, _EN): "Your invoice",
    (Purpose.REMINDER_BEFORE, _EN): "Reminder: your invoice is due soon",
    (Purpose.REMINDER_DUE, _EN): "Your invoice is due today",
    (Purpose.REMINDER_AFTER, _EN): "Your invoice is past due",
    (Purpose.RECEIPT, _EN): "We have received your payment",
}
"""What an e-mail is called."""


def check(purpose: Purpose, text: str) -> str:
    """Let a template through that can be filled and says what it must; give it cleaned.

    Raises:
        BodyLengthWrong: empty or too long.
        BracesWrong: a brace without its partner.
        VariableUnknown: a name that stands for nothing.
        VariableMissing: what the reader needs is not in it.
    """
    body = "\n".join(line.strip() for line in text.strip().splitlines())
    if not 1 <= len(body) <= BODY_MOST:
        raise BodyLengthWrong(most=BODY_MOST, field="body")
    if set("{}") & set(_VARIABLE.sub("", body)):
        raise BracesWrong(field="body")
    names, known = variables_in(body), VARIABLES[purpose]
    for name in names:
        if name not in known:
            raise VariableUnknown(name=name, known=", ".join(known), field="body")
    for name in REQUIRED[purpose]:
        if name not in names:
            raise VariableMissing(name=name, meaning=known[name], field="body")
    return body


def variables_in(body: str) -> list[str]:
    """Name the variables of a template in the order of their first appearance."""
    return list(dict.fromkeys(_VARIABLE.findall(body)))


def fill(body: str, values: Mapping[str, str]) -> str:
    """Put the values in; a value is never read as a template, an empty one leaves no gap."""
    filled = _VARIABLE.sub(lambda match: values[match[1]], body)
    return "\n".join(_without_gaps(filled.splitlines()))


def _without_gaps(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield re.sub(r" +([.,:;]|$)", r"\1", " ".join(line.split()))
