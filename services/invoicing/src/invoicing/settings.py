"""What invoicing reads from its environment, as INVOICING_<NAME>."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from invoicing.domain.paying import Paying
from shared.contracts.customer import VaMode
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read as INVOICING_<NAME>.

    Attributes:
        va_mode: whose virtual account bills are paid to: invoice, contract or customer.
        va_mode_cash: the same for plans paid at once; empty: as ``va_mode``.
        va_mode_installment: the same for installment plans; empty: as ``va_mode``.
        va_mode_monthly: the same for monthly plans; empty: as ``va_mode``.
    """

    model_config = SettingsConfigDict(
        env_prefix="INVOICING_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    va_mode: VaMode = "invoice"
    va_mode_cash: VaMode | None = None
    va_mode_installment: VaMode | None = None
    va_mode_monthly: VaMode | None = None

    @property
    def paying(self) -> Paying:
        return Paying(
            self.va_mode,
            {
                "cash": self.va_mode_cash,
                "installment": self.va_mode_installment,
                "monthly": self.va_mode_monthly,
            },
        )
