"""`homeshore plan staff`, `mix` and `compare`: questions that need no schedule."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from homeshore.planning.command.options import (
    column_option,
    country_of,
    history_in,
    interval_option,
    known,
    mapped,
    queue_option,
    refused,
    say_problems,
    source_file,
    zone_option,
)

if TYPE_CHECKING:
    from homeshore.planning.way import Terms


@click.command()
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
    from homeshore.planning.report.language import figure
    from homeshore.planning.report.parts import percent

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
        raise refused(error) from error
    click.echo(_("%(agents)d agents: %(level)s answered within %(seconds)g s, %(lost)s abandon, mean wait %(wait)s s, occupancy %(busy)s") % {
        "agents": agents, "level": percent(float(told.service_level), 1), "seconds": seconds, "lost": percent(float(told.abandonment), 1),
        "wait": figure(float(told.mean_wait), 1), "busy": percent(float(told.occupancy)),
    })  # fmt: skip


@click.command()
@source_file
@zone_option
@interval_option
@column_option
@click.option("--country", default="FR", show_default=True, help="Whose public holidays; “none” for none.")
@click.option("--share", default=0.8, show_default=True, help="Service level: share of contacts answered…")
@click.option("--seconds", default=20.0, show_default=True, help="… within so many seconds.")
@queue_option
@click.option("--shrinkage", default=0.1, show_default=True, help="Share of scheduled time not at work.")
@click.option("--handling", type=float, help="Handling time in seconds, where the file has none.")
@click.option("--patience", type=float, help="Mean patience in seconds, where the file does not tell.")
@click.option("--people", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="File of people, whose skills are mixed: JSON, CSV or Excel.")  # fmt: skip
@click.option(
    "--day", type=int, default=1, show_default=True, help="Day of the forecast: 1 is the first after the file's last."
)
@click.option("--from", "first_hour", type=float, required=True, help="First hour, like 10 or 10.5.")
@click.option("--until", "last_hour", type=float, required=True, help="The hour at which it ends.")
@click.option(
    "--probability", default=0.9, show_default=True, help="Share of such days on which each queue keeps its goal."
)
@click.option("--rule", type=click.Choice(["least_cost", "longest_idle"]), default="least_cost", show_default=True,
              help="How the floor gives out contacts.")  # fmt: skip
@click.option("--more", default=0.05, show_default=True, help="What one more queue costs, in parts of an hour.")
@click.option("--seed", default=1, show_default=True, help="Same seed, same mix.")
def mix(
    source: Path, zone: str, interval: int, columns: tuple[str, ...], country: str, share: float, seconds: float,
    queues: tuple[tuple[str, "Terms"], ...], shrinkage: float, handling: float | None, patience: float | None,
    people: Path | None, day: int, first_hour: float, last_hour: float, probability: float, rule: str, more: float,
    seed: int,
) -> None:  # fmt: skip
    """Find the cheapest mix of skills that keeps every queue's goal for some hours, by simulation."""
    from django.utils.translation import gettext as _

    from homeshore.planning.engine.erlang import Goals
    from homeshore.planning.engine.problems import Unusable
    from homeshore.planning.figures import of_mix
    from homeshore.planning.people import rows_of_file
    from homeshore.planning.report.page import mix_in_words, rule_in_words, who_serves
    from homeshore.planning.report.parts import goal, percent
    from homeshore.planning.way import Wishes, demanded
    from homeshore.planning.way.mix import MixAsked, mixed

    try:
        table, mapping = mapped(source, columns)
        history = history_in(table, mapping, zone, interval)
        wishes = Wishes(
            zone=zone, country=country_of(country), interval_minutes=history.interval_minutes, goals=Goals(share, seconds),
            queues=known(dict(queues), history), shrinkage=shrinkage, handling=handling, patience=patience,
            people=rows_of_file(people.read_bytes()) if people else None, seed=seed,
        )  # fmt: skip
        asked = MixAsked(
            day=day - 1, first_hour=first_hour, last_hour=last_hour, probability=probability, more_a_skill=more,
            rule=rule,
        )  # fmt: skip
        shown: Any = click.progressbar(length=100, show_eta=False)
        with shown as bar:

            def say(step: str, done: float) -> None:
                target = int(20 * done if step == "forecasting" else 20 + 80 * done)
                bar.update(max(0, target - bar.pos))

            demand = demanded(history, wishes, say)
            found = mixed(demand, asked, wishes, say)
    except Unusable as error:
        raise refused(error) from error
    told = of_mix(found, asked, wishes)
    click.echo(mix_in_words(told, demand.first_day.isoformat()))
    for row in told["groups"]:
        click.echo(f"  {row['agents']:>4}  {who_serves(row)}")
    for row in told["queues"]:
        click.echo("  " + _("%(queue)s: %(goal)s; %(level)s on average, goal kept on %(kept)s of days") % {
            "queue": row["name"], "goal": goal(row["goal"], row["seconds"]), "level": percent(row["service_level"], 1),
            "kept": percent(row["kept"]),
        })  # fmt: skip
    click.echo(rule_in_words(told))
    say_problems(found.assumptions)


@click.command()
@source_file
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    default=Path("comparison.html"),
    show_default=True,
    help="The page.",
)
@zone_option
@interval_option
@column_option
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
    from homeshore.planning.engine.problems import Unusable
    from homeshore.planning.engine.scenarios import compare_models
    from homeshore.planning.figures import of_comparison
    from homeshore.planning.report.comparison import comparison_page
    from homeshore.planning.report.parts import percent, whole_euros
    from homeshore.planning.report.words import MODELS
    from homeshore.planning.report.words import known as word_of
    from homeshore.planning.way import Wishes, demand_of

    try:
        table, mapping = mapped(source, columns)
        history = history_in(table, mapping, zone, interval)
        wishes = Wishes(
            zone=zone, country=country_of(country), interval_minutes=interval, days=7, goals=Goals(share, seconds),
            handling=handling, patience=patience,
        )  # fmt: skip
        demand, supposed = demand_of(history, wishes)
        try:
            changes = json.loads(assumptions.read_text("utf-8")) if assumptions else {}
        except ValueError as error:
            raise click.ClickException(_("The file of assumptions is no JSON: %(why)s") % {"why": error}) from error
        result = compare_models(demand, timezone.localdate(), changes)
    except Unusable as error:
        raise refused(error) from error
    told = of_comparison(result, supposed)
    target.with_suffix(".json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    target.write_text(comparison_page(told, _("Models compared on %(file)s") % {"file": source.name}), "utf-8")
    for row in result.results:
        cost, level, in_peak = (
            whole_euros(row.monthly_cost),
            percent(row.service_level, 1),
            percent(row.service_in_peak, 1),
        )
        click.echo(f"  {word_of(MODELS, row.model):<24} {cost:>12}  {level:>7}  +30 %: {in_peak:>7}")
    click.echo(f"  {target}")
