from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def service_folder() -> Path:
    return Path(__file__).parent / "sample"
