"""`homeshore plan`: from a file of history to a schedule and promises of income, and quick questions on the way."""

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from homeshore.planning.engine.history import History, Mapping, Table
    from homeshore.planning.engine.problems import Problem
    from homeshore.planning.way import Event, Outcome, Terms


class _EventType(click.ParamType["Event"]):
    """NAME=FIRST..LAST*FACTOR, the last day and the factor optional."""

    name = "event"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> "Event":
        from homeshore.planning.engine.problems import Unusable
        from homeshore.planning.way import Event

        name, _, rest = value.rpartition("=")
        days, _, factor = rest.partition("*")
        first, _, last = days.partition("..")
        try:
            return Event(name, date.fromisoformat(first), date.fromisoformat(last or first), float(factor or 1))
        except Unusable as error:
            raise _refused(error) from error
        except ValueError:
            self.fail(f"{value!r} is not like Sales=2026-12-01..2026-12-05*1.4", param, context)


class _PairType(click.ParamType[tuple[str, str]]):
    """NAME=VALUE."""

    name = "pair"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> tuple[str, str]:
        name, sign, other = value.rpartition("=")
        if not (name and sign and other):
            self.fail(f"{value!r} is not like NAME=VALUE", param, context)
        return name, other


class _TermsType(click.ParamType[tuple[str, "Terms"]]):
    """NAME=KIND[*AT_ONCE] [SHARE%] [SECONDSs|MINUTESmin|HOURSh]."""

    name = "terms"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> "tuple[str, Terms]":
        from homeshore.planning.engine.problems import Unusable
        from homeshore.planning.way import Terms
        from homeshore.planning.way.wishes import KINDS

        name, _, said = value.rpartition("=")
        found = _TERMS.fullmatch(said.strip())
        if not name or found is None:
            self.fail(f"{value!r} is not like “Chat=chat*3 80% 40s” or “Letters=mail 95% 8h”", param, context)
        kind = next((each for each in KINDS if each == found["kind"]), None)
        if kind is None:
            self.fail(f"{found['kind']!r} is none of {', '.join(KINDS)}", param, context)
        share, amount = found["share"], found["amount"]
        seconds = None if amount is None else float(amount) * {"s": 1, "min": 60, "h": 3600}[found["unit"]]
        try:
            return name, Terms(kind, None if share is None else float(share) / 100, seconds, int(found["at_once"] or 1))
        except Unusable as error:
            raise _refused(error) from error


_TERMS = re.compile(
    r"(?P<kind>\w+)(\*(?P<at_once>\d+))?(\s+(?P<share>[\d.]+)%)?(\s+(?P<amount>[\d.]+)\s*(?P<unit>s|min|h))?"
)
EVENT, PAIR, TERMS = _EventType(), _PairType(), _TermsType()


@click.group()
@click.option(
    "--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Of messages and report."
)
@click.pass_context
def plan(context: click.Context, language: str) -> None:
    """Plan the work of homes: forecast, staff, schedule, and say what an hour should pay."""
    from homeshore.cli.start import start_django

    start_django()
    from django.utils import translation

    context.with_resource(translation.override(language))
    try:
        import homeshore.planning.engine  # noqa: F401
    except ImportError as missing:
        raise click.ClickException(str(missing)) from missing


def _refused(error: Exception) -> click.ClickException:
    from homeshore.planning.engine.problems import Unusable
    from homeshore.planning.report.words import said

    if isinstance(error, Unusable):
        return click.ClickException("\n".join(said(problem) for problem in error.problems))
    return click.ClickException(str(error))


def _mapped(source: Path, columns: tuple[str, ...]) -> "tuple[Table, Mapping]":
    from homeshore.planning.engine.history import guess_mapping, read_table

    table = read_table(source)
    mapping = guess_mapping(table)
    if columns:
        pairs = dict(column.partition("=")[::2] for column in columns)
        mapping = mapping.confirmed(**pairs)
    return table, mapping


def _show(table: "Table", mapping: "Mapping") -> None:
    from django.utils.translation import gettext as _

    click.echo(f"{table.layout}, {table.rows.height} " + _("lines"))
    for name, column in mapping.described():
        click.echo(f"  {name:<28} {column}")


def _country(code: str) -> str | None:
    return None if code.lower() == "none" else code.upper()


def _tell(problems: "tuple[Problem, ...]") -> None:
    from homeshore.planning.report.words import said

    for problem in problems:
        click.secho(f"  {said(problem)}", fg="yellow")


_file = click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_zone = click.option(
    "--zone", default="Europe/Paris", show_default=True, help="Where the file's clock times were read."
)
_interval = click.option("--interval", default=30, show_default=True, help="Minutes of an interval: 15 or 30.")
_column = click.option(
    "--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="Correct the guessed mapping."
)


@plan.command()
@_file
@_zone
@_interval
@_column
def look(source: Path, zone: str, interval: int, columns: tuple[str, ...]) -> None:
    """Show how a file would be read, what is odd in it, and what it says of each queue."""
    from django.utils.translation import gettext as _

    from homeshore.planning.engine.history import history_of
    from homeshore.planning.engine.history.measures import measures
    from homeshore.planning.engine.problems import Unusable

    try:
        table, mapping = _mapped(source, columns)
        _show(table, mapping)
        history = history_of(table, mapping, zone=zone, interval_minutes=interval)
    except Unusable as error:
        raise _refused(error) from error
    _tell(history.problems)
    for queue in history.queues:
        told = measures(history, queue)
        handling = "–" if told.handling_seconds is None else f"{told.handling_seconds:.0f} s"
        patience = "–" if told.patience_seconds is None else f"{told.patience_seconds:.0f} s"
        click.echo(_("%(queue)s: %(count)d contacts, handling %(handling)s, patience %(patience)s")
                   % {"queue": queue, "count": told.contacts, "handling": handling, "patience": patience})  # fmt: skip


@plan.command()
@_file
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("plan"),
    show_default=True,
    help="Folder of results.",
)
@_zone
@_interval
@_column
@click.option("--yes", is_flag=True, help="Accept the guessed mapping without asking.")
@click.option("--country", default="FR", show_default=True, help="Whose public holidays; “none” for none.")
@click.option("--school-zone", type=click.Choice(["A", "B", "C"]), help="French school holidays that move the calls.")
@click.option("--days", default=14, show_default=True, help="Days to forecast; the first seven are scheduled.")
@click.option("--share", default=0.8, show_default=True, help="Service level: share of contacts answered…")
@click.option("--seconds", default=20.0, show_default=True, help="… within so many seconds.")
@click.option("--shrinkage", default=0.1, show_default=True, help="Share of scheduled time not at work.")
@click.option(
    "--queue",
    "queues",
    multiple=True,
    metavar="NAME=KIND",
    type=TERMS,
    help="How a queue is answered, where not as calls with the goal for all: “Chat=chat*3 80% 40s”, “Letters=mail 95% 8h”.",
)
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
@click.option("--seed", default=1, show_default=True, help="Same seed, same plan.")
def run(
    source: Path, folder: Path, zone: str, interval: int, columns: tuple[str, ...], yes: bool, country: str, school_zone: str | None, days: int,
    share: float, seconds: float, shrinkage: float, queues: tuple[tuple[str, "Terms"], ...], shared: bool,
    handling: float | None, patience: float | None, people: Path | None, events: tuple["Event", ...], brands: tuple[tuple[str, str], ...], pdf: bool, hourly: int, floor: int, seed: int,
) -> None:  # fmt: skip
    """Go the whole way: history, forecast, staffing, schedule, income; writes a folder with report.html."""
    from django.utils.translation import get_language
    from django.utils.translation import gettext as _

    from homeshore.planning.engine.erlang import Goals
    from homeshore.planning.engine.history import history_of
    from homeshore.planning.engine.problems import Unusable
    from homeshore.planning.people import rows_of_file
    from homeshore.planning.report import page
    from homeshore.planning.report.pdf import pdf_of
    from homeshore.planning.results import figures_of, write_results
    from homeshore.planning.way import Wishes, whole_way

    try:
        table, mapping = _mapped(source, columns)
        _show(table, mapping)
        if not yes and sys.stdin.isatty():
            click.confirm(_("Read the file so?"), default=True, abort=True)
        history = history_of(table, mapping, zone=zone, interval_minutes=interval)
        _tell(history.problems)
        wishes = Wishes(
            zone=zone, country=_country(country), school_zone=school_zone, language=get_language(), interval_minutes=interval, days=days,
            goals=Goals(share, seconds), queues=_known(dict(queues), history), shared=shared, shrinkage=shrinkage,
            handling=handling, patience=patience, events=events, brands=dict(brands), people=rows_of_file(people.read_bytes()) if people else None, hourly=hourly,
            floor=floor, seed=seed,
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
        raise _refused(error) from error
    except KeyboardInterrupt:
        click.echo(_("Stopped: nothing was written."), err=True)
        raise SystemExit(130) from None
    _summary(outcome)
    for path in written:
        click.echo(f"  {path}")


def _known(queues: "dict[str, Terms]", history: "History") -> "dict[str, Terms]":
    """The terms given, once every queue they name is known to be in the file."""
    from homeshore.planning.engine.problems import unusable

    for name in queues:
        if name not in history.queues:
            raise unusable("there is no queue “%(queue)s” in this history", field="queue", queue=name)
    return queues


def _summary(outcome: "Outcome") -> None:
    from django.utils.translation import gettext as _

    from homeshore.planning.report.words import method_name

    plan = outcome.scheduled.plan
    for k, queue in enumerate(outcome.demanded.queues):
        click.echo(_("%(queue)s: %(calls).0f calls a day expected (%(method)s), service level %(level).1f%%") % {
            "queue": queue.name, "calls": queue.forecast.mean.sum(axis=1).mean(), "method": method_name(queue.forecast.method),
            "level": 100 * outcome.future.service.mean[k],
        })  # fmt: skip
    expected = [promise.expected for day in outcome.future.promises for promise in day]
    click.echo(_("%(shifts)d shifts of %(people)d people, at most %(gap).2f%% above the best possible; %(missing)d agent intervals missing") % {
        "shifts": len(plan.shifts), "people": len(outcome.scheduled.homes), "gap": 100 * max(plan.gap, 0.0),
        "missing": plan.missing,
    })  # fmt: skip
    if expected:
        click.echo(_("An hour should pay %(euros).2f euros on average, before contributions") % {
            "euros": sum(expected) / len(expected) / 100,
        })  # fmt: skip


@plan.command()
@click.option("--calls", type=float, required=True, help="Calls an hour.")
@click.option("--handling", type=float, required=True, help="Mean handling time in seconds.")
@click.option("--patience", type=float, help="Mean patience in seconds; without it, everybody waits.")
@click.option("--agents", type=int, help="What these would give; without it, how many are needed.")
@click.option("--share", default=0.8, show_default=True)
@click.option("--seconds", default=20.0, show_default=True)
def staff(
    calls: float, handling: float, patience: float | None, agents: int | None, share: float, seconds: float
) -> None:
    """Answer a staffing question at once, by Erlang C, or Erlang A with a patience."""
    from django.utils.translation import gettext as _

    from homeshore.planning.engine.erlang import Goals, agents_for_a, agents_for_c, erlang_a, erlang_c
    from homeshore.planning.engine.problems import Unusable

    try:
        goals = Goals(share, seconds)
        if agents is None:
            found = (
                agents_for_c(calls, handling, goals)
                if patience is None
                else agents_for_a(calls, handling, patience, goals)
            )
            agents = int(found)
        told = (
            erlang_c(calls, handling, agents, seconds)
            if patience is None
            else erlang_a(calls, handling, patience, agents, seconds)
        )
    except Unusable as error:
        raise _refused(error) from error
    click.echo(_("%(agents)d agents: %(level).1f%% answered within %(seconds)g s, %(lost).1f%% abandon, mean wait %(wait).1f s, occupancy %(busy).0f%%") % {
        "agents": agents, "level": 100 * float(told.service_level), "seconds": seconds, "lost": 100 * float(told.abandonment),
        "wait": float(told.mean_wait), "busy": 100 * float(told.occupancy),
    })  # fmt: skip


@plan.command()
@_file
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    default=Path("comparison.html"),
    show_default=True,
    help="The page.",
)
@_zone
@_interval
@_column
@click.option("--country", default="FR", show_default=True, help="Whose public holidays; “none” for none.")
@click.option("--handling", type=float, help="Handling time in seconds, where the file has none.")
@click.option("--patience", type=float, help="Mean patience in seconds, where the file does not tell.")
@click.option("--share", default=0.8, show_default=True)
@click.option("--seconds", default=20.0, show_default=True)
@click.option("--assumptions", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help='JSON: {"on_site": {"turnover": 0.3}, …}.')  # fmt: skip
def compare(
    source: Path, target: Path, zone: str, interval: int, columns: tuple[str, ...], country: str, handling: float | None,
    patience: float | None, share: float, seconds: float, assumptions: Path | None,
) -> None:  # fmt: skip
    """Compare on-site, offshore and homes by status on the demand of a file; writes a page and its JSON."""
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from homeshore.planning.engine.erlang import Goals
    from homeshore.planning.engine.history import history_of
    from homeshore.planning.engine.problems import Unusable
    from homeshore.planning.engine.scenarios import compare_models
    from homeshore.planning.figures import of_comparison
    from homeshore.planning.report.comparison import comparison_page
    from homeshore.planning.way import Wishes, demand_of

    try:
        table, mapping = _mapped(source, columns)
        history = history_of(table, mapping, zone=zone, interval_minutes=interval)
        wishes = Wishes(
            zone=zone, country=_country(country), interval_minutes=interval, days=7, goals=Goals(share, seconds),
            handling=handling, patience=patience,
        )  # fmt: skip
        demand, supposed = demand_of(history, wishes)
        try:
            changes = json.loads(assumptions.read_text("utf-8")) if assumptions else {}
        except ValueError as error:
            raise click.ClickException(_("The file of assumptions is no JSON: %(why)s") % {"why": error}) from error
        result = compare_models(demand, timezone.localdate(), changes)
    except Unusable as error:
        raise _refused(error) from error
    told = of_comparison(result, supposed)
    target.with_suffix(".json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    target.write_text(comparison_page(told, _("Models compared on %(file)s") % {"file": source.name}), "utf-8")
    for row in result.results:
        click.echo(
            f"  {row.model:<18} {row.monthly_cost:>12,.0f} €  {100 * row.service_level:5.1f} %  +30 %: {100 * row.service_in_peak:5.1f} %"
        )
    click.echo(f"  {target}")
