"""`homeshore simulate`: a day of a floor played again, from a file or from the house's own history."""

import json
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TextIO

import click
from django.utils.translation import gettext as _

from homeshore.cli.start import answers
from homeshore.routing.policy import LEAST_COST, LONGEST_IDLE
from homeshore.routing.simulator.document import (
    Question,
    UnreadableStudy,
    read_question,
    write_outcomes,
    write_question,
)
from homeshore.routing.simulator.study import EVERYWHERE, Day, Figure, Outcome, Variant, as_recorded, study


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"), required=False)
@click.option("--floor", "floor_id", type=int, help="Play this floor's own history instead of a file.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Which day of it; yesterday when left out.")
@click.option(
    "--volume", type=click.FloatRange(0, 10), default=1.0, help="Also play it with so many times the contacts."
)
@click.option("--away", type=click.IntRange(0), default=0, help="Also play it with so many agents fewer.")
@click.option("--rule", type=click.Choice([LEAST_COST, LONGEST_IDLE]), help="Also play it under this rule.")
@click.option("--replications", type=click.IntRange(1, 1000), help="How often each variant is played.  [default: 20]")
@click.option("--seed", type=int, help="The seed of chance: the same seed gives the same figures.  [default: 1]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--write",
    "to",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the question to a file, to be changed and played.",
)
@answers
def simulate(
    file: TextIO | None,
    floor_id: int | None,
    day: datetime | None,
    volume: float,
    away: int,
    rule: str | None,
    replications: int | None,
    seed: int | None,
    as_json: bool,
    to: Path | None,
) -> None:
    """Play a day through the routing core, as it is and otherwise, and compare.

    FILE is a study as JSON (docs/reference/commands.md); with --floor the day comes from the database.
    """
    if (file is None) == (floor_id is None):
        raise click.UsageError(_("Name a file, or a floor with --floor: one of the two."))
    question = _from_file(file) if file is not None else _from_floor(floor_id or 0, day)
    otherwise = _otherwise(question.day, volume, away, rule)
    question = Question(
        question.day,
        (*question.variants, *otherwise),
        replications or question.replications,
        question.seed if seed is None else seed,
    )
    if to is not None:
        to.write_text(json.dumps(write_question(question), indent=1), encoding="utf-8")
        click.echo(_("The study is in %(file)s.") % {"file": to})
        return
    with click.progressbar(length=1000, label=_("Playing"), file=sys.stderr) as bar:

        def told(share: float) -> None:
            bar.update(max(round(share * 1000) - bar.pos, 0))

        outcomes = study(
            question.day,
            question.variants,
            replications=question.replications,
            seed=question.seed,
            on_progress=told,
        )
    if as_json:
        click.echo(json.dumps({"recorded": as_recorded(question.day), "variants": write_outcomes(outcomes)}, indent=1))
    else:
        click.echo(table(question, outcomes))


def table(question: Question, outcomes: list[Outcome]) -> str:
    """The outcomes as text: a block a queue, a line a variant, each mean with half its 95 % interval."""
    day = question.day
    said = [
        _("Contacts: %(contacts)s; stretches of work: %(shifts)s; times that each variant is played: %(times)s.")
        % {"contacts": len(day.contacts), "shifts": len(day.shifts), "times": question.replications}
    ]
    if day.guessed:
        said.append(
            _("Too little history: handling or patience is assumed for queue %(queues)s.")
            % {"queues": ", ".join(map(str, sorted(day.guessed)))}
        )
    width = max(len(outcome.variant.name) for outcome in outcomes)
    for place in (EVERYWHERE, *(queue.id for queue in day.queues)):
        said += ["", _("The floor") if place == EVERYWHERE else _("Queue %(id)s") % {"id": place}]
        for outcome in outcomes:
            told = [_told(name, figure) for name, figure in outcome.figures[place].items()]
            said.append(f"  {outcome.variant.name:<{width}}  {'   '.join(told)}".rstrip())
    return "\n".join(said)


def _told(name: str, figure: Figure) -> str:
    if name == "asa_s":
        return _("answered after %(seconds)s s") % {"seconds": f"{figure.mean:.1f} ± {figure.half:.1f}"}
    words = {"service_level": _("in time"), "abandonment": _("left"), "occupancy": _("busy")}
    return f"{words[name]} {figure.mean * 100:.1f} ± {figure.half * 100:.1f} %"


def _from_file(file: TextIO) -> Question:
    try:
        return read_question(json.load(file))
    except json.JSONDecodeError as error:
        raise click.ClickException(_("%(file)s is no JSON: %(why)s") % {"file": file.name, "why": error}) from error
    except UnreadableStudy as error:
        raise click.ClickException(f"{file.name}: {error}") from error


def _from_floor(floor_id: int, day: datetime | None) -> Question:
    from homeshore.contacts.whatif.periods import bounds, floor_and_zone
    from homeshore.foundation import clock

    found = floor_and_zone(floor_id)
    if found is None:
        raise click.ClickException(_("There is no floor %(number)s.") % {"number": floor_id})
    chosen: date = day.date() if day else (clock.now().astimezone(found.zone) - timedelta(days=1)).date()
    start, end = bounds(chosen, found.zone, now=clock.now())
    from homeshore.contacts.whatif.history import day_of_floor

    played = day_of_floor(floor_id, start=start, end=end)
    if not played.contacts:
        nothing = _("Nothing came to floor %(number)s on %(day)s: choose another day with --date.")
        raise click.ClickException(nothing % {"number": floor_id, "day": chosen})
    return Question(played, (Variant(_("as it is")),))


def _otherwise(day: Day, volume: float, away: int, rule: str | None) -> list[Variant]:
    found: list[Variant] = []
    if volume != 1.0:
        found.append(Variant(_("%(times)s times the contacts") % {"times": f"{volume:g}"}, volume=volume))
    if away:
        found.append(Variant(_("agents: %(count)s fewer") % {"count": away}, agents_away=away))
    if rule:
        found.append(Variant(_("rule %(name)s") % {"name": rule}, policy=replace(day.policy, rule=rule)))
    return found
