"""``/api/v1/message-templates``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from notification.api.writing import Writing
from notification.domain.template import DEFAULTS, REQUIRED, VARIABLES, Language, Purpose
from notification.handlers import templates as handlers
from notification.models import MessageTemplate
from notification.store import templates as store
from shared.text import storable
from shared.web import ServiceRouter, Transaction
from shared.web.route import IfMatch

router = ServiceRouter()

Body = Annotated[str, StringConstraints(max_length=4000), AfterValidator(storable)]
WhatsappName = Annotated[str, StringConstraints(pattern="^[a-z0-9_]{1,512}$")]


class Variable(BaseModel):
    """What may stand in braces; without a ``required`` one nothing is saved."""

    name: str
    meaning: str
    required: bool


class TemplateView(BaseModel):
    """The words in use; version 0 is built in and was changed by nobody."""

    purpose: Purpose
    language: Language
    version: int
    body: str
    whatsapp_name: str | None
    restores: int | None
    changed_by: str | None
    changed_at: datetime | None


class TemplateHistory(TemplateView):
    """The same with its variables and everything that was ever in use, newest first."""

    variables: list[Variable]
    history: list[TemplateView]


class Templates(BaseModel):
    """All of them; there are ten, so there are no pages."""

    items: list[TemplateView]


class NewWords(BaseModel):
    """New words, or an earlier version brought back."""

    model_config = ConfigDict(extra="forbid")

    body: Body | None = None
    whatsapp_name: WhatsappName | None = None
    restore: Annotated[int, Field(ge=0, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> NewWords:
        if (self.body is None) == (self.restore is None):
            raise ValueError("isi salah satu: body atau restore")
        return self


class Sample(BaseModel):
    """Words to look at, saved or not."""

    model_config = ConfigDict(extra="forbid")

    purpose: Purpose
    language: Language = Language.INDONESIAN
    body: Body


class Preview(BaseModel):
    """The words filled with real data."""

    text: str


@router.get("/api/v1/message-templates")
async def list_templates(session: Transaction) -> Templates:
    """List the words in use for every purpose."""
    saved = await store.newest(session)
    keys = [(purpose, language) for purpose in Purpose for language in Language]
    return Templates(items=[_view(*key, saved.get(key)) for key in keys])


@router.get("/api/v1/message-templates/{purpose}/{language}")
async def read_template(
    purpose: Purpose, language: Language, session: Transaction
) -> TemplateHistory:
    """Read the words for one purpose, and who changed them when."""
    saved = [
        _view(purpose, language, row) for row in await store.versions(session, purpose, language)
    ]
    every = [*saved, _view(purpose, language, None)]
    variables = [
        Variable(name=name, meaning=meaning, required=name in REQUIRED[purpose])
        for name, meaning in VARIABLES[purpose].items()
    ]
    return TemplateHistory(**every[0].model_dump(), variables=variables, history=every)


@router.patch("/api/v1/message-templates/{purpose}/{language}")
async def change_template(
    purpose: Purpose, language: Language, body: NewWords, version: IfMatch, session: Transaction
) -> TemplateView:
    """Save new words that can be filled, or bring back an earlier version."""
    if body.restore is not None:
        saved = await handlers.restore(session, purpose, language, body.restore, version=version)
    else:
        saved = await handlers.save(
            session,
            purpose,
            language,
            body.body or "",
            whatsapp_name=body.whatsapp_name,
            version=version,
        )
    return _view(purpose, language, saved)


@router.post("/api/v1/message-templates/preview")
async def preview_template(body: Sample, letterhead: Writing, session: Transaction) -> Preview:
    """Show words filled with the newest real bill or payment; nothing is saved."""
    text = await handlers.preview(session, letterhead, body.purpose, body.language, body.body)
    return Preview(text=text)


def _view(purpose: Purpose, language: Language, row: MessageTemplate | None) -> TemplateView:
    return TemplateView(
        purpose=purpose,
        language=language,
        version=row.version if row else 0,
        body=row.body if row else DEFAULTS[purpose, language],
        whatsapp_name=row.whatsapp_name if row else None,
        restores=row.restores if row else None,
        changed_by=row.changed_by_name if row else None,
        changed_at=row.changed_at if row else None,
    )
