"""What can keep the launcher from doing its work; each is one clear sentence for a person."""

from __future__ import annotations


class Refusal(Exception):
    """The launcher stops; the message tells a person in Indonesian why, and what to do."""
