"""What the bank-gateway reads from its environment."""

from datetime import timedelta
from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from bank_gateway.domain.limits import Limits, Pace, questions_of_one
from bank_gateway.handlers.terms import Contract
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read as BANK_GATEWAY_<NAME>; the agreement with the bank as BNI_<NAME>.

    Attributes:
        public_listen: where the bank's callbacks arrive.
        vault_keys: 32 bytes each in base64, separated by commas; the first one seals.
        grace_days: how long after its due day a bill can still be paid at its account.
        permanent_days: how long a customer's own account lives; his next bill opens another.
        workers: how many calls to the bank may be under way at once.
        calls_per_second: the pace towards the bank, of all processes together.
        inquiries_per_hour: how many inquiries in any hour, of all processes together.
        inquiry_minutes: one inquiry about the same billing per so many minutes; three may come
            at once.
        base_url: the bank's address.
        client_id: digits that the bank gave us.
        secret_key: 32 hexadecimal characters, used as text.
        prefix: the first digits of our account numbers.
        secret_key_previous: still accepted in callbacks while the key is being changed (P4).
        allowed_networks: where callbacks may come from, separated by commas; nobody if empty.
        snap_bank_client_id: the client id that we gave the bank; without it we serve no SNAP BI.
        snap_bank_client_secret: signs what the bank sends with a token of ours.
        snap_bank_client_secret_previous: still accepted while the secret is being changed (P4).
        snap_bank_public_key: PEM; proves the bank's token requests, and what it sends without one.
        snap_bank_public_key_previous: still accepted while the bank changes its key (P4).
        snap_path_prefix: what a proxy takes off the path that the bank calls, and signs.
        snap_token_seconds: how long a token of ours lives.
    """

    model_config = SettingsConfigDict(env_prefix="BANK_GATEWAY_", populate_by_name=True)

    public_listen: str = "127.0.0.1:8001"
    vault_keys: SecretStr
    grace_days: int = Field(default=90, ge=0)
    permanent_days: int = Field(default=3650, ge=90)
    workers: PositiveInt = 4
    calls_per_second: PositiveFloat = 20.0
    inquiries_per_hour: PositiveInt = 3600
    inquiry_minutes: PositiveInt = 15
    base_url: str = Field(validation_alias="BNI_BASE_URL")
    client_id: str = Field(validation_alias="BNI_CLIENT_ID", pattern=r"^[0-9]{2,5}$")
    secret_key: SecretStr = Field(validation_alias="BNI_SECRET_KEY", min_length=32)
    secret_key_previous: SecretStr | None = Field(
        default=None, validation_alias="BNI_SECRET_KEY_PREVIOUS"
    )
    prefix: str = Field(validation_alias="BNI_PREFIX", pattern=r"^[0-9]{1,3}$")
    allowed_networks: str = Field(default="", validation_alias="BNI_ALLOWED_NETWORKS")
    snap_bank_client_id: str = Field(default="", validation_alias="SNAP_BANK_CLIENT_ID")
    snap_bank_client_secret: SecretStr | None = Field(
        default=None, validation_alias="SNAP_BANK_CLIENT_SECRET", min_length=32
    )
    snap_bank_client_secret_previous: SecretStr | None = Field(
        default=None, validation_alias="SNAP_BANK_CLIENT_SECRET_PREVIOUS"
    )
    snap_bank_public_key: str = Field(default="", validation_alias="SNAP_BANK_PUBLIC_KEY")
    snap_bank_public_key_previous: str = Field(
        default="", validation_alias="SNAP_BANK_PUBLIC_KEY_PREVIOUS"
    )
    snap_path_prefix: str = Field(default="", validation_alias="SNAP_PATH_PREFIX")
    snap_token_seconds: PositiveInt = Field(default=900, validation_alias="SNAP_TOKEN_SECONDS")

    @property
    def limits(self) -> Limits:
        return Limits(
            Pace.per_second(self.calls_per_second),
            Pace.per_hour(self.inquiries_per_hour),
            questions_of_one(timedelta(minutes=self.inquiry_minutes)),
        )

    @property
    def contract(self) -> Contract:
        return Contract(self.client_id, self.prefix, self.grace_days, self.permanent_days)

    @model_validator(mode="after")
    def _snap_is_whole_or_absent(self) -> Self:
        given = (self.snap_bank_client_id, self.snap_bank_client_secret, self.snap_bank_public_key)
        if any(given) and not all(given):
            raise ValueError(
                "SNAP_BANK_CLIENT_ID, SNAP_BANK_CLIENT_SECRET and SNAP_BANK_PUBLIC_KEY go together"
            )
        return self
