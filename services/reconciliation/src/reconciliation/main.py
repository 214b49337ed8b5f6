"""Puts reconciliation together."""

from __future__ import annotations

from reconciliation import api, handlers
from reconciliation.comparing import Comparing
from reconciliation.handlers.lines import FeeRule
from reconciliation.nightly import Nightly
from reconciliation.settings import Settings
from reconciliation.store.activities import belonging
from reconciliation.store.book_checks import CHANNEL
from reconciliation.store.lines import CHANNEL as STATEMENTS
from reconciliation.store.verification import BOOKS
from shared.loop import Loop
from shared.money import Rupiah
from shared.server import run
from shared.service import Outside, Service

NAME = "reconciliation"


def build(settings: Settings, outside: Outside) -> Service:
    """Build the service, not started."""
    service = Service(
        NAME,
        settings,
        outside,
        routers=api.ROUTERS,
        subscriptions=handlers.subscriptions(apply_credit=settings.apply_credit),
        activities=belonging,
        books=BOOKS,
    )
    accounts = settings.bank_accounts
    nightly = Nightly(service.sessions, settings.close_days, accounts)
    fees = FeeRule(settings.fee_words, Rupiah(settings.fee_most_idr))
    comparing = Comparing(service.sessions, fees, settings.apply_credit, accounts)
    service.loops += [
        Loop(NAME, "statements", comparing.step, STATEMENTS),
        Loop(NAME, "closes", nightly.close_step),
        Loop(NAME, "book-checks", nightly.check_step, CHANNEL),
    ]
    return service


if __name__ == "__main__":
    run(build, Settings())
