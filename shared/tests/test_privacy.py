"""P2: what a statement carried does not reach a log when the statement fails."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database import make_engine
from shared.testing import Database


async def test_p2_a_failed_statement_does_not_tell_its_values(database: Database) -> None:
    engine = make_engine(database.url)

    with pytest.raises(DBAPIError) as failure:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT length(:phone) / 0"), {"phone": "+628561101133"})

    assert "628561101133" not in str(failure.value)
    await engine.dispose()
