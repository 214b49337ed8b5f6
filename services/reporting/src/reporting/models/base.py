"""What all tables of reporting share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Table(SQLModel, registry=registry()):
    """Tables of reporting, apart from those of other services in the same process."""

    metadata = MetaData()


def big(**options: Any) -> Any:
    return Field(sa_type=BigInteger, **options)
