"""HTTP of the services: one way to make an app, one way to make a route."""

from __future__ import annotations

from shared.web.route import Caller, IfMatch, ServiceRouter, Transaction, read_version

__all__ = ["Caller", "IfMatch", "ServiceRouter", "Transaction", "read_version"]
