"""`homeshore replay`: a recorded day of calls, or a floor's journal, run again."""

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from homeshore.cli.start import answers
from homeshore.replay.calls import PLAIN, Call, CallsRead, Columns, UnknownColumns, read_calls
from homeshore.replay.figures import by_queue, by_time, recorded, summarise
from homeshore.replay.ground import own_database
from homeshore.replay.patience import estimate
from homeshore.replay.roster import Shift, shifts

SAID_PROBLEMS = 10
TELL_SECONDS = 1.0


@click.group()
def replay() -> None:
    """Run again what has happened: a recorded day, or the journal of a floor."""


@replay.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="The day to replay; the only one of the file by default."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=0.0,
    help="How many times faster than the day; 0, the default, is as fast as it goes.",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field: arrived, date, queue, waited, served, agent, priority, outcome. Repeat it for each.",
)
@click.option("--target", default=20, show_default=True, help="Seconds within which a call should be answered.")
@click.option(
    "--away-after", default=300.0, show_default=True, help="Seconds between two services after which an agent was away."
)
@click.option("--time-zone", default="Europe/Paris", show_default=True, help="The zone of the file's times.")
@click.option(
    "--seed", default=1, show_default=True, help="Of the draws of patience and of services that were never recorded."
)
@click.option(
    "--database",
    default="",
    metavar="URL",
    help="A PostgreSQL database in which a schema is made for the replay; SQLite in a temporary folder by default.",
)
@click.option("--keep", is_flag=True, help="Keep the database of the replay and say where it is.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    help="Folder for the JSON file and the page.",
)
@click.option(
    "--language",
    type=click.Choice(["fr", "en"]),
    default="fr",
    show_default=True,
    help="Language of the messages, the table and the page.",
)
def calls(file: Path, day: datetime | None, mapped: tuple[str, ...], **options: Any) -> None:
    """Send the calls of FILE through the real routing, and compare with what the file recorded.

    FILE has a header; its columns are described in docs/how-to/replay-a-day.md. The site's own database is not touched.
    """
    with own_database(options["database"], keep=options["keep"]) as folder:
        from homeshore.cli.start import migrate_database, start_django

        start_django()
        from homeshore.replay.report import said, write

        with override(options["language"]):
            found = read(file, columns_of(mapped))
            chosen = choose_day(found, day.date() if day else None)
            zone = zone_of(options["time_zone"])
            for problem in found.problems[:SAID_PROBLEMS]:
                click.echo(f"{_('Left out')} · {said(problem)}", err=True)
            if (more := len(found.problems) - SAID_PROBLEMS) > 0:
                click.echo(
                    ngettext("… and %(more)s more line left out", "… and %(more)s more lines left out", more)
                    % {"more": more},
                    err=True,
                )
            migrate_database()
            report = run(file, found, chosen, zone, **options)
            click.echo(report.table())
            as_json, as_page = write(report, options["out"])
            times = _("%(times)s times real time") % {"times": f"{report.times_real:.0f}"}
            click.echo(f"{times} · {as_json} · {as_page}")
            if options["keep"]:
                click.echo(_("The database is kept: %(where)s") % {"where": options["database"] or folder})


@replay.command()
@click.option("--floor", "floor_id", type=int, help="The floor's number; the only one by default.")
@click.option("--epoch", type=int, help="Only what was decided under this epoch; all of the journal by default.")
@answers
def journal(floor_id: int | None, epoch: int | None) -> None:
    """Decide a floor's journal again: the same inputs must lead to the same decisions.

    Ends with an error, and says where, when one differs.
    """
    from homeshore.contacts.models import Floor
    from homeshore.contacts.router.journal import BrokenJournal
    from homeshore.contacts.router.journal import replay as decide_again
    from homeshore.routing.state import UnreadableState
    from homeshore.routing.vocabulary import UnreadableRecord

    floors = list(Floor.objects.filter(pk=floor_id) if floor_id else Floor.objects.order_by("id"))
    if len(floors) != 1:
        known = ", ".join(f"{floor.pk} ({floor.name})" for floor in floors) or _("none")
        raise click.ClickException(_("Say which floor with --floor. There are: %(known)s.") % {"known": known})
    entries = decided = 0
    try:
        for entry in decide_again(floors[0].pk, epoch=epoch):
            entries += 1
            decided += len(entry.decisions)
            if not entry.same:
                told = "; ".join(str(decision.to_dict()) for decision in entry.decisions) or _("nothing")
                otherwise = _("Entry %(seq)s (%(kind)s, epoch %(epoch)s) is decided otherwise now: %(told)s")
                raise click.ClickException(
                    otherwise % {"seq": entry.seq, "kind": entry.kind, "epoch": entry.epoch, "told": told}
                )
    except (BrokenJournal, UnreadableRecord, UnreadableState) as error:
        after = _("After %(entries)s entries: %(why)s") % {"entries": entries, "why": error}
        raise click.ClickException(after) from error
    same = _("%(entries)s entries, %(decided)s decisions: all the same.")
    click.echo(same % {"entries": entries, "decided": decided})


def run(file: Path, found: CallsRead, day: date, zone: ZoneInfo, **options: Any) -> Any:
    """Live the day in the database at hand; returns the report."""
    from homeshore.replay.day import Tally, callers_of, live
    from homeshore.replay.outcome import read_back
    from homeshore.replay.report import SLICE_MINUTES, Report
    from homeshore.replay.world import build

    of_day = found.of_day(day)
    roster = shifts(of_day, away_after=options["away_after"])
    patience = estimate(
        (call.waited, call.outcome != "served") for call in found.calls if call.queued and call.waited > 0
    )
    start = beginning(of_day, roster).replace(tzinfo=zone)
    world = build(of_day, roster, time_zone=options["time_zone"], target_seconds=options["target"], at=start)
    pace = Pace(start, speed=options["speed"], total=len(of_day))

    def watch(moment: datetime, tally: Tally) -> None:
        pace.keep(moment)
        pace.tell(moment.astimezone(zone), tally)

    live(world, callers_of(of_day, patience, seed=options["seed"]), roster, zone=zone, start=start, watch=watch)
    wall = pace.end()
    lived = read_back(world, zone=zone)
    target = options["target"]
    before = recorded(of_day)
    busy = sum(call.served for call in of_day if call.agent)
    queues_before, queues_after = by_queue(before, target_seconds=target), by_queue(lived.ended, target_seconds=target)
    return Report(
        source=file.name,
        day=day,
        target_seconds=target,
        recorded=summarise(
            before, target_seconds=target, staffed_seconds=sum(shift.seconds for shift in roster), busy_seconds=busy
        ),
        replayed=summarise(
            lived.ended, target_seconds=target, staffed_seconds=lived.staffed_seconds, busy_seconds=lived.busy_seconds
        ),
        by_queue={name: (queues_before[name], queues_after[name]) for name in queues_before},
        recorded_slices=by_time(before, minutes=SLICE_MINUTES, target_seconds=target),
        replayed_slices=by_time(lived.ended, minutes=SLICE_MINUTES, target_seconds=target),
        problems=found.problems,
        ignored=found.ignored,
        agents=len(roster),
        offers=lived.offers,
        inputs=lived.inputs,
        acts=lived.acts,
        wall_seconds=wall,
        times_real=(of_day[-1].arrived - of_day[0].arrived).total_seconds() / wall,
        options={name: str(value) for name, value in options.items() if name not in {"out", "database"}},
    )


class Pace:
    """Keeps the day at its speed, and tells how far it is."""

    def __init__(self, start: datetime, *, speed: float, total: int) -> None:
        self._start, self._speed, self._total = start, speed, total
        self._began = self._told = time.monotonic()

    def keep(self, moment: datetime) -> None:
        """Wait until the moment has come at the chosen speed."""
        if self._speed > 0:
            due = self._began + (moment - self._start).total_seconds() / self._speed
            time.sleep(max(0.0, due - time.monotonic()))

    def tell(self, local: datetime, tally: Any) -> None:
        """Say once a second where the day is."""
        if time.monotonic() - self._told >= TELL_SECONDS:
            self._told = time.monotonic()
            said = _(
                "%(arrived)s of %(total)s arrived · %(answered)s answered · %(left)s left · %(waiting)s waiting · "
                "%(busy)s of %(there)s agents busy"
            )
            counted = {
                name: getattr(tally, name) for name in ("arrived", "answered", "left", "waiting", "busy", "there")
            }
            click.echo(f"{local:%H:%M}  {said % (counted | {'total': self._total})}", err=True)

    def end(self) -> float:
        """Wall seconds since the start."""
        return time.monotonic() - self._began


def read(file: Path, columns: Columns) -> CallsRead:
    """The calls of a file; ends the command with what is wrong when there is nothing to use."""
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            found = read_calls(lines, columns)
    except UnknownColumns as error:
        columns_said = _(
            "%(file)s lacks columns: %(missing)s. It has: %(there)s. Say which column holds what: %(how)s."
        )
        raise click.ClickException(
            columns_said
            % {
                "file": file,
                "missing": ", ".join(error.missing),
                "there": ", ".join(error.there),
                "how": "--map FIELD=COLUMN",
            }
        ) from error
    if not found.calls:
        nothing = _("%(file)s holds no call that can be used (lines left out: %(count)s).")
        raise click.ClickException(nothing % {"file": file, "count": len(found.problems)})
    return found


def columns_of(mapped: tuple[str, ...]) -> Columns:
    """The mapping of columns given on the command line."""
    given = dict(each.partition("=")[::2] for each in mapped)
    known = {"arrived", "date", "queue", "waited", "served", "agent", "priority", "outcome"}
    unknown = sorted(given.keys() - known)
    if unknown:
        raise click.BadParameter(
            _("%(unknown)s: the fields are %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))},
            param_hint="--map",
        )
    return replace(PLAIN, **given)  # type: ignore[arg-type]  # every field that may be given is a text


def choose_day(found: CallsRead, day: date | None) -> date:
    """The day asked for, or the only one there is."""
    days = found.days()
    if day is None and len(days) == 1:
        return days[0]
    if day in days:
        return day
    raise click.ClickException(
        _("Say which day with %(option)s; the file has calls from %(first)s to %(last)s.")
        % {"option": "--day", "first": days[0], "last": days[-1]}
    )


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(_("%(name)s is no time zone.") % {"name": name}, param_hint="--time-zone") from error


def beginning(of_day: list[Call], roster: list[Shift]) -> datetime:
    """A minute before anything happens."""
    first = [of_day[0].arrived, *(shift.stretches[0][0] for shift in roster)]
    return min(first) - timedelta(minutes=1)
