"""Who may sign in, as whom, and with what at this moment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.contracts.gateway import UserChanged
from shared.ids import new_id
from shared.tables import instant


class GatewayTable(SQLModel, registry=registry()):
    """Tables of the gateway, apart from those of services in the same process."""


class Role(GatewayTable, table=True):
    """A set of permissions and how far its holder sees."""

    __tablename__ = "roles"

    name: str = Field(primary_key=True)
    scope_kind: str


class RolePermission(GatewayTable, table=True):
    """One permission of one role (A1)."""

    __tablename__ = "role_permissions"

    role: str = Field(primary_key=True)
    permission: str = Field(primary_key=True)


class User(GatewayTable, table=True):
    """A person who may sign in; without a password he is invited only."""

    __tablename__ = "users"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    username: str
    name: str
    role: str
    phone: str | None = None
    password_hash: str | None = None
    disabled: bool = False
    version: int = 1
    created_at: datetime = instant()
    updated_at: datetime = instant()
    signed_in_at: datetime | None = instant(nullable=True)

    @property
    def has_password(self) -> bool:
        return self.password_hash is not None

    @property
    def is_active_admin(self) -> bool:
        return self.role == "admin" and not self.disabled and self.has_password

    def facts(self) -> dict[str, str | bool | None]:
        """Give what may be told about the user, ready for JSON."""
        return {
            "username": self.username,
            "name": self.name,
            "role": self.role,
            "phone": self.phone,
            "disabled": self.disabled,
        }

    def changed(self, at: datetime) -> UserChanged:
        """Say what the user is now."""
        return UserChanged.of(self.version, at, self.id, **self.facts())


class Credential(GatewayTable, table=True):
    """A live session or token; ending it deletes the row.

    ``confirmed_at`` is when its holder last gave his password, ``refusals`` how often in a row he
    gave a wrong one since.
    """

    __tablename__ = "credentials"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    user_id: UUID
    kind: str
    secret_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = instant()
    seen_at: datetime = instant()
    expires_at: datetime = instant()
    confirmed_at: datetime = instant()
    refusals: int = 0
    source: str | None = None
    agent: str | None = None
    viewing: UUID | None = None
    viewing_until: datetime | None = instant(nullable=True, default=None)


class PasswordLink(GatewayTable, table=True):
    """The one link by which a user sets his own password; using it deletes the row."""

    __tablename__ = "password_links"

    user_id: UUID = Field(primary_key=True)
    purpose: str
    secret_hash: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = instant()
    expires_at: datetime = instant()


class SignInTries(GatewayTable, table=True):
    """How often in a row signing in failed, for one account, source, or place of a person (W3)."""

    __tablename__ = "sign_in_tries"

    subject: str = Field(primary_key=True)
    key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    failures: int = 0
    last_at: datetime = instant()
    blocked_until: datetime = instant()


class FamiliarPlace(GatewayTable, table=True):
    """A browser or an address from which a user came in; only its hash is kept."""

    __tablename__ = "familiar_places"

    user_id: UUID = Field(primary_key=True)
    mark: bytes = Field(sa_type=LargeBinary, primary_key=True)
    seen_at: datetime = instant()


class SecondFactor(GatewayTable, table=True):
    """What somebody's app shares with us; it counts once ``enabled_at`` is set.

    ``last_step`` is the step of the newest code that was used: no code is good twice.
    """

    __tablename__ = "second_factors"

    user_id: UUID = Field(primary_key=True)
    sealed_secret: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = instant()
    enabled_at: datetime | None = instant(nullable=True, default=None)
    last_step: int = 0


class RecoveryCode(GatewayTable, table=True):
    """A code that lets somebody in once without his phone; using it deletes the row."""

    __tablename__ = "recovery_codes"

    user_id: UUID = Field(primary_key=True)
    code_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
