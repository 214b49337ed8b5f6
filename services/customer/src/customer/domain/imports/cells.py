"""What one cell means. What could be two things is refused, with a repair to agree to (A44)."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import EmailStr, TypeAdapter, ValidationError

from customer.domain.customer import CustomerStatus
from customer.domain.imports.days import DayUnclear, read_day
from customer.domain.product import CODE_PATTERN, ProductKind
from shared.phones import PhoneNotValid, normalise
from shared.sheets.rupiah import AmountUnclear, Style, rupiah
from shared.text import clean

_EMAIL = TypeAdapter(EmailStr)
_PHONE_PARTS = re.compile(r"[+0-9][0-9 ().-]{6,}[0-9]")
_CUT = re.compile(r"[0-9][.,]?[0-9]*E[+]?[0-9]+", re.I)
_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_SEN = re.compile(r"(?P<whole>.*[0-9])[.,][0-9]{1,2}")
_YES = {"ya", "y", "aktif", "active", "1", "true", "ditawarkan", "dijual"}
_NO = {"tidak", "t", "tidak aktif", "nonaktif", "non aktif", "inactive", "0", "false"}
_PLANS = {
    "cash": {"tunai", "cash", "lunas", "kontan"},
    "installment": {"cicilan", "cicil", "bertahap", "kredit", "angsuran"},
    "monthly": {"bulanan", "bulanan tetap", "langganan", "tiap bulan"},
}
_KINDS = {
    ProductKind.ONE_OFF: {"sekali bayar", "sekali", "jual putus", "one off", "kavling", "barang"},
    ProductKind.SUBSCRIPTION: {
        "langganan",
        "bulanan",
        "tiap bulan",
        "subscription",
        "berlangganan",
    },
}


class Unclear(ValueError):
    """A cell that cannot be taken; the message says why in Indonesian."""

    def __init__(self, reason: str, proposal: str = "") -> None:
        super().__init__(reason)
        self.proposal = proposal


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field of a row, and what it may have meant."""

    field: str
    reason: str
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What helps to read the cells of one file.

    Attributes:
        style: how its amounts are spelled, as far as one of them shows it.
        marketing: the active Marketing: ids by name.
        month_first: one of its dates has its month first.
    """

    style: Style | None = None
    marketing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    month_first: bool = False


def read_cell(key: str, text: str, hints: Hints) -> object:
    """Read one filled cell as what its field holds, ready for JSON.

    Raises:
        Unclear: it is none, or could be two.
    """
    return _READERS[key](text, hints)


def _line(most: int) -> Callable[[str, Hints], str]:
    def read(text: str, _hints: Hints) -> str:
        line = " ".join(clean(text).split())
        if len(line) > most:
            raise Unclear(f"Lebih dari {most} huruf.", line[:most].rstrip())
        return line

    return read


def _paragraph(most: int) -> Callable[[str, Hints], str]:
    def read(text: str, _hints: Hints) -> str:
        whole = clean(text)
        if len(whole) > most:
            raise Unclear(f"Lebih dari {most} huruf.", whole[:most].rstrip())
        return whole

    return read


def _phone(text: str, _hints: Hints) -> str:
    if _CUT.fullmatch(text.replace(" ", "")):
        raise Unclear("Nomor ini terpotong oleh Excel. Isi nomor yang lengkap.")
    try:
        return normalise(_digits(text))
    except PhoneNotValid:
        pass
    parts = [*_PHONE_PARTS.findall(text), text.translate(_LOOKALIKES)]
    meant = [part.strip() for part in parts if _is_phone(part)]
    if len(meant) > 1:
        raise Unclear("Memuat lebih dari satu nomor. Pilih satu.", meant[0])
    raise Unclear("Bukan nomor HP yang benar. Contoh: 0856 1101 133.", "".join(meant))


def _digits(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _is_phone(text: str) -> bool:
    try:
        normalise(_digits(text))
    except PhoneNotValid:
        return False
    return True


def _email(text: str, _hints: Hints) -> str:
    found = _valid_email(text)
    if found is not None:
        return found
    repaired = re.sub(r"\s+", "", text).removeprefix("mailto:").strip(",;.<>").replace(",", ".")
    raise Unclear("Bukan alamat surel yang benar.", _valid_email(repaired) or "")


def _valid_email(text: str) -> str | None:
    try:
        return str(_EMAIL.validate_python(text))
    except ValidationError:
        return None


def _marketing(text: str, hints: Hints) -> str:
    name = " ".join(clean(text).split()).casefold()
    by_name = {known.casefold(): known for known in hints.marketing}
    ids = hints.marketing[by_name[name]] if name in by_name else ()
    if len(ids) == 1:
        return ids[0]
    if ids:
        raise Unclear("Ada lebih dari satu Marketing dengan nama ini.")
    near = difflib.get_close_matches(name, by_name, n=1)
    raise Unclear("Bukan nama Marketing yang aktif.", by_name[near[0]] if near else "")


def _yes(text: str, _hints: Hints) -> bool:
    word = _word(text)
    if word in _YES | _NO:
        return word in _YES
    raise Unclear("Tulis Ya atau Tidak.", "Tidak" if word.startswith("t") else "Ya")


def _status(text: str, hints: Hints) -> str:
    try:
        active = _yes(text, hints)
    except Unclear as unclear:
        proposal = "Tidak aktif" if unclear.proposal == "Tidak" else "Aktif"
        raise Unclear("Tulis Aktif atau Tidak aktif.", proposal) from None
    return str(CustomerStatus.ACTIVE if active else CustomerStatus.INACTIVE)


def _kind(text: str, _hints: Hints) -> str:
    word = _word(text)
    for kind, words in _KINDS.items():
        if word in words:
            return str(kind)
    proposal = "Langganan" if "bulan" in word else "Sekali bayar"
    raise Unclear("Tulis Sekali bayar atau Langganan.", proposal)


def _price(text: str, hints: Hints) -> int:
    try:
        amount = rupiah(text, hints.style).amount
    except AmountUnclear as unclear:
        raise Unclear(str(unclear), _meant(text)) from None
    if amount <= 0:
        raise Unclear("Jumlah uang harus lebih dari nol.")
    return amount


def _price_or_none(text: str, hints: Hints) -> int:
    return 0 if text in {"0", "-"} else _price(text, hints)


def _day(text: str, hints: Hints) -> str:
    try:
        return read_day(text, month_first=hints.month_first).isoformat()
    except DayUnclear as unclear:
        raise Unclear(str(unclear), unclear.proposal) from None


def _number(least: int, most: int) -> Callable[[str, Hints], int]:
    def read(text: str, _hints: Hints) -> int:
        match = re.fullmatch(r"([0-9]{1,7})(?: *(?:x|kali|bulan|bln|unit))?", text.strip().lower())
        if match is None or not least <= int(match[1]) <= most:
            raise Unclear(f"Tulis angka bulat antara {least} dan {most}.")
        return int(match[1])

    return read


def _plan_kind(text: str, _hints: Hints) -> str:
    word = _word(text)
    for kind, words in _PLANS.items():
        if word in words:
            return kind
    raise Unclear("Tulis Tunai, Cicilan, atau Bulanan.", "Cicilan" if "cicil" in word else "")


def _meant(text: str) -> str:
    """Propose an amount in plain digits, which reads alike in every file; sen are left out."""
    number = re.sub(r"(?i)^rp\.?", "", text.strip()).strip()
    if re.fullmatch(r"[0-9]{1,3}([.,][0-9]{3})+", number):
        return re.sub(r"[.,]", "", number)
    match = _SEN.fullmatch(number)
    return re.sub(r"[^0-9]", "", match["whole"]) if match else ""


def _code(text: str, _hints: Hints) -> str:
    if re.fullmatch(CODE_PATTERN, text):
        return text
    repaired = re.sub(r"[^A-Za-z0-9._/-]+", "-", clean(text)).strip("-._/")[:32]
    raise Unclear("Kode terdiri dari huruf, angka, dan . _ / - tanpa spasi.", repaired)


def _word(text: str) -> str:
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.lower()).split())


_READERS: dict[str, Callable[[str, Hints], object]] = {
    "number": _line(40),
    "name": _line(200),
    "phone": _phone,
    "address": _paragraph(500),
    "email": _email,
    "marketing": _marketing,
    "status": _status,
    "code": _code,
    "price_idr": _price,
    "kind": _kind,
    "description": _paragraph(4_000),
    "active": _yes,
    "confirmed": _yes,
    "quantity": _number(1, 1_000_000),
    "plan_kind": _plan_kind,
    "down_payment_idr": _price_or_none,
    "installments": _number(1, 120),
    "first_due_on": _day,
    "down_payment_due_on": _day,
    "due_day": _number(1, 31),
    "notes": _paragraph(4_000),
}
