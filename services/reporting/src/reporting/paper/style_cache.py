"""Keep computed styles between documents: a fifth of the time of every sheet.

WeasyPrint shares one style object between elements with the same parent style and the same
matched rules, but forgets them after each document. Importing this module once, before the
first rendering, makes it remember them for the life of the process. The bytes stay the same;
a test compares. It rewrites two expressions of the pinned version and refuses any other.

Keep ONE stylesheet and ONE font configuration alive, and never feed it inline styles without
limit: each new value adds an entry.
"""

from __future__ import annotations

import inspect
import textwrap

import weasyprint
from weasyprint import css

PINNED = "70.0"
_SHEETS = "(tuple(id(s[0]) for s in sheets), id(font_config))"
_REWRITES = (
    ("computed_cache = {}", f"computed_cache = _KEPT.setdefault({_SHEETS}, {{}})"),
    ("= tuple(declarations)", "= tuple(d.serialize() for d in declarations)"),
)


class OtherVersion(ImportError):
    """WeasyPrint is not the version that this module was written against."""


def _rewritten() -> str:
    source = textwrap.dedent(inspect.getsource(css.StyleFor.__init__))
    for old, new in _REWRITES:
        if weasyprint.__version__ != PINNED or source.count(old) != 1:
            raise OtherVersion(f"read StyleFor.__init__ of {weasyprint.__version__} again")
        source = source.replace(old, new)
    return source


def install() -> None:
    """Make WeasyPrint remember; once in a process is enough."""
    if hasattr(css, "_KEPT"):
        return
    css._KEPT = {}
    exec(compile(_rewritten(), __file__, "exec"), css.__dict__)  # noqa: S102 - its own source
    css.StyleFor.__init__ = css.__dict__.pop("__init__")
