"""The screens of lists: a supervisor makes one, fills it, starts it, watches it and takes its results out."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from homeshore.channels.voice.models import Number
from homeshore.foundation.models import AuditEntry, Role
from homeshore.outbound.models import CallList, ListEntry
from tests.factories import BrandFactory, QueueFactory, user_as

pytestmark = pytest.mark.django_db

PEOPLE = "numéro;nom;facture\n01 45 06 07 08;Claire Vasseur;F-204\n01 45 06 07 09;=cmd|calc;+33\n"


@pytest.fixture
def queue(clock):
    return QueueFactory.create(brand=BrandFactory.create(name="Maison Lavande"), channel="voice", name="Appels")


@pytest.fixture
def supervisor(queue) -> Client:
    client = Client(headers={"Accept": "text/html", "Accept-Language": "en"})
    client.force_login(user_as(Role.SUPERVISOR, queue.operator, language="en"))
    return client


def asked(queue, **fields) -> dict[str, object]:
    return {
        "name": "Satisfaction",
        "queue": queue.pk,
        "purpose": "service",
        "caller_number": "",
        "weekdays": ["0", "1", "2", "3", "4"],
        "most_attempts": 3,
        "pause_hours": 24,
        "script": "Bonjour, ici Maison Lavande.",
    } | fields


def uploaded(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", text.encode(), "text/csv")


@pytest.fixture
def made(supervisor, queue) -> CallList:
    supervisor.post(reverse("outbound-list-new"), asked(queue))
    return CallList.objects.get()


def importing(supervisor, made, text: str, **fields):
    return supervisor.post(reverse("outbound-list-people", args=[made.pk]), {"file": uploaded(text)} | fields)


def test_a_list_is_made_filled_started_paused_and_ended(supervisor, made):
    assert (made.weekdays, made.script) == ([0, 1, 2, 3, 4], "Bonjour, ici Maison Lavande.")
    filled = importing(supervisor, made, PEOPLE)
    assert (filled.status_code, "2 people were taken onto the list" in filled.content.decode()) == (200, True)
    states = []
    for verb in ("start", "pause", "start", "end"):
        supervisor.post(reverse(f"outbound-list-{verb}", args=[made.pk]))
        made.refresh_from_db()
        states.append(made.state)
    assert states == ["running", "paused", "running", "ended"]
    page = supervisor.get(reverse("outbound-list", args=[made.pk])).content.decode()
    assert "Import people" not in page
    assert "Satisfaction" in supervisor.get(reverse("outbound-lists")).content.decode()


def test_wrong_lines_are_named_and_nobody_is_taken_until_they_are_left_out(supervisor, made):
    told = importing(supervisor, made, PEOPLE + "12;Ida;\n")
    page = told.content.decode()
    assert (told.status_code, ListEntry.objects.count()) == (422, 0)
    assert "1 line is wrong, so nobody was taken" in page
    assert "“12” is no telephone number." in page
    assert importing(supervisor, made, PEOPLE + "12;Ida;\n", leave_out="on").status_code == 200
    assert ListEntry.objects.count() == 2


def test_a_file_of_another_kind_is_told_in_the_form(supervisor, made):
    assert "No column is called" in importing(supervisor, made, "name;city\nClaire;Lyon\n").content.decode()
    nothing = supervisor.post(reverse("outbound-list-people", args=[made.pk]), {})
    assert nothing.status_code == 422


def test_what_cannot_be_is_told_beside_its_field(supervisor, queue):
    other = QueueFactory.create(brand=BrandFactory.create(operator=queue.operator, name="Autre"), channel="voice")
    Number.objects.create(operator=queue.operator, queue=other, digits="+33156070809")
    foreign = supervisor.post(reverse("outbound-list-new"), asked(queue, caller_number="+33156070809"))
    assert "This number belongs to another brand." in foreign.content.decode()
    hours = supervisor.post(reverse("outbound-list-new"), asked(queue, opens="12:00", closes="09:00"))
    assert "The end comes after the beginning." in hours.content.decode()
    assert (foreign.status_code, hours.status_code, CallList.objects.count()) == (422, 422, 0)


def test_a_list_is_changed(supervisor, queue, made):
    form = supervisor.get(reverse("outbound-list-edit", args=[made.pk])).content.decode()
    assert "Bonjour, ici Maison Lavande." in form
    supervisor.post(reverse("outbound-list-edit", args=[made.pk]), asked(queue, name="Autre nom", weekdays=["5"]))
    made.refresh_from_db()
    assert (made.name, made.weekdays) == ("Autre nom", [5])


def test_results_are_taken_out_without_formulas_and_the_trail_says_so(supervisor, made):
    importing(supervisor, made, PEOPLE)
    answer = supervisor.get(reverse("outbound-list-results", args=[made.pk]))
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert [(row[1], row[2], row[4], row[-1]) for row in rows[1:]] == [
        ("'+33145060708", "Claire Vasseur", "to be called", "F-204"),
        ("'+33145060709", "'=cmd|calc", "to be called", "'+33"),
    ]
    assert rows[0][-1] == "facture"
    assert AuditEntry.objects.get(verb="list.exported").data == {"people": 2}


def test_those_kept_apart_are_shown_one_by_one(supervisor, made):
    importing(supervisor, made, PEOPLE + "01 45 06 07 08;Encore Claire;\n")
    page = supervisor.get(reverse("outbound-list", args=[made.pk]) + "?who=apart").content.decode()
    assert "Encore Claire" in page
    assert "on the list already" in page


def test_a_person_who_asks_is_erased_from_all_lists(supervisor, made):
    importing(supervisor, made, PEOPLE)
    supervisor.post(reverse("outbound-lists-forget"), {"number": "01 45 06 07 08"})
    assert list(ListEntry.objects.order_by("line").values_list("number", "state")) == [
        ("", "erased"),
        ("+33145060709", "to_call"),
    ]
