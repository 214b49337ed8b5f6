"""``python -m launcher``, which ``./lunas`` runs."""

from __future__ import annotations

from launcher.cli import main

if __name__ == "__main__":  # the printing processes import this module too
    main()
