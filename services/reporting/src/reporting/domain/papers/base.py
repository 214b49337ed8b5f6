"""Parts that all papers share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from reporting.domain.facts import CustomerFacts
from reporting.domain.share import shares
from reporting.domain.spelling import long_day, percent, phone
from shared.clock import WIB, business_day

_PALE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who writes the paper: the letterhead, who signs, and what the law makes him say.

    ``collects_vat``: a PKP whose prices include VAT. ``stamp_duty_on``: who bears the meterai.
    """

    name: str
    lines: tuple[str, ...]
    place: str
    contact: str
    signer_name: str
    signer_role: str
    collects_vat: bool = False
    stamp_duty_on: str = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How a reader checks the paper: the QR's address and the code printed beside it."""

    number: str
    code: str
    url: str
    short: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, where and when."""

    place_date: str
    line: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Band:
    """The state of the paper: a word in capitals and what it means."""

    kind: str
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom the paper goes, and what else is known of him."""

    label: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in the row under the head."""

    label: str
    value: str
    note: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """One line below a table."""

    label: str
    amount: int
    total: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One share of the donut; ``share`` and ``start`` in percent with one decimal, as text."""

    label: str
    amount: int
    percent: str
    share: str
    start: str
    tone: int


@dataclass(frozen=True, slots=True)
class Donut:
    """The shares of a whole; together 100,0%, or 0 of nothing."""

    parts: tuple[Part, ...]
    total: int
    alt: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A box to sign in, on internal papers."""

    label: str
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """Who issues a paper, under which number and revision, when, and how to check it."""

    company: Company
    number: str
    revision: int
    at: datetime
    proof: Proof | None = None

    @property
    def shown_revision(self) -> int | None:
        return self.revision if self.revision > 1 else None

    @property
    def created(self) -> str:
        return self.at.astimezone(WIB).isoformat(timespec="seconds")

    def signature(self, line: str) -> Signature:
        """Let the company's signer sign on the day of issue."""
        place_date = f"{self.company.place}, {long_day(business_day(self.at))}"
        return Signature(place_date, line, self.company.signer_name, self.company.signer_role)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What every paper has: a head, a state, a foot."""

    template: str
    title: str
    description: str
    created: str
    number: str
    company: Company
    revision: int | None = None
    subtitle: str = ""
    footer: str = ""
    band: Band | None = None
    proof: Proof | None = None
    lang: str = "id"


def snapshot(paper: Paper) -> dict[str, Any]:
    """Give the paper as plain JSON: what is frozen, and what templates read."""
    frozen: dict[str, Any] = json.loads(json.dumps(asdict(paper), default=date.isoformat))
    return frozen


def donut(labelled: Sequence[tuple[str, int]], name: str) -> Donut:
    """Draw shares of a whole; the last one is pale, those before it have a colour."""
    tenths = shares([amount for _, amount in labelled])
    parts = tuple(
        Part(
            label,
            amount,
            percent(tenths[index]),
            _plain(tenths[index]),
            _plain(sum(tenths[:index])),
            _PALE if index == len(labelled) - 1 else index,
        )
        for index, (label, amount) in enumerate(labelled)
    )
    spoken = ", ".join(f"{part.label} {part.percent[:-1]} persen" for part in parts)
    return Donut(parts, sum(amount for _, amount in labelled), f"{name}: {spoken}")


def addressee(label: str, customer: CustomerFacts) -> Addressee:
    """Address a customer."""
    lines = (phone(customer.phone), *customer.address.split("\n"))
    return Addressee(label, customer.name, tuple(line.strip() for line in lines if line.strip()))


def seller(customer: CustomerFacts) -> str:
    """Name the Marketing, with his phone where it is known."""
    known = customer.marketing_phone
    return f"{customer.marketing_name} · {phone(known)}" if known else customer.marketing_name


def _plain(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"
