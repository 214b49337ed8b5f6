"""What the bank-gateway reads from its environment."""

from pydantic import Field, PositiveFloat, PositiveInt, SecretStr
from pydantic_settings import SettingsConfigDict

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
        calls_per_second: the pace towards the bank.
        base_url: the bank's address.
        client_id: digits that the bank gave us.
        secret_key: 32 hexadecimal characters, used as text.
        prefix: the first digits of our account numbers.
        secret_key_previous: still accepted in callbacks while the key is being changed (P4).
        allowed_networks: where callbacks may come from, separated by commas; nobody if empty.
    """

    model_config = SettingsConfigDict(env_prefix="BANK_GATEWAY_", populate_by_name=True)

    public_listen: str = "127.0.0.1:8001"
    vault_keys: SecretStr
    grace_days: int = Field(default=90, ge=0)
    permanent_days: int = Field(default=3650, ge=90)
    workers: PositiveInt = 4
    calls_per_second: PositiveFloat = 20.0
    base_url: str = Field(validation_alias="BNI_BASE_URL")
    client_id: str = Field(validation_alias="BNI_CLIENT_ID", pattern=r"^[0-9]{2,5}$")
    secret_key: SecretStr = Field(validation_alias="BNI_SECRET_KEY", min_length=32)
    secret_key_previous: SecretStr | None = Field(
        default=None, validation_alias="BNI_SECRET_KEY_PREVIOUS"
    )
    prefix: str = Field(validation_alias="BNI_PREFIX", pattern=r"^[0-9]{1,3}$")
    allowed_networks: str = Field(default="", validation_alias="BNI_ALLOWED_NETWORKS")

    @property
    def contract(self) -> Contract:
        return Contract(self.client_id, self.prefix, self.grace_days, self.permanent_days)
