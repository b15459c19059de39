"""No page leads nowhere."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.unit.docs.pages import ROOT, pages, prose

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
MAKE = re.compile(r"\bmake ([a-z][a-z-]+)\b")


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_something(page: Path):
    targets = [target for target in LINK.findall(prose(page)) if not target.startswith(("http:", "https:", "mailto:"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_decision_is_in_the_list_of_decisions():
    folder = ROOT / "docs" / "explanation" / "adr"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted(folder.glob("[0-9]*.md")) if f"({page.name})" not in listed] == []


def test_every_page_is_reached_from_the_index():
    index = ROOT / "docs" / "index.md"
    reached = {(index.parent / target).resolve() for target in LINK.findall(prose(index)) if ":" not in target}
    below = [page for page in pages() if page.is_relative_to(index.parent) and page.parent.name != "adr"]
    assert [page.name for page in below if page != index and page.resolve() not in reached] == []


def test_every_make_command_in_the_pages_exists():
    said = {name for page in pages() for name in MAKE.findall(code(page))}
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said - set(MAKE.findall(listed)) == set()


def code(page: Path) -> str:
    """The parts of a page that are to be typed."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]*`", page.read_text(encoding="utf-8"), re.DOTALL))
