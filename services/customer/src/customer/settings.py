"""What the service reads from its environment, as ``CUSTOMER_<NAME>``."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing beyond what all services share."""

    model_config = SettingsConfigDict(env_prefix="CUSTOMER_", frozen=True, extra="ignore")
