"""What a service would not do, in the words that the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from shared.errors import DomainError, VersionStale


class Refused(DomainError):
    """The input or the present state does not allow it; ``errors`` names the fields.

    ``problem`` is all that the service said.
    """

    detail = "{text}"

    def __init__(
        self,
        text: str,
        errors: dict[str, str] | None = None,
        problem: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(text=text)
        self.errors = errors or {}
        self.problem = problem or {}

    @classmethod
    def of(cls, problem: dict[str, Any]) -> Self:
        """Read RFC 9457 problem details."""
        text = str(problem.get("detail") or "Permintaan tidak dapat diproses.")
        errors = {
            str(entry.get("field", "")): str(entry.get("message", text))
            for entry in problem.get("errors") or []
            if isinstance(entry, dict)
        }
        return cls(text, errors, problem)


class Outdated(VersionStale):
    """Somebody else changed it while the form was open; what was typed is kept."""

    detail = "Data ini sudah diubah orang lain. Isian Anda masih ada; periksa lalu simpan lagi."
