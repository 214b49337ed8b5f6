"""What the service reads from its environment, as ``NOTIFICATION_<NAME>``."""

from __future__ import annotations

from pydantic import AnyHttpUrl
from pydantic_settings import SettingsConfigDict

from notification.domain.message import Letterhead
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Who writes to customers.

    Attributes:
        public_base_url: where customers reach the gateway; their links begin with it.
        company_name: the name under each message.
    """

    model_config = SettingsConfigDict(env_prefix="NOTIFICATION_", frozen=True, extra="ignore")

    public_base_url: AnyHttpUrl = AnyHttpUrl("http://localhost:8000")
    company_name: str = "Lunas"

    @property
    def letterhead(self) -> Letterhead:
        """What messages are written on."""
        return Letterhead(self.company_name, str(self.public_base_url))
