"""Everything the gateway reads from its environment."""

from __future__ import annotations

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from gateway.domain.passwords import PasswordNotAccepted, check_new
from shared.settings import ServiceSettings

_SECRET_LENGTH_MIN, _SECRET_DISTINCT_MIN = 32, 8


class Settings(ServiceSettings):
    """The gateway's own part, as GATEWAY_<NAME>.

    Attributes:
        public_listen: where people and programs come in, ``host:port``.
        services: the inner base address of each service, as JSON.
        principal_private_key: PEM; signs who is asking.
        csrf_secret: binds forms to sessions and seals second factors (another one makes them be
            set up anew); at least 32 characters.
        admin_second_factor: let Admin in only with a second factor; who has none sets it up first.
        admin_username: the first Admin, made when there is no user yet and a password is given.
        demo_password: the one short password that demo users may have; refused in production.
        trusted_proxies: whose X-Forwarded-For is believed, separated by commas; nobody's if empty.
        production: refuse whatever is only fit for a demo (P4).
    """

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True, extra="ignore")

    public_listen: str = "127.0.0.1:8000"
    services: dict[str, str]
    principal_private_key: SecretStr
    csrf_secret: SecretStr
    admin_username: str = Field(default="admin", pattern=r"^[a-z0-9][a-z0-9._@+-]{1,99}$")
    admin_name: str = Field(default="Admin", min_length=1, max_length=200)
    admin_password: SecretStr | None = None
    demo_password: SecretStr | None = None
    trusted_proxies: str = ""
    admin_second_factor: bool = False
    production: bool = False

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> Self:
        secret = self.csrf_secret.get_secret_value()
        if len(secret) < _SECRET_LENGTH_MIN or len(set(secret)) < _SECRET_DISTINCT_MIN:
            raise ValueError("GATEWAY_CSRF_SECRET is too short or too plain")
        if not self.production:
            return self
        if self.demo_password is not None:
            raise ValueError("GATEWAY_DEMO_PASSWORD is refused in production")
        if self.admin_password is not None:
            try:
                check_new(self.admin_password.get_secret_value(), self.admin_username)
            except PasswordNotAccepted as error:
                raise ValueError("GATEWAY_ADMIN_PASSWORD is too weak") from error
        return self
