"""What reconciliation reads from its environment, as RECONCILIATION_<NAME>."""

from __future__ import annotations

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
    """

    model_config = SettingsConfigDict(env_prefix="RECONCILIATION_", frozen=True, extra="ignore")

    apply_credit: bool = True
    close_days: bool = True
    bank_accounts: tuple[str, ...] = ()
