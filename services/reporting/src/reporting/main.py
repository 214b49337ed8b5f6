"""Puts reporting together."""

from __future__ import annotations

from reporting.api import ROUTERS
from reporting.api.office import Office
from reporting.domain.papers.base import Company
from reporting.exporter import Exporter
from reporting.handlers import subscriptions
from reporting.handlers.desk import Desk
from reporting.paper.printer import Limits, Printer
from reporting.settings import Settings
from reporting.store.activities import belonging
from reporting.store.exports.jobs import CHANNEL
from reporting.store.verification import BOOKS
from shared.loop import Loop
from shared.server import run
from shared.service import Outside, Service


def build(settings: Settings, outside: Outside) -> Service:
    """Make the service; its renderers start with the first paper."""
    desk = Desk(
        company=_company(settings),
        public_url=settings.public_url,
        key=settings.document_key.get_secret_value().encode(),
    )
    limits = Limits(processes=settings.renderers, seconds=settings.render_seconds)
    printer = Printer(limits)
    service = Service(
        "reporting",
        settings,
        outside,
        routers=ROUTERS,
        subscriptions=subscriptions(desk),
        activities=belonging,
        closers=[printer.close],
        books=BOOKS,
    )
    service.app.state.office = Office(desk, printer)
    exporter = Exporter(service.sessions, settings.company_name)
    service.loops += [
        Loop("reporting", "exports", exporter.step, CHANNEL),
        Loop("reporting", "expired-exports", exporter.clean_step),
    ]
    return service


def _company(settings: Settings) -> Company:
    address = [line.strip() for line in settings.company_address.split("|")]
    npwp = [f"NPWP {settings.company_npwp}"] if settings.company_npwp else []
    return Company(
        name=settings.company_name,
        lines=(*address, *npwp),
        place=settings.company_place,
        contact=settings.company_contact,
        signer_name=settings.signer_name,
        signer_role=settings.signer_role,
        collects_vat=settings.company_collects_vat,
        stamp_duty_on=settings.stamp_duty_on,
    )


if __name__ == "__main__":
    run(build, Settings())
