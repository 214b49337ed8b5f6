"""What the bank-gateway reads from its environment."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from bank_gateway.domain.limits import Limits, Pace, questions_of_one
from bank_gateway.domain.renewal import Renewal
from bank_gateway.handlers.terms import Contract
from bank_gateway.snap_line import Agreement
from shared.settings import PemSecret, PemText, ServiceSettings
from snap_protocol import signing
from snap_protocol.receiving import CHANNEL_ID_MAX, PARTNER_ID_MAX
from snap_protocol.sending import Caller

_NEEDED = {
    "ecollection": {"BNI_SECRET_KEY": "secret_key"},
    "snap": {
        "SNAP_PARTNER_ID": "snap_partner_id",
        "SNAP_CLIENT_ID": "snap_client_id",
        "SNAP_CLIENT_SECRET": "snap_client_secret",
        "SNAP_PRIVATE_KEY": "snap_private_key",
        "SNAP_CHANNEL_ID": "snap_channel_id",
    },
}


class Settings(ServiceSettings):
    """Read as BANK_GATEWAY_<NAME>; the agreement with the bank as BNI_<NAME>.

    Attributes:
        public_listen: where the bank's callbacks arrive.
        vault_keys: 32 bytes each in base64, separated by commas; the first one seals.
        grace_days: how long after its due day a bill can still be paid at its account.
        permanent_days: how long a customer's own account lives, unless it is renewed.
        renew_before_days: how long before its end an account of a contract or a customer is
            renewed, if it is still wanted; days of trying, should the bank refuse.
        renew_for_days: how far from that day on its new end lies; no further than the bank bears.
        workers: how many calls to the bank may be under way at once.
        calls_per_second: the pace towards the bank, of all processes together.
        inquiries_per_hour: how many inquiries in any hour, of all processes together.
        inquiry_minutes: one inquiry about the same billing per so many minutes; three may come
            at once.
        base_url: the bank's address.
        client_id: digits that the bank gave us.
        protocol: what we speak to the bank: ecollection, or snap.
        secret_key: of eCollection: 32 hexadecimal characters, used as text; without it no
            callback of eCollection is taken.
        prefix: the first digits of our account numbers.
        secret_key_previous: still accepted in callbacks while the key is being changed, and used
            for what we ask when the bank cannot read the new one yet (P4).
        allowed_networks: where callbacks may come from, separated by commas; nobody if empty.
        trusted_proxies: whose X-Forwarded-For is believed, separated by commas; nobody's if empty.
        snap_partner_id: our X-PARTNER-ID; needed for snap, as are the next four.
        snap_client_id: our X-CLIENT-KEY.
        snap_client_secret: signs what we ask of the bank.
        snap_private_key: our RSA key as PEM, or the file it is in; signs our token requests.
        snap_channel_id: our CHANNEL-ID, as the bank gave it.
        snap_token_path: where the bank gives tokens.
        snap_service_prefix: what the paths of its services begin with ...
        snap_version: ... and the version that follows.
        snap_bank_client_id: the client id that we gave the bank; without it we serve no SNAP BI.
        snap_bank_partner_id: what the bank sends as X-PARTNER-ID; SNAP_PARTNER_ID if not given.
        snap_bank_client_secret: signs what the bank sends with a token of ours.
        snap_bank_client_secret_previous: still accepted while the secret is being changed (P4).
        snap_bank_public_key: PEM, or the file it is in; proves the bank's token requests, and what
            it sends without one.
        snap_bank_public_key_previous: still accepted while the bank changes its key (P4).
        snap_path_prefix: what a proxy takes off the path that the bank calls, and signs.
        snap_token_seconds: how long a token of ours lives.
    """

    model_config = SettingsConfigDict(env_prefix="BANK_GATEWAY_", populate_by_name=True)

    public_listen: str = "127.0.0.1:8001"
    vault_keys: SecretStr
    grace_days: int = Field(default=90, ge=0)
    permanent_days: int = Field(default=3650, ge=90)
    renew_before_days: int = Field(default=30, ge=1, le=89)
    renew_for_days: int = Field(default=365, ge=90, le=3650)
    workers: PositiveInt = 4
    calls_per_second: PositiveFloat = 20.0
    inquiries_per_hour: PositiveInt = 3600
    inquiry_minutes: PositiveInt = 15
    base_url: str = Field(validation_alias="BNI_BASE_URL")
    client_id: str = Field(validation_alias="BNI_CLIENT_ID", pattern=r"^[0-9]{2,5}$")
    protocol: Literal["ecollection", "snap"] = Field(
        default="ecollection", validation_alias="BNI_PROTOCOL"
    )
    secret_key: SecretStr | None = Field(
        default=None, validation_alias="BNI_SECRET_KEY", min_length=32
    )
    secret_key_previous: SecretStr | None = Field(
        default=None, validation_alias="BNI_SECRET_KEY_PREVIOUS"
    )
    prefix: str = Field(validation_alias="BNI_PREFIX", pattern=r"^[0-9]{1,3}$")
    allowed_networks: str = Field(default="", validation_alias="BNI_ALLOWED_NETWORKS")
    trusted_proxies: str = Field(default="", validation_alias="BNI_TRUSTED_PROXIES")
    snap_partner_id: str = Field(
        default="", validation_alias="SNAP_PARTNER_ID", max_length=PARTNER_ID_MAX
    )
    snap_client_id: str = Field(default="", validation_alias="SNAP_CLIENT_ID")
    snap_client_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias="SNAP_CLIENT_SECRET"
    )
    snap_private_key: PemSecret = Field(default=SecretStr(""), validation_alias="SNAP_PRIVATE_KEY")
    snap_channel_id: str = Field(
        default="", validation_alias="SNAP_CHANNEL_ID", max_length=CHANNEL_ID_MAX
    )
    snap_token_path: str = Field(
        default="/snap/v1/access-token/b2b", validation_alias="SNAP_TOKEN_PATH"
    )
    snap_service_prefix: str = Field(default="/snap", validation_alias="SNAP_SERVICE_PREFIX")
    snap_version: str = Field(default="v1.0", validation_alias="SNAP_VERSION")
    snap_bank_client_id: str = Field(default="", validation_alias="SNAP_BANK_CLIENT_ID")
    snap_bank_partner_id: str = Field(
        default="", validation_alias="SNAP_BANK_PARTNER_ID", max_length=PARTNER_ID_MAX
    )
    snap_bank_client_secret: SecretStr | None = Field(
        default=None, validation_alias="SNAP_BANK_CLIENT_SECRET", min_length=32
    )
    snap_bank_client_secret_previous: SecretStr | None = Field(
        default=None, validation_alias="SNAP_BANK_CLIENT_SECRET_PREVIOUS"
    )
    snap_bank_public_key: PemText = Field(default="", validation_alias="SNAP_BANK_PUBLIC_KEY")
    snap_bank_public_key_previous: PemText = Field(
        default="", validation_alias="SNAP_BANK_PUBLIC_KEY_PREVIOUS"
    )
    snap_path_prefix: str = Field(default="", validation_alias="SNAP_PATH_PREFIX")
    snap_token_seconds: PositiveInt = Field(default=900, validation_alias="SNAP_TOKEN_SECONDS")

    @field_validator("allowed_networks", "trusted_proxies")
    @classmethod
    def _are_networks(cls, given: str) -> str:
        networks_of(given)
        return given

    @property
    def our_partner_id(self) -> str:
        """Give the X-PARTNER-ID by which the bank names us."""
        return self.snap_bank_partner_id or self.snap_partner_id

    @property
    def limits(self) -> Limits:
        return Limits(
            Pace.per_second(self.calls_per_second),
            Pace.per_hour(self.inquiries_per_hour),
            questions_of_one(timedelta(minutes=self.inquiry_minutes)),
        )

    @property
    def contract(self) -> Contract:
        renewal = Renewal(
            before=timedelta(days=self.renew_before_days), by=timedelta(days=self.renew_for_days)
        )
        return Contract(self.client_id, self.prefix, self.grace_days, self.permanent_days, renewal)

    @property
    def agreement(self) -> Agreement:
        """Give what snap needs; only when the protocol is that."""
        return Agreement(
            Caller(
                client_id=self.snap_client_id,
                partner_id=self.snap_partner_id,
                channel_id=self.snap_channel_id,
                client_secret=self.snap_client_secret.get_secret_value(),
                private_key=signing.private_key(self.snap_private_key.get_secret_value()),
            ),
            service_id=self.prefix + self.client_id,
            token_path=self.snap_token_path,
            path_prefix=self.snap_service_prefix,
            version=self.snap_version,
        )

    @model_validator(mode="after")
    def _protocol_has_what_it_needs(self) -> Self:
        needed = _NEEDED[self.protocol]
        missing = [name for name, field in needed.items() if not getattr(self, field)]
        if missing:
            raise ValueError(f"BNI_PROTOCOL={self.protocol} needs {', '.join(missing)}")
        if self.protocol == "snap":
            _check_key(self.snap_private_key.get_secret_value())
        return self

    @model_validator(mode="after")
    def _snap_is_whole_or_absent(self) -> Self:
        given = (self.snap_bank_client_id, self.snap_bank_client_secret, self.snap_bank_public_key)
        if any(given) and not all(given):
            raise ValueError(
                "SNAP_BANK_CLIENT_ID, SNAP_BANK_CLIENT_SECRET and SNAP_BANK_PUBLIC_KEY go together"
            )
        if any(given) and not self.our_partner_id:
            raise ValueError("SNAP_BANK_CLIENT_ID needs SNAP_PARTNER_ID or SNAP_BANK_PARTNER_ID")
        return self


def networks_of(given: str) -> list[IPv4Network | IPv6Network]:
    """Read networks or single addresses, separated by commas.

    Raises:
        ValueError: one of them is neither.
    """
    return [ip_network(part.strip()) for part in given.split(",") if part.strip()]


def _check_key(pem: str) -> None:
    """Refuse a key that cannot sign, by name alone (P2)."""
    try:
        signing.private_key(pem)
    except ValueError:
        raise ValueError("SNAP_PRIVATE_KEY is no RSA key of 2048 bits or more") from None
