"""What deploy/ starts is there to be started, and as nobody in particular."""

import shlex
from configparser import RawConfigParser

import click
import pytest
import yaml

from homeshore.cli import homeshore
from homeshore.config.environment import PREFIX, SETTINGS
from tests.unit.docs.pages import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "homeshore"}


def understood(words):
    """Parse a `homeshore` command without running it; click raises when it does not know it."""
    command = homeshore.get_command(click.Context(homeshore), words[0])
    assert command is not None, words
    return command.make_context(words[0], [word.replace("%i", "8001") for word in words[1:]])


def read_unit(path):
    unit = RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(path, encoding="utf-8")
    return dict(unit["Service"])


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists_as_a_user_without_rights(path):
    service = read_unit(path)
    program, *words = shlex.split(service["ExecStart"])
    understood(words)
    assert program == "/opt/homeshore/bin/homeshore"
    assert (
        service["User"],
        service["NoNewPrivileges"],
        service["ProtectSystem"],
        service["CapabilityBoundingSet"],
    ) == (
        "homeshore",
        "yes",
        "strict",
        "",
    )


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_container_runs_a_command_that_exists_without_rights(name):
    service = OURS[name]
    understood(service["command"])
    assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (
        True,
        ["ALL"],
        ["no-new-privileges:true"],
    )


def test_compose_file_and_units_have_the_same_shape():
    started = (DEPLOY / "systemd" / "homeshore.target").read_text(encoding="utf-8")
    for part in ("web", "router", "channels"):
        assert started.count(f"homeshore-{part}@") == OURS[part]["deploy"]["replicas"]


def test_the_example_of_an_environment_sets_what_exists():
    lines = (DEPLOY / "homeshore.env.example").read_text(encoding="utf-8").splitlines()
    said = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert said <= {PREFIX + setting.name for setting in SETTINGS}
