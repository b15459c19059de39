"""What Homeshore is installed with may be given away under Apache-2.0: no GPL, no AGPL."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from itertools import chain

from tests.unit.docs.pages import ROOT

COPYLEFT = re.compile(r"\bA?GPL|(?<!Lesser )(?<!Library )General Public License|Affero", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser|Library General", re.IGNORECASE)


def installed_with_homeshore() -> set[str]:
    """The names of all packages below Homeshore and its optional parts, by uv.lock."""
    packages = {each["name"]: each for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    found: set[str] = set()
    waiting = ["homeshore"]
    while waiting:
        package = packages[waiting.pop()]
        below = [*package.get("dependencies", []), *chain(*package.get("optional-dependencies", {}).values())]
        new = {each["name"] for each in below} - found
        found |= new
        waiting += new
    return found


def licences(name: str) -> list[str]:
    """What a package says of its licence: an expression, else its classifiers, else the first line of its text."""
    try:
        said = metadata(name)
    except PackageNotFoundError:  # for another platform
        return []
    if expression := said.get("License-Expression"):
        return [expression]
    classifiers = [each for each in said.get_all("Classifier", []) if each.startswith("License ::")]
    return classifiers or [said.get("License", "").split("\n")[0]]


def test_nothing_under_gpl_or_agpl_is_installed_with_homeshore():
    wrong = {name: licences(name) for name in sorted(installed_with_homeshore())}
    assert {
        name: said
        for name, said in wrong.items()
        if said and all(COPYLEFT.search(LESSER.sub("", each)) for each in said)
    } == {}
