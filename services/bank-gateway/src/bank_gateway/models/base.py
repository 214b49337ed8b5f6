"""What all tables of the bank-gateway share."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class BankTable(SQLModel, registry=registry()):
    """Tables of the bank-gateway, apart from those of services in the same process."""
