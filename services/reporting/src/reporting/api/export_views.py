"""What comes in and goes out about files of lists: names that stay."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from reporting.domain.exports import filters
from reporting.domain.exports.job import Format, Status
from reporting.domain.exports.lists import LISTS
from reporting.handlers.exports import Wish
from reporting.models import Export

Columns = Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=40)]


class _Wanted(filters.Filters):
    """What every request has besides the filters of its list."""

    format: Format
    columns: Columns | None = None

    @property
    def wish(self) -> Wish:
        given = self.model_dump(exclude={"list", "format", "columns"})
        known = LISTS[getattr(self, "list")]  # noqa: B009 - each kind of request names its own
        chosen = known.filters.model_validate(given)
        return Wish(known.name, self.format, chosen, self.columns)


class CustomersExport(_Wanted, filters.CustomerFilters):
    """The list of customers with their figures."""

    list: Literal["customers"]


class InvoicesExport(_Wanted, filters.InvoiceFilters):
    """The list of invoices."""

    list: Literal["invoices"]


class PaymentsExport(_Wanted, filters.PaymentFilters):
    """The list of payments."""

    list: Literal["payments"]


class ProductsExport(_Wanted, filters.ProductFilters):
    """The catalogue."""

    list: Literal["products"]


class BookingsExport(_Wanted, filters.BookingFilters):
    """The list of bookings without drafts."""

    list: Literal["bookings"]


class AccountsExport(_Wanted, filters.AccountFilters):
    """The list of virtual accounts."""

    list: Literal["virtual_accounts"]


class MarketingRecapExport(_Wanted, filters.MarketingRecapFilters):
    """The recap per Marketing; an XLSX has its customers on a second sheet."""

    list: Literal["marketing_recap"]


class PaymentRecapExport(_Wanted, filters.PaymentRecapFilters):
    """The recap of a period, by day, week or month and channel."""

    list: Literal["payment_recap"]


ExportRequest = Annotated[
    CustomersExport
    | InvoicesExport
    | PaymentsExport
    | ProductsExport
    | BookingsExport
    | AccountsExport
    | MarketingRecapExport
    | PaymentRecapExport,
    Field(discriminator="list"),
]


class Progress(BaseModel):
    """Rows written, of how many; ``total`` is null until they are counted."""

    done: int
    total: int | None


class JobView(BaseModel):
    """One file that is made; ``file`` is where it can be fetched, once it is done."""

    id: UUID
    kind: Literal["export"] = "export"
    status: Status
    progress: Progress
    list: str
    format: Format
    filters: dict[str, Any]
    file_name: str
    file: str | None
    size_bytes: int | None
    trouble: str | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime


def view(job: Export) -> JobView:
    """Shape a job for the answer."""
    facts = job.model_dump(include=set(JobView.model_fields))
    return JobView(
        **facts,
        list=job.list_name,
        progress=Progress(done=job.rows_done, total=job.rows_total),
        file=f"/api/v1/jobs/{job.id}/file" if job.status == Status.DONE else None,
    )
