"""Files that go with an import: the example to fill in, and the rows to mend (B6)."""

from __future__ import annotations

import io
from collections.abc import Sequence

from customer.domain.imports.fields import FIELDS
from customer.domain.imports.life import ImportKind
from customer.domain.imports.rows import text_of
from customer.models import Import, ImportRow
from shared.sheets.cells import Column
from shared.sheets.writer import WRITERS, Statement, Table

_TITLES = {
    ImportKind.CUSTOMERS: "Pelanggan",
    ImportKind.PRODUCTS: "Produk",
    ImportKind.BOOKINGS: "Booking",
}
_REASON = Column("_reason", "Masalah", width=60)
_PLACE = Column("_place", "Baris di berkas asal", width=12)


def template(kind: ImportKind, form: str) -> bytes:
    """Write an example: the headings that are recognised, and one row."""
    example = {field.key: field.example for field in FIELDS[kind]}
    columns = tuple(_column(field.key, field.title, field.width) for field in FIELDS[kind])
    needed = ", ".join(field.title for field in FIELDS[kind] if field.needed)
    about = [("Contoh impor", _TITLES[kind]), ("Wajib untuk data baru", needed)]
    return _written(form, about, Table(_TITLES[kind], columns), [example])


def problems(staged: Import, rows: Sequence[ImportRow], form: str) -> bytes:
    """Write the rows with something wrong as they stand now, with the reasons beside them."""
    fields = FIELDS[staged.kind]
    titles = {field.key: field.title for field in fields}
    columns = (*(_column(field.key, field.title, field.width) for field in fields), _REASON, _PLACE)
    written = []
    for row in rows:
        texts = {key: text_of(key, row.cells, staged.columns, row.edits) for key in titles}
        reasons = (_reason(titles.get(each["field"], ""), each) for each in row.faults)
        written.append(texts | {"_reason": " ".join(reasons), "_place": str(row.row_no)})
    about = [("Baris bermasalah dari", staged.file_name)]
    return _written(form, about, Table(_TITLES[staged.kind], columns), written)


def _reason(title: str, fault: dict[str, str]) -> str:
    proposal = f" Mungkin: {fault['proposal']}." if fault["proposal"] else ""
    return f"{title}: {fault['reason']}{proposal}" if title else fault["reason"]


def _column(key: str, title: str, width: int) -> Column:
    return Column(key, title, width=width)


def _written(form: str, about: Statement, table: Table, rows: Sequence[dict[str, str]]) -> bytes:
    file = io.BytesIO()
    writer = WRITERS[form](file, about)
    writer.begin(table)
    writer.add(rows)
    writer.finish()
    return file.getvalue()
