"""Long work on plans: asked for, done in another process, cancelled, begun again, and never half kept."""

from datetime import timedelta
from io import BytesIO

import polars as pl
import pytest

from homeshore.foundation.models import Role
from homeshore.planning import queries, services, work
from homeshore.planning.child import Answer
from homeshore.planning.models import Material, Plan, Step, Work
from homeshore.planning.way import Terms, Wishes, whole_way
from homeshore.planning.work import Child
from tests import planning_scene as scene
from tests.clock import MORNING
from tests.factories import OperatorFactory, user_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    return user_as(Role.PLANNER, OperatorFactory.create())


@pytest.fixture
def operator(planner):
    return planner.memberships.get().operator


@pytest.fixture
def plan(operator, planner, clock):
    return services.create_plan(
        operator_id=operator.pk, name="Semaine 45", source=Plan.Source.FILE, settings=scene.SETTINGS, by=planner,
        now=MORNING, file_name="appels.csv", content=scene.calls_file(),
    )  # fmt: skip


class Saying:
    """A computation that gives these answers, one after the other."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.ended = False

    def __call__(self, kind, inputs):
        return self

    def answer(self, seconds):
        return self.answers.pop(0)

    def end(self):
        self.ended = True


def the_work(plan) -> Work:
    found = queries.last_work(plan)
    assert found is not None
    return found


def test_a_file_is_looked_at_then_read_as_a_person_confirms_it(plan):
    assert work.do_next(start=scene.Inside)
    look = queries.figures_of(plan)["look"]
    assert look["mapping"]["columns"]["arrived"] == "arrived_at"
    assert queries.open_work(plan) is None
    services.confirm_mapping(plan=plan, mapping=look["mapping"], settings={"interval_minutes": 30}, now=MORNING)
    assert work.do_next(start=scene.Inside)
    found = queries.figures_of(plan)
    assert set(found) == {"look", "history", "forecast", "staffing"}
    assert found == {"look": look, **scene.read().steps}
    assert set(plan.materials.values_list("kind", flat=True)) == {"file", "volumes", "contacts"}
    assert not work.do_next(start=scene.Inside)


def test_screens_keep_the_numbers_of_the_library_for_chats_and_mails_too(operator, planner, clock):
    plan = scene.plan_in(operator, planner, scene.read())
    plan.settings = {
        **scene.SETTINGS, "shared": True,
        "queues": {"Commandes": {"kind": "chat", "share": 0.9, "seconds": 40, "at_once": 2},
                   "Sinistres": {"kind": "mail", "seconds": 3600}},
    }  # fmt: skip
    services.change_settings(plan=plan, settings={}, then=Work.Kind.FORECAST, now=MORNING)
    assert work.do_next(start=scene.Inside)
    services.ask(plan=plan, kind=Work.Kind.SCHEDULE, now=MORNING)
    assert work.do_next(start=scene.Inside)
    found = queries.figures_of(plan)
    from homeshore.planning.engine.history import history_of
    from homeshore.planning.results import figures_of

    terms = {"Commandes": Terms("chat", 0.9, 40, 2), "Sinistres": Terms("mail", None, 3600)}
    wishes = Wishes(replications=8, shared=True, queues=terms)
    outcome = whole_way(history_of(scene.calls_file()), wishes, scene.quietly)
    told = figures_of(outcome)
    assert found["schedule"] == told["schedule"]
    assert found["income"] == told["income"]
    assert found["forecast"] == told["forecast"]
    assert found["staffing"] == told["staffing"]
    chats, mails = found["staffing"]["queues"]
    assert (chats["kind"], chats["at_once"], mails["kind"], mails["seconds"]) == ("chat", 2, "mail", 3600)
    assert mails["spare_hours"] > 0
    assert [row["goal"] for row in found["income"]["service"]] == [0.9, 0.95]


@pytest.mark.sqlite  # what is asked here is the process; the tables are the other tests'
def test_a_real_child_process_answers_the_same(operator, planner, clock):
    plan = scene.plan_in(operator, planner, scene.read())
    services.ask(plan=plan, kind=Work.Kind.FORECAST, now=MORNING)
    Step.objects.filter(plan=plan, name__in=("forecast", "staffing")).delete()
    assert work.do_next(start=Child)
    assert queries.figures_of(plan)["forecast"] == scene.read().steps["forecast"]


def test_what_cannot_be_read_is_said_with_its_line_and_nothing_is_kept(operator, planner, clock):
    plan = services.create_plan(
        operator_id=operator.pk,
        name="Vide",
        source=Plan.Source.FILE,
        settings={},
        by=planner,
        now=MORNING,
        content=b" ",
    )
    work.do_next(start=scene.Inside)
    assert (the_work(plan).state, queries.figures_of(plan)) == ("failed", {})
    assert the_work(plan).problems[0]["text"] == "the file is empty: it needs a header and at least one line below it"


def test_cancelled_work_ends_its_process_and_keeps_nothing(plan):
    def cancels(kind, inputs):
        services.cancel(work=the_work(plan), now=MORNING)
        return saying

    saying = Saying(Answer("going", "reading", 0.1), Answer("found", steps={"look": {}}))
    work.do_next(start=cancels)
    assert saying.ended
    assert (the_work(plan).state, queries.figures_of(plan)) == ("cancelled", {})


def test_a_plan_asks_again_what_its_results_were_made_with_when_work_is_cancelled(operator, planner):
    plan = scene.plan_in(operator, planner, scene.read())
    before = Plan.objects.get(pk=plan.pk).settings
    plan.people = {"source": "supposed"}
    services.change_settings(plan=plan, settings={"days": 28}, then=Work.Kind.FORECAST, now=MORNING)
    with pytest.raises(services.WorkGoesOn):
        services.keep_staffing(plan=plan, settings={"share": 0.9}, figures={}, now=MORNING)
    services.cancel(work=the_work(plan), now=MORNING)
    after = Plan.objects.get(pk=plan.pk)
    assert (after.settings, after.people) == (before, {})


def test_work_found_after_it_was_cancelled_is_not_kept(plan):
    class Late(Saying):
        def answer(self, seconds):
            services.cancel(work=the_work(plan), now=MORNING)
            return super().answer(seconds)

    work.do_next(start=Late(Answer("found", steps={"look": {}})))
    assert (the_work(plan).state, queries.figures_of(plan)) == ("cancelled", {})


def test_one_plan_has_one_work_at_a_time(plan):
    with pytest.raises(services.WorkGoesOn):
        services.ask(plan=plan, kind=Work.Kind.FORECAST, now=MORNING)


def test_work_whose_server_fell_silent_is_begun_again_once_then_given_up(plan, clock):
    assert work.take(now=clock.now()) is not None
    assert work.take(now=clock.now()) is None
    assert work.take(now=clock.now() + timedelta(seconds=31)) is not None
    assert work.take(now=clock.now() + timedelta(seconds=62)) is None
    assert the_work(plan).state == "failed"
    assert the_work(plan).problems[0]["text"].startswith("the computation was stopped by the system")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("lost"), "the computation was stopped by the system"),
        (Answer("broken", "Traceback …"), "something went wrong on our side"),
        (Answer("missing", "Traceback …"), "this server lacks the planning libraries"),
    ],
)
def test_a_fault_is_told_to_the_planner_in_words(plan, answer, said, caplog):
    work.do_next(start=Saying(answer))
    assert the_work(plan).state == "failed"
    assert the_work(plan).problems[0]["text"].startswith(said)
    assert answer.kind in caplog.text


@pytest.mark.sqlite  # what is asked here is the process; the tables are the other tests'
def test_a_computation_that_asks_for_more_memory_than_it_may_ends_itself_and_says_so(plan, settings):
    settings.PLANNING_MEMORY_BYTES = 1
    packed = BytesIO()
    ones = pl.repeat(1, 40_000_000, dtype=pl.Int8, eager=True)
    pl.DataFrame({"day": ones, "calls": ones}).write_parquet(packed)
    unpacks = {"content": packed.getvalue(), "most_bytes": 10**12}
    work.do_next(start=lambda kind, inputs: Child(kind, {**inputs, **unpacks}))
    assert the_work(plan).state == "failed"
    assert the_work(plan).problems[0]["text"].startswith("the computation was stopped by the system")
    assert not Step.objects.exists()


def test_a_plan_deleted_while_it_is_computed_leaves_nothing(plan, planner):
    class Deletes(Saying):
        def answer(self, seconds):
            services.delete_plan(plan=plan, by=planner, now=MORNING)
            return super().answer(seconds)

    work.do_next(start=Deletes(Answer("going", "reading", 0.1), Answer("found", steps={"look": {}})))
    assert not Plan.objects.exists()
    assert not Material.objects.exists()
    assert not Step.objects.exists()


def test_a_history_read_anew_forgets_what_was_made_of_the_old_one(operator, planner, clock):
    plan = scene.plan_in(operator, planner, scene.read(), scene.scheduled())
    with services.write():
        services.keep(plan, scene.read().steps, now=MORNING)
    assert set(queries.figures_of(plan)) == {"look", "history", "forecast", "staffing"}


def test_a_repair_after_illness_is_kept_only_when_the_planner_says_so(operator, planner, clock):
    plan = scene.plan_in(operator, planner, scene.read(), scene.scheduled())
    plan.settings = scene.SETTINGS
    plan.save()
    before = scene.scheduled().steps["schedule"]
    ill = next(person for person in before["people"] if any(shift["day"] == 2 for shift in person["shifts"]))
    asked = {"day": 2, "hour": 9.0, "absent": [ill["name"]], "peak": 1.0}
    services.ask(plan=plan, kind=Work.Kind.REPAIR, asked=asked, now=MORNING)
    work.do_next(start=scene.Inside)
    found = queries.figures_of(plan)
    assert found["schedule"] == before
    repaired = found["repair"]
    assert {change["person"] for change in repaired["changes"] if change["after"] is None} >= {ill["name"]}
    assert repaired["missing"] <= repaired["missing_before"]
    changed = {(change["person"], change["day"]) for change in repaired["changes"]}
    after = {person["name"]: person["shifts"] for person in repaired["schedule"]["people"]}
    for person in before["people"]:
        for shift in person["shifts"]:
            if (person["name"], shift["day"]) not in changed:
                assert (shift["start"], shift["end"]) in {(s["start"], s["end"]) for s in after[person["name"]] if s["day"] == shift["day"]}  # fmt: skip
    services.keep_repair(plan=plan, now=MORNING)
    assert queries.figures_of(plan)["schedule"] == repaired["schedule"]
    assert "repair" not in queries.figures_of(plan)


def test_plans_of_another_operator_are_not_there(operator, planner):
    elsewhere = user_as(Role.PLANNER, OperatorFactory.create())
    plan = scene.plan_in(operator, planner)
    theirs = elsewhere.memberships.get().operator_id
    assert list(queries.plans_of(theirs)) == []
    for find in (lambda: queries.plan_of(theirs, plan.pk), lambda: queries.work_of(theirs, the_work(plan).pk)):
        with pytest.raises(queries.NotFound):
            find()
