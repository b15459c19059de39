"""The reference is complete, and speaks of nothing that is not there."""

import re

import click

from homeshore.cli import homeshore
from homeshore.config.environment import PREFIX, SETTINGS
from tests.unit.docs.pages import ROOT, pages, reference

SETTING = re.compile(rf"\b{PREFIX}[A-Z0-9_]+\b")


def test_every_setting_is_described_with_its_default():
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(rf"^\| `{PREFIX}([A-Z0-9_]+)` \| (.*?) \|", page, re.MULTILINE))
    expected = {setting.name: f"`{setting.default}`" if setting.default else "" for setting in SETTINGS}
    assert rows == expected


def test_no_page_speaks_of_a_setting_that_does_not_exist():
    known = {PREFIX + setting.name for setting in SETTINGS}
    said = {(page.name, name) for page in pages() for name in SETTING.findall(page.read_text(encoding="utf-8"))}
    assert {(page, name) for page, name in said if name not in known} == set()


def test_every_command_and_option_is_described():
    text = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    missing = []
    for path, command in commands(homeshore, "homeshore"):
        options = [option for each in command.params if isinstance(each, click.Option) for option in each.opts]
        missing += [said for said in [path, *options] if f"`{said}" not in text]
    assert missing == []


def commands(group: click.Command, path: str) -> list[tuple[str, click.Command]]:
    """Every command below a group, with what one types to run it."""
    if not isinstance(group, click.Group):
        return [(path, group)]
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += commands(command, f"{path} {name}")
    return found


def test_every_address_of_the_api_is_described():
    from django.urls import URLPattern, URLResolver, get_resolver

    def addresses(patterns, prefix=""):
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from addresses(each.url_patterns, prefix + str(each.pattern))
            elif isinstance(each, URLPattern):
                yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", prefix + str(each.pattern))

    machinery = ("/api/v1/docs", "/api/v1/openapi.json")
    all_addresses = set(addresses(get_resolver().url_patterns))
    api = {address for address in all_addresses if address.startswith("/api/v1/")} - set(machinery)
    text = reference()
    assert sorted(address for address in api if f"`{address}`" not in text and f" {address}`" not in text) == []
