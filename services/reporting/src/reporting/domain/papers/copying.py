"""SALINAN: the print of an older revision, which says nothing of today."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reporting.domain.papers.base import Band
from reporting.domain.papers.paying import Notice


def old_copy(paper: dict[str, Any], revision: int, newest: int) -> dict[str, Any]:
    """Mark a frozen paper that a newer revision has replaced; nobody pays by it."""
    past = f" Dulu: {paper['band']['word'].lower()}." if paper["band"] else ""
    text = f"Rev. {revision}, sudah diganti Rev. {newest}.{past}"
    marked = {**paper, "band": asdict(Band("copy", "SALINAN", text))}
    if paper.get("pay"):
        waiting = Notice("Jangan dibayar dari salinan ini", f"Mintalah Rev. {newest} dulu.")
        marked |= {"pay": None, "notice": asdict(waiting), "how": []}
    return marked
