"""What we answered the bank in SNAP BI."""

from datetime import date, datetime

from sqlmodel import Field

from bank_gateway.models.base import BankTable
from shared.tables import instant


class SnapAnswer(BankTable, table=True):
    """The answer to one ``X-EXTERNAL-ID``, kept with its effect for ninety days (C10, I1).

    Attributes:
        day: the WIB day of the signed ``X-TIMESTAMP``; the number is unique within it.
        body_hash: of the body that was answered; another body under the number is a conflict.
    """

    __tablename__ = "snap_answers"

    partner_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    external_id: str = Field(primary_key=True)
    body_hash: str
    code: str
    answer: bytes
    answered_at: datetime = instant()
