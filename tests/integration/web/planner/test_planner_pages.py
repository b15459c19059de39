"""The planner's screens, from a file to models side by side."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from homeshore.foundation.models import Role
from homeshore.planning import at_once, queries, work
from homeshore.planning.models import Material, Plan, Step, Work
from tests import planning_files as files
from tests import planning_scene as scene
from tests.factories import AgentFactory, OperatorFactory, QueueFactory, user_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(clock):
    return user_as(Role.PLANNER, OperatorFactory.create(language="en"))


@pytest.fixture
def client(planner):
    planner.language = "en"
    planner.save()
    client = Client(headers={"Accept": "text/html"})
    client.force_login(planner)
    return client


@pytest.fixture
def plan(planner):
    return scene.plan_in(planner.memberships.get().operator, planner, scene.read(), scene.scheduled(), scene.compared())


@pytest.fixture
def _here(monkeypatch):
    """Short questions are answered in this process."""

    def ask(question, *arguments):
        kind, answer = at_once._answered(question, arguments)
        if kind == "refused":
            raise at_once.NotUnderstood(answer)
        return answer

    monkeypatch.setattr(at_once._helper, "ask", ask)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split())


def test_without_a_plan_the_page_says_what_a_plan_is(client):
    assert "From past contacts to next week’s schedule" in text_of(client.get("/planning/"))


def test_a_file_becomes_a_plan_and_its_mapping_is_shown_before_anything_is_computed(client, planner):
    file = SimpleUploadedFile("appels.csv", scene.calls_file())
    answer = client.post("/planning/new/", {"source": "file", "file": file, "name": "Semaine 45"})
    plan = Plan.objects.get()
    assert answer.url == f"/planning/{plan.pk}/history/"
    assert "Looking at the file" in text_of(client.get(answer.url))
    work.do_next(start=scene.Inside)
    shown = text_of(client.get(answer.url))
    for expected in ("Read it so?", "UTF-8, separated by semicolon", "07/09/2026", "What outcomes mean"):
        assert expected in shown
    guessed = {f"field-{field}": column for field, column in scene.mapping()["columns"].items()}
    told = {**guessed, "zone": "Europe/Paris", "interval_minutes": "30", "date_format": "%d/%m/%Y %H:%M:%S", "country": "FR",
            "outcome-answered": "answered", "outcome-abandoned": "abandoned"}  # fmt: skip
    wrong = client.post(answer.url, {**told, "zone": "Europe/Pari"})
    assert (wrong.status_code, "There is no time zone of this name" in text_of(wrong)) == (422, True)
    assert client.post(answer.url, told).status_code == 302
    work.do_next(start=scene.Inside)
    assert queries.figures_of(plan)["history"] == scene.read().steps["history"]
    assert "Commandes" in text_of(client.get(answer.url))


@pytest.mark.parametrize("content", [b"a;b\nc;d\n", b""], ids=["whole", "empty"])
def test_a_file_chosen_before_the_platform_was_is_not_kept(client, content):
    client.post("/planning/new/", {"source": "platform", "file": SimpleUploadedFile("a.csv", content)})
    plan = Plan.objects.get()
    assert (plan.source, plan.file_name) == (Plan.Source.PLATFORM, "")
    assert not Material.objects.exists()


def test_a_file_is_asked_for_when_none_was_chosen(client):
    answer = client.post("/planning/new/", {"source": "file"})
    assert (answer.status_code, "Choose the file to read." in text_of(answer)) == (422, True)


def test_what_cannot_be_read_is_said_on_the_page(client):
    client.post("/planning/new/", {"source": "file", "file": SimpleUploadedFile("a.csv", b"a;b\nc;d\n")})
    work.do_next(start=scene.Inside)
    shown = text_of(client.get(f"/planning/{Plan.objects.get().pk}/history/"))
    assert "This could not be done" in shown
    assert "no column holds dates (columns: a, b)" in shown


def sent(client, content: bytes) -> Plan:
    """A plan of a file, looked at and read as it was guessed to be read."""
    client.post("/planning/new/", {"source": "file", "file": SimpleUploadedFile("appels.csv", content)})
    plan = Plan.objects.latest("pk")
    work.do_next(start=scene.Inside)
    look = queries.figures_of(plan).get("look")
    if look:
        guessed = {f"field-{field}": column for field, column in look["mapping"]["columns"].items()}
        told = {**guessed, "zone": "Europe/Paris", "interval_minutes": "30", "country": "FR",
                "date_format": look["mapping"]["date_format"]}  # fmt: skip
        assert client.post(f"/planning/{plan.pk}/history/", told).status_code == 302
        work.do_next(start=scene.Inside)
    return plan


@pytest.mark.sqlite  # what is asked here is the reading of files; the tables are the other tests'
@pytest.mark.parametrize("what", files.ODD)
def test_what_is_odd_in_a_file_is_said_and_the_rest_is_planned_with(client, what):
    content, words = files.ODD[what]
    plan = sent(client, content)
    assert words in text_of(client.get(f"/planning/{plan.pk}/history/"))
    assert queries.figures_of(plan)["staffing"]["week_hours"] > 0


@pytest.mark.sqlite  # what is asked here is the reading of files; the tables are the other tests'
@pytest.mark.parametrize("what", files.WRONG)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(client, what):
    content, words = files.WRONG[what]
    plan = sent(client, content)
    shown = text_of(client.get(f"/planning/{plan.pk}/history/"))
    assert "This could not be done" in shown
    assert words in shown
    assert "history" not in queries.figures_of(plan)


def test_an_empty_file_is_refused_where_it_is_chosen(client):
    answer = client.post("/planning/new/", {"source": "file", "file": SimpleUploadedFile("appels.csv", b"")})
    assert (answer.status_code, "empty" in text_of(answer)) == (422, True)
    assert not Plan.objects.exists()


@pytest.mark.usefixtures("_here")
def test_goals_that_no_staffing_meets_and_availabilities_that_overlap_are_planned_as_far_as_can_be(client, plan):
    client.post(f"/planning/{plan.pk}/staffing/", {**LEVERS, "share": "99", "seconds": "0", "one_goal": "on"})
    assert queries.figures_of(plan)["staffing"]["goals"] == {"share": 0.99, "seconds": 0, "occupancy": 1.0}
    beyond = client.post(f"/planning/{plan.pk}/staffing/", {**LEVERS, "share": "100"})
    assert beyond.status_code == 422
    rows = b"name;queues;day;from;to\nBo;Commandes;mon;9;13\nBo;Commandes;mon;11;17\nBo;Sinistres;tue;9;17\n"
    told = {"people": "file", "file": SimpleUploadedFile("gens.csv", rows), "hourly": "16", "floor": "12"}
    client.post(f"/planning/{plan.pk}/schedule/", told)
    work.do_next(start=scene.Inside)
    found = queries.figures_of(plan)["schedule"]
    assert found["faults"] == []
    days = [shift["day"] for shift in found["people"][0]["shifts"]]
    assert len(days) == len(set(days)) > 0
    assert found["missing"] > 0
    assert "What nobody’s offer can cover" in text_of(client.get(f"/planning/{plan.pk}/schedule/"))


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("history", ["Contacts", "Commandes", "Who would still wait"]),
        ("forecast", ["Method chosen", "Noise alone", "Methods tried on this queue"]),
        ("staffing", ["Hours to schedule in the week", "How each queue is answered", "80% within 20 s"]),
        ("schedule", ["Above the cheapest possible", "Who works when", "Home 1", "Service expected"]),
        ("income", ["A full hour should pay", "Not calibrated", "Home 1"]),
        ("comparison", ["Cost of a month", "Homes, independents", "example"]),
    ],
)
def test_each_step_shows_what_it_found(client, plan, page, says):
    shown = text_of(client.get(f"/planning/{plan.pk}/{page}/"))
    assert [each for each in says if each not in shown] == []


def test_a_plan_opens_at_the_furthest_step(client, plan, planner):
    assert client.get(f"/planning/{plan.pk}/").url == f"/planning/{plan.pk}/income/"
    fresh = scene.plan_in(plan.operator, planner)
    assert client.get(f"/planning/{fresh.pk}/").url == f"/planning/{fresh.pk}/history/"


def test_steps_that_wait_for_others_lead_back(client, plan, planner):
    fresh = scene.plan_in(plan.operator, planner)
    for page in ("forecast", "staffing", "schedule", "income", "comparison"):
        assert client.get(f"/planning/{fresh.pk}/{page}/").status_code == 302


@pytest.mark.usefixtures("_here")
def test_a_lever_is_answered_at_once_and_kept_only_when_asked(client, plan, clock):
    levers = {"share": "90", "seconds": "20", "occupancy": "100", "shrinkage": "10", "calls": "20", "handling": "0"}
    before = queries.figures_of(plan)["staffing"]
    shown = text_of(client.get(f"/planning/{plan.pk}/staffing/what-if/", levers))
    assert "against what is kept" in shown
    assert queries.figures_of(plan)["staffing"] == before
    clock.advance(seconds=60)
    client.post(f"/planning/{plan.pk}/staffing/", levers)
    after = queries.figures_of(plan)["staffing"]
    assert (after["goals"]["share"], after["calls_factor"]) == (0.9, 1.2)
    assert after["week_hours"] > before["week_hours"]
    assert "make it again" in text_of(client.get(f"/planning/{plan.pk}/schedule/"))


LEVERS = {"share": "80", "seconds": "20", "occupancy": "100", "shrinkage": "10", "calls": "0", "handling": "0"}


def terms(*rows):
    """What the table of queues sends."""
    told = {"queues-TOTAL_FORMS": str(len(rows)), "queues-INITIAL_FORMS": str(len(rows))}
    for k, (kind, share, within, unit, places) in enumerate(rows):
        said = {"kind": kind, "share": share, "within": within, "unit": unit, "at_once": places}
        told |= {f"queues-{k}-{name}": value for name, value in said.items()}
    return told


@pytest.mark.usefixtures("_here")
def test_each_queue_may_have_its_own_goal_and_another_kind_is_forecast_anew(client, plan):
    page = f"/planning/{plan.pk}/staffing/"
    own = {**LEVERS, **terms(("call", "90", "10", "1", "1"), ("call", "80", "1", "60", "1"))}
    assert "90% within 10 s" in text_of(client.get(f"{page}what-if/", own))
    assert "90% within 10 s" not in text_of(client.get(f"{page}what-if/", {**own, "one_goal": "on"}))
    client.post(page, own)
    assert [(row["share"], row["seconds"]) for row in queries.figures_of(plan)["staffing"]["queues"]] == [
        (0.9, 10),
        (0.8, 60),
    ]
    client.post(
        page, {**LEVERS, **terms(("call", "90", "10", "1", "1"), ("mail", "95", "4", "3600", "1")), "shared": "on"}
    )
    work.do_next(start=scene.Inside)
    calls, mails = queries.figures_of(plan)["staffing"]["queues"]
    assert (calls["kind"], mails["kind"], mails["seconds"]) == ("call", "mail", 14_400)
    shown = text_of(client.get(page))
    assert "95% within 4 h" in shown
    assert "are done between calls" in shown


@pytest.mark.sqlite  # what is asked here is the search; the tables are the other tests'
def test_the_cheapest_mix_of_skills_is_looked_for_shown_and_forgotten_with_its_staffing(client, plan):
    page = f"/planning/{plan.pk}/staffing/"
    asked = {
        "mix-day": "2",
        "mix-first_hour": "10.0",
        "mix-last_hour": "12.0",
        "mix-probability": "80",
        "mix-more": "10",
        "mix-rule": "least_cost",
    }
    assert client.post(f"{page}mix/", {**asked, "mix-last_hour": "9.0"}).status_code == 422
    assert client.post(f"{page}mix/", asked).url == page
    assert "Looking for the cheapest mix of skills" in text_of(client.get(page))
    work.do_next(start=scene.Inside)
    found = queries.figures_of(plan)["mix"]
    assert [row["queues"] for row in found["groups"]] == [["Commandes"], ["Sinistres"], ["Commandes", "Sinistres"]]
    assert min(row["kept"] for row in found["queues"]) >= 0.8
    assert found["cost"] == pytest.approx(
        sum(row["agents"] * (1.1 if len(row["queues"]) > 1 else 1) for row in found["groups"])
    )
    shown = text_of(client.get(page))
    assert (
        f"10:00–12:00: {found['agents']} agents at work let each queue keep its goal on at least 80% of such days."
        in shown
    )
    assert (found["rule"], found["settled"]) == ("least_cost", True)
    by_core = f"the routing core itself decided, by least cost as the floor routes: {found['by_core']} mixes"
    assert by_core in shown
    assert by_core in text_of(client.get(f"/planning/{plan.pk}/report/"))
    from homeshore.planning.engine.history import history_of
    from homeshore.planning.figures import of_mix
    from homeshore.planning.way import Wishes, demanded
    from homeshore.planning.way.mix import MixAsked, mixed

    question = MixAsked(day=2, first_hour=10, last_hour=12, probability=0.8, more_a_skill=0.1)
    wishes = Wishes(replications=8)
    demand = demanded(history_of(scene.calls_file()), wishes, scene.quietly)
    assert of_mix(mixed(demand, question, wishes, scene.quietly), question, wishes) == found
    client.post(f"/planning/{plan.pk}/forecast/", {"country": "FR", "school_zone": "", "days": "14",
                "events-TOTAL_FORMS": "0", "events-INITIAL_FORMS": "0"})  # fmt: skip
    work.do_next(start=scene.Inside)
    assert "mix" not in queries.figures_of(plan)


@pytest.mark.usefixtures("_here")
def test_terms_that_cannot_be_meant_are_said_beside_the_levers(client, plan):
    shown = client.get(
        f"/planning/{plan.pk}/staffing/what-if/",
        {**LEVERS, **terms(("mail", "80", "0", "1", "1"), ("call", "80", "20", "1", "1"))},
    )
    assert "E-mails need some time to be answered in." in text_of(shown)


def test_events_move_the_forecast(client, plan):
    told = {"country": "FR", "school_zone": "", "days": "14", "events-TOTAL_FORMS": "1", "events-INITIAL_FORMS": "0",
            "events-0-name": "Soldes", "events-0-first": "2026-11-04", "events-0-last": "2026-11-05", "events-0-factor": "1.5"}  # fmt: skip
    assert client.post(f"/planning/{plan.pk}/forecast/", told).status_code == 302
    work.do_next(start=scene.Inside)
    special = queries.figures_of(plan)["forecast"]["special_days"]
    assert [day for day, name in special.items() if name == "Soldes"] == ["2026-11-04", "2026-11-05"]
    assert "Soldes" in text_of(client.get(f"/planning/{plan.pk}/forecast/"))


@pytest.mark.usefixtures("_here")
def test_people_come_from_the_platform_from_a_file_or_are_supposed(client, plan):
    queue = QueueFactory.create(brand__operator=plan.operator, name="Commandes", channel="chat")
    AgentFactory.create(operator=plan.operator, queues=[queue], name="Ada")
    pay = {"hourly": "16", "floor": "12"}
    rows = b"name;queues;day;from;to\nBo;Commandes+Sinistres;mon;9;17\n"
    for told, names in (
        ({"people": "platform"}, ["Ada"]),
        ({"people": "file", "file": SimpleUploadedFile("gens.csv", rows)}, ["Bo"]),
        ({"people": "supposed"}, None),
    ):
        assert client.post(f"/planning/{plan.pk}/schedule/", {**pay, **told}).status_code == 302
        plan.refresh_from_db()
        kept = plan.people.get("rows")
        assert (kept and [row["name"] for row in kept]) == names
        Work.objects.filter(plan=plan, state="waiting").update(state="done")
    refused = client.post(
        f"/planning/{plan.pk}/schedule/",
        {**pay, "people": "file", "file": SimpleUploadedFile("gens.csv", b"name;day\nBo;mon\n")},
    )
    assert (refused.status_code, "has no column “queues”" in text_of(refused)) == (422, True)


def test_a_week_that_memory_does_not_hold_is_refused_on_the_page(client, plan, settings):
    settings.PLANNING_MEMORY_BYTES = 1_000_000
    plan.settings = {**plan.settings, "replications": 40}
    plan.save()
    told = {"people": "supposed", "hourly": "16", "floor": "12"}
    assert client.post(f"/planning/{plan.pk}/schedule/", told).status_code == 302
    work.do_next(start=scene.Inside)
    shown = text_of(client.get(f"/planning/{plan.pk}/schedule/"))
    assert "MB of memory, and 1 MB are allowed" in shown
    assert "HOMESHORE_PLANNING_MEMORY_BYTES" in shown


def test_a_file_without_queues_and_an_events_factor_are_in_the_planners_language(client, planner):
    planner.language = "fr"
    planner.save()
    plan = sent(client, b"start,calls\n" + b"".join(b"2026-%02d-%02d %02d:00,%d\n" % (1 + d // 28, 1 + d % 28, h, 5 + h)
                                                     for d in range(84) for h in range(8, 18)))  # fmt: skip
    assert [row["name"] for row in queries.figures_of(plan)["forecast"]["queues"]] == ["tous les appels"]
    assert 'value="1,2"' in text_of(client.get(f"/planning/{plan.pk}/forecast/"))
    told = {"country": "FR", "school_zone": "", "days": "14", "events-TOTAL_FORMS": "1", "events-INITIAL_FORMS": "0",
            "events-0-name": "Soldes", "events-0-first": "2026-04-01", "events-0-last": "2026-04-01", "events-0-factor": "1,5"}  # fmt: skip
    assert client.post(f"/planning/{plan.pk}/forecast/", told).status_code == 302
    plan.refresh_from_db()
    assert plan.settings["events"][0]["factor"] == 1.5


def test_a_repair_is_proposed_and_settled(client, plan):
    ill = next(
        p["name"] for p in scene.scheduled().steps["schedule"]["people"] if any(s["day"] == 2 for s in p["shifts"])
    )
    assert (
        client.post(f"/planning/{plan.pk}/schedule/repair/", {"day": "2", "hour": "9.0", "peak": "0"}).status_code
        == 422
    )
    told = {"day": "2", "hour": "9.0", "absent": [ill], "peak": "0"}
    assert client.post(f"/planning/{plan.pk}/schedule/repair/", told).status_code == 302
    work.do_next(start=scene.Inside)
    shown = text_of(client.get(f"/planning/{plan.pk}/schedule/"))
    assert "A repair is proposed" in shown
    client.post(f"/planning/{plan.pk}/schedule/repair/settle/", {"keep": "yes"})
    assert "A repair is proposed" not in text_of(client.get(f"/planning/{plan.pk}/schedule/"))


def test_the_planners_own_numbers_change_the_comparison(client, plan):
    shown = queries.figures_of(plan)["comparison"]["models"]
    told = {f"{model['model']}.{name}": row["value"] for model in shown for name, row in model["assumptions"].items()}
    assert client.post(f"/planning/{plan.pk}/comparison/", {**told, "offshore.paid_hour": "cher"}).status_code == 422
    client.post(f"/planning/{plan.pk}/comparison/", {**told, "offshore.paid_hour": "9,5"})
    plan.refresh_from_db()
    assert plan.assumptions == {"offshore": {"paid_hour": 9.5}}
    work.do_next(start=scene.Inside)
    after = queries.figures_of(plan)["comparison"]["models"][1]
    assert after["assumptions"]["paid_hour"] == {"value": 9.5, "unit": "€ an hour paid", "source": "given by the user"}


def test_a_file_whose_looking_at_was_cancelled_can_be_looked_at_again(client):
    client.post("/planning/new/", {"source": "file", "file": SimpleUploadedFile("appels.csv", scene.calls_file())})
    plan = Plan.objects.get()
    page = f"/planning/{plan.pk}/history/"
    assert client.post(f"/planning/work/{queries.open_work(plan).pk}/cancel/").url == page
    assert "Nothing has been read" in text_of(client.get(page))
    client.post(page)
    assert queries.open_work(plan).kind == "look"


def test_work_is_followed_and_can_be_cancelled(client, plan):
    client.post(f"/planning/{plan.pk}/comparison/")
    asked = queries.open_work(plan)
    assert asked is not None
    assert "Comparing the models" in text_of(client.get(f"/planning/work/{asked.pk}/"))
    client.post(f"/planning/work/{asked.pk}/cancel/")
    assert queries.open_work(plan) is None
    assert client.get(f"/planning/work/{asked.pk}/").headers["HX-Refresh"] == "true"
    assert "Nothing of it was kept" in text_of(client.get(f"/planning/{plan.pk}/comparison/"))


def test_the_report_is_one_page_in_the_planners_language(client, plan):
    answer = client.get(f"/planning/{plan.pk}/report/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="semaine-45.html"'
    assert [
        each
        for each in ("Semaine 45", "Who works when", "What an hour should pay", "Side by side")
        if each not in text_of(answer)
    ] == []


def test_how_past_promises_held_is_shown_and_reported(client, plan):
    band = {"value": 0.83, "low": 0.78, "high": 0.88}
    step = Step.objects.get(plan=plan, name="income")
    step.figures |= {"calibrated": True, "calibration": {
        "week": "2026-11-15", "days": 7, "agent_hours": 191, "bias": -0.031, "bias_by_chance": 0.09, "coverage": band,
        "by_hour": [{"hour": 9, **band}], "correction": {},
    }}  # fmt: skip
    step.save()
    shown = text_of(client.get(f"/planning/{plan.pk}/income/"))
    assert "83% of 191 full hours fell into their range, where 80% are promised (between 78% and 88%" in shown
    assert "on the whole, 3.1% less was promised than paid. The chance of seven days explains that" in shown
    assert "it makes up to 9.0%" in shown
    assert "Not calibrated" not in shown
    assert "promises that held" in text_of(client.get(f"/planning/{plan.pk}/report/"))


def test_a_plan_is_deleted_with_everything(client, plan):
    client.post(f"/planning/{plan.pk}/delete/")
    assert not Plan.objects.exists()
