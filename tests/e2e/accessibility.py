"""axe-core's verdict on a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent.parent.parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def axe_source() -> str:
    if not AXE.exists():
        pytest.fail(f"{AXE} is missing: make assets installs it")
    return AXE.read_text(encoding="utf-8")


def assert_accessible(page: Page, *, within: str = "html") -> None:
    """Fail, in words, when axe-core finds a fault in the part of the page that the selector `within` names."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    # A bar that stays in sight covers, in a picture, what one scrolls from under it: no fault of what it covers.
    page.evaluate("() => document.querySelectorAll('.tabs').forEach((bar) => (bar.style.position = 'static'))")
    result = page.evaluate(
        "([within, rules]) => axe.run(within, {runOnly: rules, resultTypes: ['violations'], preload: false})",
        [within, RULES],
    )
    page.evaluate("() => document.querySelectorAll('.tabs').forEach((bar) => bar.style.removeProperty('position'))")
    faults = [
        f"{fault['id']} ({fault['impact']}): {fault['help']}\n"
        + "\n".join(f"    {node['target']}: {node['failureSummary']}" for node in fault["nodes"][:5])
        for fault in result["violations"]
    ]
    assert not faults, f"axe-core on {page.url}:\n" + "\n".join(faults)
