"""``/api/v1/change-requests``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import Header, Query
from pydantic import BaseModel, ConfigDict, EmailStr, Field, model_validator

from customer.api.people import CustomerName, Person, name_of
from customer.domain.change_request import About, RequestStatus
from customer.domain.customer import CustomerStatus
from customer.handlers import change_requests as handlers
from customer.models import ChangeRequest
from customer.store import change_requests as store
from customer.store.change_requests import ChangeRequestQuery
from shared.paging import Page
from shared.phones import Phone
from shared.text import Address, Line, OptionalLine, Reason
from shared.web import ServiceRouter, Transaction, read_version

router = ServiceRouter()


class WantedChanges(BaseModel):
    """The fields to change; what is not named stays."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    phone: Phone = ""
    address: Address = ""
    email: EmailStr | None = None
    status: CustomerStatus = CustomerStatus.ACTIVE


class RequestSubject(BaseModel):
    """A booking or a bill that the request speaks of; ``number`` names a bill for its readers."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["booking", "invoice"]
    id: UUID
    number: OptionalLine = ""

    @model_validator(mode="after")
    def _bill_is_named(self) -> Self:
        if self.kind == "invoice" and not self.number:
            raise ValueError("sertakan nomor tagihan")
        return self


class NewChangeRequest(BaseModel):
    """What to change and why; without ``changes`` the reason says what is to be done."""

    model_config = ConfigDict(extra="forbid")

    customer_id: UUID
    about: RequestSubject | None = None
    changes: WantedChanges = Field(default_factory=WantedChanges)
    reason: Reason


class ApplyChange(BaseModel):
    """What Admin has to say about it, if anything; with ``changes`` they replace what was asked."""

    model_config = ConfigDict(extra="forbid")

    words: Reason | None = None
    changes: WantedChanges | None = None


class RefuseChange(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra="forbid")

    words: Reason


class SubjectView(BaseModel):
    """What a request speaks of."""

    kind: About
    id: UUID
    number: str


class ChangeRequestView(BaseModel):
    """A request as it is shown; ``before`` and ``after`` once it is applied."""

    id: UUID
    status: RequestStatus
    customer: CustomerName
    about: SubjectView
    changes: dict[str, Any]
    reason: str
    asked_by: Person
    asked_at: datetime
    decided_by: Person | None
    decided_at: datetime | None
    words: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@router.get("/api/v1/change-requests")
async def list_change_requests(
    wanted: Annotated[ChangeRequestQuery, Query()], session: Transaction
) -> Page[ChangeRequestView]:
    """List requests."""
    return (await store.find(session, wanted)).page(view)


@router.post("/api/v1/change-requests", status_code=201)
async def ask_for_change(body: NewChangeRequest, session: Transaction) -> ChangeRequestView:
    """Ask Admin for a change."""
    changes = body.changes.model_dump(mode="json", exclude_unset=True)
    return view(
        await handlers.ask_for_change(
            session, body.customer_id, changes, body.reason, _subject(body.about)
        )
    )


@router.get("/api/v1/change-requests/{request_id}")
async def read_change_request(request_id: UUID, session: Transaction) -> ChangeRequestView:
    """Read one request."""
    return view(await store.get(session, request_id))


@router.post("/api/v1/change-requests/{request_id}/apply")
async def apply_change(
    request_id: UUID,
    session: Transaction,
    body: ApplyChange | None = None,
    if_match: Annotated[str | None, Header()] = None,
) -> ChangeRequestView:
    """Carry a request out; ``If-Match`` names the customer's version that was seen, if any."""
    given = body or ApplyChange()
    edited = given.changes
    changes = None if edited is None else edited.model_dump(mode="json", exclude_unset=True)
    version = None if if_match is None else read_version(if_match)
    return view(
        await handlers.apply_change(
            session, request_id, given.words or "", changes=changes, version=version
        )
    )


@router.post("/api/v1/change-requests/{request_id}/refuse")
async def refuse_change(
    request_id: UUID, body: RefuseChange, session: Transaction
) -> ChangeRequestView:
    """Refuse a request, with words."""
    return view(await handlers.refuse_change(session, request_id, body.words))


def view(request: ChangeRequest) -> ChangeRequestView:
    """Shape a request for the answer."""
    names = {"about", "about_id", "about_number"}
    hidden = names | {
        "asked_by_id",
        "asked_by_name",
        "decided_by_id",
        "decided_by_name",
        "customer_id",
    }
    return ChangeRequestView(
        **request.model_dump(exclude=hidden),
        customer=name_of(request.customer),
        about=SubjectView(kind=request.about, id=request.about_id, number=request.about_number),
        asked_by=Person(id=request.asked_by_id, name=request.asked_by_name),
        decided_by=_decider(request),
    )


def _subject(about: RequestSubject | None) -> handlers.Subject:
    if about is None:
        return handlers.Subject()
    return handlers.Subject(About(about.kind), about.id, about.number)


def _decider(request: ChangeRequest) -> Person | None:
    if request.decided_by_id is None or request.decided_by_name is None:
        return None
    return Person(id=request.decided_by_id, name=request.decided_by_name)
