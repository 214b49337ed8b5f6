"""The rules of writing to customers: changing them, and bringing earlier ones back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from notification.domain.ladder import Rules
from notification.domain.template import TemplateNotFound
from notification.models import MessageRules
from notification.store import reminders
from notification.store import rules as store
from shared import audit
from shared.database import Session
from shared.errors import VersionStale

_OBJECT = UUID("0d9a3a8e-7b1c-4f53-8a42-0f3f3f0b7c01")


async def change(
    session: Session, rules: Rules, *, version: int, restores: int | None = None
) -> MessageRules:
    """Let other rules hold from now on; every open bill is looked at by them.

    Raises:
        Invalid: they cannot be kept.
        VersionStale: somebody else was faster.
    """
    rules.check()
    saved = await store.versions(session)
    present = saved[0].version if saved else 0
    if present != version:
        raise VersionStale(version=present)
    row = MessageRules(
        version=version + 1,
        **_facts(rules) | {"holidays": sorted(rules.holidays)},
        restores=restores,
        changed_by_id=session.principal.user_id,
        changed_by_name=session.principal.name,
        changed_at=session.clock.now(),
    )
    if not await store.add(session, row):
        raise VersionStale(version=version + 1)
    audit.record(
        session,
        action="message_rules.changed" if restores is None else "message_rules.restored",
        object_type="message_rules",
        object_id=_OBJECT,
        before=_facts(saved[0].rules if saved else Rules()),
        after=_facts(rules),
    )
    await reminders.plan_all(session)
    return row


async def restore(session: Session, wanted: int, *, version: int) -> MessageRules:
    """Bring earlier rules back as the newest; 0 are the built-in ones.

    Raises:
        TemplateNotFound: there was no such version.
        VersionStale: somebody else was faster.
    """
    saved = {row.version: row.rules for row in await store.versions(session)} | {0: Rules()}
    if wanted not in saved:
        raise TemplateNotFound
    return await change(session, saved[wanted], version=version, restores=wanted)


def _facts(rules: Rules) -> dict[str, Any]:
    facts = asdict(rules)
    facts["ladder"] = list(rules.ladder)
    facts["holidays"] = [day.isoformat() for day in sorted(rules.holidays)]
    return facts
