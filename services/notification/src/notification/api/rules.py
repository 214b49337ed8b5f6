"""``/api/v1/message-rules``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

from notification.domain.ladder import Channel, Rules
from notification.domain.template import Language
from notification.handlers import rules as handlers
from notification.models import MessageRules
from notification.store import rules as store
from shared.web import ServiceRouter, Transaction
from shared.web.route import IfMatch

router = ServiceRouter()


class Wanted(BaseModel):
    """How customers are to be written to."""

    model_config = ConfigDict(extra="forbid")

    ladder: Annotated[list[StrictInt], Field(max_length=50)]
    quiet_from: StrictInt
    quiet_until: StrictInt
    holidays: Annotated[list[date], Field(max_length=1000)] = []
    language: Language = Language.INDONESIAN
    channel: Channel = Channel.WHATSAPP_LINK
    receipts: StrictBool = False

    def rules(self) -> Rules:
        """The same as the domain knows it."""
        return Rules(
            tuple(self.ladder),
            self.quiet_from,
            self.quiet_until,
            frozenset(self.holidays),
            self.language,
            self.channel,
            self.receipts,
        )


class NewRules(BaseModel):
    """Other rules, or an earlier version brought back."""

    model_config = ConfigDict(extra="forbid")

    rules: Wanted | None = None
    restore: Annotated[int, Field(ge=0, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> NewRules:
        if (self.rules is None) == (self.restore is None):
            raise ValueError("isi salah satu: rules atau restore")
        return self


class RulesView(BaseModel):
    """Rules that hold, or held; version 0 are the built-in ones."""

    version: int
    ladder: list[int]
    quiet_from: int
    quiet_until: int
    holidays: list[date]
    language: Language
    channel: Channel
    receipts: bool
    restores: int | None
    changed_by: str | None
    changed_at: datetime | None


class RulesHistory(RulesView):
    """The rules that hold, with everything that ever held, newest first."""

    history: list[RulesView]


@router.get("/api/v1/message-rules")
async def read_rules(session: Transaction) -> RulesHistory:
    """Read how customers are written to, and who changed it when."""
    every = [*(view(row) for row in await store.versions(session)), view(None)]
    return RulesHistory(**every[0].model_dump(), history=every)


@router.patch("/api/v1/message-rules")
async def change_rules(body: NewRules, version: IfMatch, session: Transaction) -> RulesView:
    """Let other rules hold; open bills follow them at once."""
    if body.rules is not None:
        return view(await handlers.change(session, body.rules.rules(), version=version))
    return view(await handlers.restore(session, body.restore or 0, version=version))


def view(row: MessageRules | None) -> RulesView:
    """Shape rules for the answer."""
    rules = row.rules if row else Rules()
    return RulesView(
        version=row.version if row else 0,
        ladder=sorted(rules.ladder),
        quiet_from=rules.quiet_from,
        quiet_until=rules.quiet_until,
        holidays=sorted(rules.holidays),
        language=rules.language,
        channel=rules.channel,
        receipts=rules.receipts,
        restores=row.restores if row else None,
        changed_by=row.changed_by_name if row else None,
        changed_at=row.changed_at if row else None,
    )
