"""``python -m launcher``, which ``./lunas`` runs."""

from __future__ import annotations

from launcher.cli import main

main()
