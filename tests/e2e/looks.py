"""Looking at screens: what any person would see at once, and a picture for those who want to see more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from homeshore.foundation.models import User
from tests.e2e.accessibility import assert_accessible

Theme = Literal["light", "dark"]
WIDTHS = {1440: 900, 390: 844}
THEMES: tuple[Theme, ...] = ("light", "dark")
PAIRWISE: dict[str, list[tuple[int, Theme]]] = {
    "fr": [(1440, "light"), (390, "dark")],
    "en": [(1440, "dark"), (390, "light")],
}
COME_TO_REST = """async () => {
    await document.fonts.ready;
    await new Promise(requestAnimationFrame);
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
}"""
IN_THE_README = {"desk", "floor", "earnings", "widget"}
"""Names of looks whose English picture at full width, light, is shown in the README."""


@dataclass
class Looks:
    """How this test looks at screens: in the language spoken now, in some or all sizes and themes."""

    root: Path
    language: str
    every: bool = False

    def __call__(self, page: Page, name: str, *, within: str = "html") -> None:
        """Look at the page as it stands, without loading it again, and leave it as it was."""
        before = page.viewport_size
        for width, theme in self.circumstances():
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            page.emulate_media(color_scheme=theme)
            page.evaluate(COME_TO_REST)
            picture = page.screenshot()
            self.keep(picture, name, width, theme)
            assert_nothing_overflows(page, f"{name} in {self.language} at {width} px, {theme}")
            self.show_all_of(page, width)
            assert_accessible(page, within=within)
        page.emulate_media(color_scheme="light")
        if before:
            page.set_viewport_size(before)

    def in_both_languages(self, page: Page, name: str, *, shows: str = "main") -> None:
        """Look at a page as it stands, then loaded again in the other language; leave it loaded again in its own.

        It is for pages that are whole again once loaded again, which they are when `shows` (a selector) is seen.
        """
        own = self.language
        self(page, name)
        for language in self.languages(page):
            page.reload()
            page.locator(shows).first.wait_for()
            if language != own:
                self(page, name)

    def languages(self, page: Page) -> Iterator[str]:
        """Each language in turn, the one spoken now last: all persons and this browser have it from the next load on."""
        for language in sorted(PAIRWISE, key=self.language.__eq__):
            self.language = language
            User.objects.update(language=language)
            spoken = [each for each in page.context.cookies() if each["name"] == "django_language"]
            page.context.add_cookies([each | {"value": language} for each in spoken])
            yield language

    def show_all_of(self, page: Page, width: int) -> None:
        """Make the window as high as the page: axe-core takes what is scrolled under a fixed bar for what cannot be reached."""
        height = page.evaluate("() => document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, WIDTHS[width])})

    def circumstances(self) -> list[tuple[int, Theme]]:
        return list(product(WIDTHS, THEMES)) if self.every else PAIRWISE[self.language]

    def keep(self, picture: bytes, name: str, width: int, theme: Theme) -> None:
        folder = self.root / "var" / "looks"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}-{self.language}-{width}-{theme}.png").write_bytes(picture)
        if self.every and name in IN_THE_README and (self.language, width, theme) == ("en", 1440, "light"):
            pictures = self.root / "docs" / "pictures"
            pictures.mkdir(parents=True, exist_ok=True)
            (pictures / f"{name}.png").write_bytes(picture)


def assert_nothing_overflows(page: Page, where: str) -> None:
    """A page scrolls down, never sideways."""
    wide, room = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room, f"{where}: the page is {wide} px wide in a window of {room} px"
