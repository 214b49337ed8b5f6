"""How an exception looks outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel

from reconciliation.api.views import CustomerView, PaymentView, customer_view, show
from reconciliation.domain.exception import ExceptionKind
from reconciliation.domain.resolution import Action, ResolutionState, needs_second
from reconciliation.models import ExceptionNote, MoneyException, Resolution
from reconciliation.settings import Settings
from reconciliation.store import copies, payments, resolutions
from shared.database import Session
from shared.money import Rupiah
from shared.paging import Page


def _alone_most(request: Request) -> Rupiah:
    settings: Settings = request.app.state.service.settings
    return Rupiah(settings.explain_alone_most_idr)


AloneMost = Annotated[Rupiah, Depends(_alone_most)]
"""The most rupiah that one person may declare explained."""


class ResolutionView(BaseModel):
    """One decision; ``decided_by`` is the second person, where one is needed."""

    id: UUID
    action: Action
    state: ResolutionState
    amount_idr: int
    reason: str
    proposed_by_id: UUID
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None
    undone_by: str | None
    undone_at: datetime | None
    undo_reason: str | None


class ExceptionView(BaseModel):
    """Something that needs a person; ``amount_idr`` is how much is in question.

    ``actions`` are its ways out at this moment, ``proposals`` those that need a second person,
    ``resolution`` the decision that is proposed or
    stands, ``payer_name`` who sent the money as the bank spells him.
    """

    id: UUID
    kind: ExceptionKind
    key: str
    payment_id: UUID | None
    bank_line_id: UUID | None
    notice_id: UUID | None
    customer_id: UUID | None
    customer: CustomerView | None
    payer_name: str
    amount_idr: int
    evidence: str
    supports: list[str]
    contradicts: list[str]
    facts: dict[str, Any]
    owner_id: UUID | None
    owner_name: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    actions: list[Action]
    proposals: list[Action]
    resolution: ResolutionView | None
    version: int


class NoteView(BaseModel):
    """What somebody asked or answered."""

    id: UUID
    author_id: UUID
    author_name: str
    written_at: datetime
    text: str


class ExceptionDetail(ExceptionView):
    """An exception with the money it is about, all decisions, and what was said."""

    payment: PaymentView | None
    resolutions: list[ResolutionView]
    notes: list[NoteView]


class AgeCounts(BaseModel):
    """How many wait since today or yesterday, up to seven days, and longer."""

    new: int
    week: int
    old: int


class ExceptionPage(Page[ExceptionView]):
    """One page; ``sum_idr`` adds the whole filter up, ``ages`` counts it whatever its age.

    ``unknown_idr`` is the money of open exceptions that belongs to nobody known, ``suspense_idr``
    the balance of its account: they are equal (M9). Both are None for whoever sees a part only.
    """

    sum_idr: int
    ages: AgeCounts
    unknown_idr: int | None
    suspense_idr: int | None


async def show_exceptions(
    session: Session, found: Sequence[MoneyException], alone_most: Rupiah
) -> list[ExceptionView]:
    """Shape several exceptions with one query for each part."""
    decided = await resolutions.of_exceptions(session, [each.id for each in found])
    owners = {each.customer_id for each in found if each.customer_id is not None}
    customers = await copies.customers_by_id(session, owners)
    ids = {each.payment_id for each in found if each.payment_id is not None}
    payers = await payments.payer_names(session, ids)
    standing = await payments.standing(session, ids)
    return [
        ExceptionView(
            customer=_customer(customers, each.customer_id),
            payer_name=payers.get(each.payment_id, "") if each.payment_id else "",
            **_decisions(each, decided[each.id], alone_most, stands=each.payment_id in standing),
            **each.model_dump(),
        )
        for each in found
    ]


async def show_detail(
    session: Session, found: MoneyException, alone_most: Rupiah
) -> ExceptionDetail:
    """Shape one exception with everything about it."""
    await session.flush()
    (view,) = await show_exceptions(session, [found], alone_most)
    decided = await resolutions.of_exceptions(session, [found.id])
    payment = found.payment_id and await payments.look_up(session, found.payment_id)
    return ExceptionDetail(
        payment=await show(session, payment) if payment else None,
        resolutions=[_resolution(each) for each in decided[found.id]],
        notes=[_note(each) for each in await resolutions.notes_of(session, found.id)],
        **view.model_dump(),
    )


def _decisions(
    found: MoneyException, decided: list[Resolution], alone_most: Rupiah, *, stands: bool
) -> dict[str, Any]:
    live = next((each for each in reversed(decided) if each.state in _LIVE), None)
    open_ = found.closed_at is None and live is None
    offered = list(found.offers(stands=stands)) if open_ else []
    return {
        "actions": offered,
        "proposals": [each for each in offered if needs_second(each, found.amount, alone_most)],
        "resolution": live and _resolution(live),
    }


_LIVE = {ResolutionState.PROPOSED, ResolutionState.DONE}


def _customer(customers: dict[UUID, Any], customer_id: UUID | None) -> CustomerView | None:
    known = customers.get(customer_id) if customer_id is not None else None
    return known and customer_view(known)


def _resolution(resolution: Resolution) -> ResolutionView:
    return ResolutionView.model_validate(resolution, from_attributes=True)


def _note(note: ExceptionNote) -> NoteView:
    return NoteView.model_validate(note, from_attributes=True)
