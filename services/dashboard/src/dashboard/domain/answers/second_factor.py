"""What the gateway says about somebody's second factor."""

from __future__ import annotations

from dashboard.domain.answers.base import Answer


class FactorState(Answer):
    """Whether a code is asked at sign-in, whether it must be, and the recovery codes left."""

    enabled: bool
    required: bool
    recovery_codes: int


class FactorSetup(Answer):
    """What the app needs while it is set up."""

    secret: str
    address: str


class RecoveryCodes(Answer):
    """Codes told once."""

    recovery_codes: tuple[str, ...]
