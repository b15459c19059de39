"""`homeshore plan look` and `run`: from a file of history to a schedule and promises of income."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from homeshore.planning.command.options import (
    EVENT,
    PAIR,
    column_option,
    country_of,
    history_in,
    interval_option,
    known,
    mapped,
    queue_option,
    refused,
    say_problems,
    show,
    source_file,
    zone_option,
)

if TYPE_CHECKING:
    from homeshore.planning.way import Event, Outcome, Terms


@click.command()
@source_file
@zone_option
@interval_option
@column_option
def look(source: Path, zone: str, interval: int, columns: tuple[str, ...]) -> None:
    """Show how a file would be read, what is odd in it, and what it says of each queue."""
    from django.utils.translation import gettext as _

    from homeshore.planning.engine.history.measures import measures
    from homeshore.planning.engine.problems import Unusable

    try:
        table, mapping = mapped(source, columns)
        show(table, mapping)
        history = history_in(table, mapping, zone, interval)
    except Unusable as error:
        raise refused(error) from error
    say_problems(history.problems)
    for queue in history.queues:
        told = measures(history, queue)
        handling = "–" if told.handling_seconds is None else f"{told.handling_seconds:.0f} s"
        patience = "–" if told.patience_seconds is None else f"{told.patience_seconds:.0f} s"
        click.echo(_("%(queue)s: %(count)d contacts, handling %(handling)s, patience %(patience)s")
                   % {"queue": queue, "count": told.contacts, "handling": handling, "patience": patience})  # fmt: skip


@click.command()
@source_file
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("plan"),
    show_default=True,
    help="Folder of results.",
)
@zone_option
@interval_option
@column_option
@click.option("--yes", is_flag=True, help="Accept the guessed mapping without asking.")
@click.option("--country", default="FR", show_default=True, help="Whose public holidays; “none” for none.")
@click.option("--school-zone", type=click.Choice(["A", "B", "C"]), help="French school holidays that move the calls.")
@click.option("--days", default=14, show_default=True, help="Days to forecast; the first seven are scheduled.")
@click.option("--share", default=0.8, show_default=True, help="Service level: share of contacts answered…")
@click.option("--seconds", default=20.0, show_default=True, help="… within so many seconds.")
@click.option("--shrinkage", default=0.1, show_default=True, help="Share of scheduled time not at work.")
@queue_option
@click.option(
    "--shared", is_flag=True, help="Agents with several queues help each other, and answer mails between calls."
)
@click.option("--handling", type=float, help="Handling time in seconds, where the file has none.")
@click.option("--patience", type=float, help="Mean patience in seconds, where the file does not tell.")
@click.option(
    "--people", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File of people: JSON, CSV or Excel."
)
@click.option(
    "--event",
    "events",
    multiple=True,
    metavar="NAME=DAYS*FACTOR",
    type=EVENT,
    help="Days unlike others, past or to come: “Sales=2026-12-01..2026-12-05*1.4”.",
)
@click.option(
    "--brand",
    "brands",
    multiple=True,
    metavar="QUEUE=BRAND",
    type=PAIR,
    help="Forecasts of queues add up to their brand's.",
)
@click.option("--pdf", is_flag=True, help="Write the report as PDF too.")
@click.option("--hourly", default=1600, show_default=True, help="Cents an hour three quarters busy should pay.")
@click.option("--floor", default=1200, show_default=True, help="Guaranteed cents an hour, to be costed.")
@click.option("--rule", type=click.Choice(["least_cost", "longest_idle"]), default="least_cost", show_default=True,
              help="How the floor gives out contacts.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="Same seed, same plan.")
def run(
    source: Path, folder: Path, zone: str, interval: int, columns: tuple[str, ...], yes: bool, country: str, school_zone: str | None, days: int,
    share: float, seconds: float, shrinkage: float, queues: tuple[tuple[str, "Terms"], ...], shared: bool,
    handling: float | None, patience: float | None, people: Path | None, events: tuple["Event", ...], brands: tuple[tuple[str, str], ...], pdf: bool, hourly: int, floor: int, rule: str, seed: int,
) -> None:  # fmt: skip
    """Go the whole way: history, forecast, staffing, schedule, income; writes a folder with report.html."""
    from django.conf import settings
    from django.utils.translation import get_language
    from django.utils.translation import gettext as _

    from homeshore.planning.engine.erlang import Goals
    from homeshore.planning.engine.problems import Unusable
    from homeshore.planning.people import rows_of_file
    from homeshore.planning.report import page
    from homeshore.planning.report.pdf import pdf_of
    from homeshore.planning.results import check_folder, figures_of, write_results
    from homeshore.planning.way import Wishes, whole_way
    from homeshore.routing.policy import Policy

    try:
        check_folder(folder)
        table, mapping = mapped(source, columns)
        show(table, mapping)
        if not yes and sys.stdin.isatty():
            click.confirm(_("Read the file so?"), default=True, abort=True)
        history = history_in(table, mapping, zone, interval)
        say_problems(history.problems)
        wishes = Wishes(
            zone=zone, country=country_of(country), school_zone=school_zone, language=get_language(), interval_minutes=interval, days=days,
            goals=Goals(share, seconds), queues=known(dict(queues), history), shared=shared, shrinkage=shrinkage,
            handling=handling, patience=patience, events=events, brands=dict(brands), people=rows_of_file(people.read_bytes()) if people else None, hourly=hourly,
            floor=floor, seed=seed, policy=Policy(rule=rule), memory_bytes=settings.PLANNING_MEMORY_BYTES,
        )  # fmt: skip
        steps = {
            "reading": _("reading"), "forecasting": _("forecasting"), "scheduling": _("scheduling"),
            "simulating": _("simulating the week"), "done": _("writing"),
        }  # fmt: skip
        shown: Any = click.progressbar(length=100, show_eta=False, item_show_func=lambda step: str(step or ""))
        with shown as bar:
            places = {"reading": 0, "forecasting": 5, "scheduling": 25, "simulating": 65, "done": 99}
            widths = {"reading": 5, "forecasting": 20, "scheduling": 40, "simulating": 34, "done": 1}

            def tell(step: str, done: float) -> bool:
                target = int(places[step] + widths[step] * done)
                bar.update(max(0, target - bar.pos), steps[step])
                return True

            outcome = whole_way(history, wishes, tell)
        title = _("Plan from %(file)s") % {"file": source.name}
        told = figures_of(outcome)
        report = page(told, title)
        written = write_results(outcome, folder, told, report, pdf_of(report) if pdf else None)
    except Unusable as error:
        raise refused(error) from error
    except KeyboardInterrupt:
        click.echo(_("Stopped: nothing was written."), err=True)
        raise SystemExit(130) from None
    _summary(outcome)
    for path in written:
        click.echo(f"  {path}")


def _summary(outcome: "Outcome") -> None:
    from django.utils.translation import gettext as _

    from homeshore.planning.report.language import figure
    from homeshore.planning.report.parts import euros, percent
    from homeshore.planning.report.words import RULES, method_name
    from homeshore.planning.report.words import known as known_word

    plan = outcome.scheduled.plan
    for k, queue in enumerate(outcome.demanded.queues):
        click.echo(_("%(queue)s: %(calls)s calls a day expected (%(method)s), service level %(level)s") % {
            "queue": queue.name, "calls": figure(queue.forecast.mean.sum(axis=1).mean()), "method": method_name(queue.forecast.method),
            "level": percent(outcome.future.service.mean[k], 1),
        })  # fmt: skip
        say_problems(queue.forecast.warnings)
    expected = [promise.expected for day in outcome.future.promises for promise in day]
    click.echo(_("%(shifts)d shifts of %(people)d people, at most %(gap)s above the best possible; %(missing)d agent intervals missing") % {
        "shifts": len(plan.shifts), "people": len(outcome.scheduled.homes), "gap": percent(max(plan.gap, 0.0), 2),
        "missing": plan.missing,
    })  # fmt: skip
    if expected:
        click.echo(_("An hour should pay %(euros)s on average, before contributions") % {
            "euros": euros(sum(expected) / len(expected)),
        })  # fmt: skip
    else:
        click.echo(_("Nobody works a full hour: there is nothing to promise"))
    for conflict in outcome.scheduled.conflicts:
        told = {"person": conflict.person, "rules": " + ".join(known_word(RULES, rule) for rule in conflict.rules)}
        click.secho("  " + _("%(person)s has no week that keeps these together: %(rules)s") % told, fg="yellow")
    say_problems((*outcome.demanded.assumptions, *outcome.scheduled.assumptions))
