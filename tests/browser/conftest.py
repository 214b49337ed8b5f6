from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from storyteller import House, Visitor

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo company, as ``./lunas up`` shows it to a new user; a person closes its days."""
    folder = tmp_path_factory.mktemp("browser") / "data"
    made = House("embedded", folder, demo=True, settings={"RECONCILIATION_CLOSE_DAYS": "false"})
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.remove()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("LUNAS_TEST_CHROMIUM")
    assert path, "Tests need Chromium: run ./lunas test, or set LUNAS_TEST_CHROMIUM to its path."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> ViewportSize:
    """Both widths that every page is made for."""
    found: ViewportSize = request.param
    return found


@pytest.fixture
def visit(house: House, chromium: Browser, size: ViewportSize) -> Iterator[Visit]:
    """``visit("wawan")``: a signed-in visitor in a browser of his own; all must leave unharmed."""
    visitors: list[tuple[BrowserContext, Visitor]] = []

    def open_door(username: str | None, **options: object) -> Visitor:
        phone = size["width"] < 600
        context = chromium.new_context(
            viewport=size, locale="id-ID", is_mobile=phone, has_touch=phone, **options
        )
        page: Page = context.new_page()
        visitor = Visitor(house, page, scripts=options.get("java_script_enabled", True) is True)
        visitors.append((context, visitor))
        if username:
            visitor.signs_in(username)
        return visitor

    yield open_door
    for context, visitor in visitors:
        complaints = visitor.complaints
        context.close()
        assert complaints == []
