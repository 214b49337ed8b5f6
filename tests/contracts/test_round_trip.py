"""A44: a list that reporting writes is one that the customer service takes over again."""

from __future__ import annotations

import io

import pytest

from customer.domain.imports.cells import Hints
from customer.domain.imports.fields import guess, known_headings
from customer.domain.imports.life import ImportKind
from customer.domain.imports.rows import read_row
from reporting.domain.exports.lists import CUSTOMERS
from shared.sheets.reading import read
from shared.sheets.writer import WRITERS, Table

ROW = {
    "number": "PLG-000042",
    "name": "'Aisyah",
    "phone": "+628561101133",
    "address": "Jl. Mawar 1\nBogor",
    "email": "a@example.com",
    "marketing": "Ibu Sari",
    "status": "inactive",
}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a44_every_field_of_an_exported_customer_is_read_back_as_it_was(form: str) -> None:
    keys = [column.key for column in CUSTOMERS.columns]
    file = io.BytesIO()
    writer = WRITERS[form](file, [("Daftar", CUSTOMERS.title), ("Perusahaan", "PT Contoh")])
    writer.begin(Table(CUSTOMERS.title, CUSTOMERS.columns))
    writer.add([dict.fromkeys(keys) | ROW])
    writer.finish()

    sheet = read(file.getvalue(), known_headings(ImportKind.CUSTOMERS))
    columns = guess(ImportKind.CUSTOMERS, sheet.headings)
    hints = Hints(marketing={"Ibu Sari": ["id-of-sari"]})
    reading = read_row(ImportKind.CUSTOMERS, sheet.lines[0].cells, columns, {}, hints)

    assert len(sheet.lines) == 1
    assert reading.faults == ()
    assert reading.values == ROW | {"marketing": "id-of-sari"}
