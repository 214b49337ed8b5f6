"""The page of settings, made from the classes that read them: ``python -m launcher.documents``."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from launcher.house import RESIDENTS, ROOT, Resident
from shared.settings import ServiceSettings

PAGE = ROOT / "docs" / "settings.md"
_ATTRIBUTE = re.compile(r"^ {4,8}(\w+): (.*)$")
_HEAD = """# Settings

Made by `python -m launcher.documents` from the `Settings` class of each service; do not edit.
Everything is read from the environment once, at start; a missing or ill-formed value stops the
service with its name. Secrets have no default.

"""


def page() -> str:
    """Build the page: what all services read, then each one's own."""
    shared = "".join(_rows("<SERVICE>_", ServiceSettings, set()))
    parts = [_HEAD, "## Every service\n\n", _table(shared)]
    for resident in RESIDENTS:
        rows = "".join(
            _rows(resident.prefix, settings_class(resident), set(ServiceSettings.model_fields))
        )
        if rows:
            parts.append(f"\n## {resident.name}\n\n{_table(rows)}")
    return "".join(parts)


def settings_class(resident: Resident) -> type[ServiceSettings]:
    """Give the class that reads the settings of a service."""
    found: type[ServiceSettings] = importlib.import_module(f"{resident.package}.settings").Settings
    return found


def _table(rows: str) -> str:
    return f"| variable | default | meaning |\n|---|---|---|\n{rows}"


def _rows(prefix: str, settings: type[ServiceSettings], without: set[str]) -> Iterator[str]:
    meanings = _meanings(settings.__doc__ or "")
    for name, field in settings.model_fields.items():
        if name not in without:
            variable = str(field.validation_alias or prefix + name.upper())
            meaning = meanings.get(name, name.replace("_", " "))
            yield f"| `{variable}` | {_default(field)} | {meaning.replace('|', '&#124;')} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default in (None, ""):
        return "none"
    text = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return f"`{text}`".replace("|", "&#124;")


def _meanings(docstring: str) -> dict[str, str]:
    """Read the ``Attributes:`` part of a docstring."""
    meanings: dict[str, str] = {}
    name = ""
    for line in docstring.partition("Attributes:")[2].splitlines():
        if match := _ATTRIBUTE.match(line):
            name = match[1]
            meanings[name] = match[2].rstrip(".")
        elif name and line.strip():
            meanings[name] += " " + line.strip().rstrip(".")
    return {key: words.replace("``", "`") for key, words in meanings.items()}


if __name__ == "__main__":
    PAGE.write_text(page())
