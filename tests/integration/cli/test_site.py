import os
import subprocess
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner

from homeshore.cli import homeshore, main
from homeshore.contacts.models import Customer
from homeshore.foundation.models import Event, Membership, Role
from tests.clock import MORNING
from tests.factories import CustomerFactory, OperatorFactory, UserFactory

pytestmark = pytest.mark.django_db

ADMIN = ["--email", "Zoe@Example.org", "--person", "Zoé Marchand", "--password", "a long and simple password"]


def run(*arguments):
    return CliRunner().invoke(homeshore, list(arguments))


def test_an_operator_is_created_with_an_administrator_who_can_sign_in(client):
    result = run("create-operator", "Rivage", *ADMIN)

    assert result.exit_code == 0, result.output
    membership = Membership.objects.get()
    assert (membership.operator.slug, membership.role) == ("rivage", Role.OPERATOR_ADMIN)
    assert client.login(email="zoe@example.org", password="a long and simple password")
    assert client.get("/floor/snapshot").status_code == 200


def test_two_operators_of_one_name_have_two_slugs():
    run("create-operator", "Rivage", *ADMIN)
    run("create-operator", "Rivage", "--email", "max@example.org", *ADMIN[2:])

    assert sorted(Membership.objects.values_list("operator__slug", flat=True)) == ["rivage", "rivage-2"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--email", "zoe"], "email"),
        (["--password", "short"], "password"),
        (["--time-zone", "Mars/Olympus"], "time_zone"),
    ],
)
def test_what_is_wrong_with_an_operator_is_said_and_nothing_is_created(wrong, said):
    result = run("create-operator", "Rivage", *ADMIN, *wrong)

    assert result.exit_code == 1
    assert f"{said}:" in result.output
    assert Membership.objects.count() == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "Il n’y a pas d’opérateur rivage."),
        ({"LANG": "en_GB.UTF-8"}, "There is no operator rivage."),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_BE"}, "Il n’y a pas d’opérateur rivage."),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "de_DE"}, "There is no operator rivage."),
        ({}, "There is no operator rivage."),
    ],
)
def test_a_command_answers_in_the_language_of_the_terminal(asked, said, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in asked.items():
        monkeypatch.setenv(name, value)

    assert said in run("erase-customer", "rivage", "claire@example.org", "--reason", "by letter").output


def test_an_address_that_is_taken_is_said():
    UserFactory.create(email="zoe@example.org")

    assert "email:" in run("create-operator", "Rivage", *ADMIN).output


def test_check_says_that_all_is_in_order():
    result = run("check")

    assert (result.exit_code, "are in order" in result.output) == (0, True)


def test_purge_says_what_it_forgot():
    Event.objects.create(
        operator=OperatorFactory.create(), topics=["x"], kind="k", payload={}, at=MORNING - timedelta(days=400)
    )

    assert "1 events forgotten" in run("purge").output


def test_settings_are_listed_without_their_secrets(monkeypatch):
    monkeypatch.setenv("HOMESHORE_MAIL_URL", "smtp://me:open-sesame@mail.example.org")
    monkeypatch.setenv("HOMESHORE_PORT", "8123")

    output = run("settings").output

    assert "HOMESHORE_PORT = 8123" in output
    assert "open-sesame" not in output


@pytest.mark.sqlite
@pytest.mark.parametrize("words", [("router",), ("channels",), ("serve", "--no-router"), ("serve", "--no-channels")])
def test_the_embedded_database_is_not_shared_among_processes(words):
    result = run(*words)

    assert result.exit_code == 1
    assert "belongs to one process, `homeshore serve`" in result.output
    assert "HOMESHORE_DATABASE_URL" in result.output


def test_a_data_folder_that_cannot_be_made_is_said_in_one_line(tmp_path):
    """In a process of its own: the settings are read once."""
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")

    ended = subprocess.run(
        [sys.executable, "-m", "homeshore.cli", "check"],
        env={**os.environ, "HOMESHORE_DATA_DIR": str(in_the_way / "data"), "HOMESHORE_DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "cannot be written: Not a directory. HOMESHORE_DATA_DIR says where" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_setting_that_cannot_be_read_is_said_in_one_line(monkeypatch, capsys):
    monkeypatch.setenv("HOMESHORE_PORT", "eighty")
    monkeypatch.setattr("sys.argv", ["homeshore", "settings"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("HOMESHORE_PORT='eighty' cannot be read: ")


def test_a_customer_is_erased_at_every_brand_from_the_command_line():
    operator = OperatorFactory.create(slug="rivage")
    for name in ("Lavande", "Mistral"):
        CustomerFactory.create(brand__operator=operator, brand__name=name, email="jeanne@dupont.example")
    asked = ["erase-customer", "rivage", "jeanne@dupont.example", "--reason", "her letter"]

    kept = CliRunner().invoke(homeshore, asked, input="n\n")
    assert (kept.exit_code, Customer.objects.filter(forgotten_at=None).count()) == (1, 2)
    erased = run(*asked, "--yes")
    assert erased.exit_code == 0, erased.output
    assert "Lavande: erased; messages: 0, files: 0." in erased.output
    assert Customer.objects.filter(forgotten_at=None).count() == 0
    assert "No customer of" in run(*asked, "--yes").output
    assert "There is no operator nobody." in run("erase-customer", "nobody", "a@b.example", "--reason", "x").output
