"""Whose virtual account a bill is paid to (ADR-0014)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.contracts.customer import PlanTerms, VaMode
from shared.contracts.invoicing import PlanKind


@dataclass(frozen=True, slots=True)
class Paying:
    """The house's rule: one mode, and others for some kinds of plan.

    It is asked once per plan; the plan keeps the answer, so that a new rule splits no contract.
    """

    default: VaMode = "invoice"
    by_kind: Mapping[PlanKind, VaMode | None] = field(default_factory=dict)

    def mode_of(self, terms: PlanTerms) -> VaMode:
        """Give the mode agreed in the plan, else that of its kind, else the house's."""
        return terms.va_mode or self.by_kind.get(terms.kind) or self.default

    def mode_of_free_bill(self) -> VaMode:
        """Give the mode of a bill without a plan, which has no contract to share an account."""
        return "customer" if self.default == "customer" else "invoice"
