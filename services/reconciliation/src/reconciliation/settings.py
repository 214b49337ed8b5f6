"""What reconciliation reads from its environment, as RECONCILIATION_<NAME>."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What all services read, and how the books are kept.

    Attributes:
        apply_credit: credit left over of a customer (titipan) pays his next bill by itself;
            off, it waits for a person.
        close_days: the day before is closed by itself at 02.00 WIB; off, a person closes it.
        bank_accounts: the numbers of our accounts, whose statements may be imported; empty, the
            account of the first import is the only one.
        fee_words: how the bank's charges begin on a statement; such a debit of at most
            ``fee_most_idr`` is booked as a fee by itself, everything else waits for a person.
        explain_alone_most_idr: up to this sum one Admin may close an exception by explaining it;
            above it a second one has to agree.
        fee_most_idr: how many rupiah such a charge has at most.
    """

    model_config = SettingsConfigDict(env_prefix="RECONCILIATION_", frozen=True, extra="ignore")

    apply_credit: bool = True
    close_days: bool = True
    bank_accounts: tuple[str, ...] = ()
    fee_words: tuple[str, ...] = ("BIAYA", "BY ADM", "ADM FEE")
    fee_most_idr: int = Field(default=50_000, ge=0)
    explain_alone_most_idr: int = Field(default=1_000_000, ge=0)
