"""Where the built scripts and sheets are: read from the manifest that the build of `frontend/` leaves."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BUILT = Path(__file__).parent / "static" / "built"
ICONS = Path(__file__).parent / "components" / "icons.svg"


class AssetsNotBuilt(RuntimeError):
    """The screens were asked for before they were built, or the build does not hold what a page asks for."""


def manifest() -> dict[str, Any]:
    """The manifest of the build, kept in memory unless DEBUG is on.

    Raises AssetsNotBuilt when there is none, saying how to build.
    """
    return _read_manifest() if settings.DEBUG else _kept_manifest()


def _read_manifest() -> dict[str, Any]:
    path = BUILT / "manifest.json"
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetsNotBuilt(
            f"The screens are not built: {path} is missing. Run `make assets` (or `npm ci && npm run build` in frontend/)."
        ) from None
    return read


_kept_manifest = cache(_read_manifest)


def tags(name: str) -> SafeString:
    """The <link> and <script> elements of the island called `name`: its sheets, its script, and what that imports."""
    key = f"src/{name}/main.ts"
    chunks = manifest()
    if key not in chunks:
        raise AssetsNotBuilt(
            f"The build has no island called “{name}” (expected frontend/{key}). Build the screens again."
        )
    reached = _reached(chunks, key)
    sheets = [sheet for chunk in reached for sheet in chunk.get("css", [])]
    imported = [chunk["file"] for chunk in reached[1:]]
    return (
        format_html_join(
            "", '<link rel="stylesheet" href="{}">\n', ((_address(sheet),) for sheet in dict.fromkeys(sheets))
        )
        + format_html_join("", '<link rel="modulepreload" href="{}">\n', ((_address(file),) for file in imported))
        + format_html('<script type="module" src="{}"></script>', _address(chunks[key]["file"]))
    )


def _reached(chunks: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The chunk of `key` first, then all it imports, each once."""
    keys = [key]
    for known in keys:
        keys.extend(each for each in chunks[known].get("imports", []) if each not in keys)
    return [chunks[each] for each in keys]


def _address(file: str) -> str:
    return static(f"built/{file}")


@cache
def icon_sprite() -> SafeString:
    """Every icon as one hidden SVG, put once in a page; icons then refer to it by name, also without a line."""
    svg = ICONS.read_text(encoding="utf-8").replace("<svg ", '<svg class="sprite" aria-hidden="true" ', 1)
    return SafeString(svg)  # our own file, no outside text
