"""What the commands of planning share: how they are told a file, its columns, queues and events, and how they refuse."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from homeshore.planning.engine.history import History, Mapping, Table
    from homeshore.planning.engine.problems import Problem
    from homeshore.planning.way import Event, Terms


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
            raise refused(error) from error
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
            raise refused(error) from error


_TERMS = re.compile(
    r"(?P<kind>\w+)(\*(?P<at_once>\d+))?(\s+(?P<share>[\d.]+)%)?(\s+(?P<amount>[\d.]+)\s*(?P<unit>s|min|h))?"
)
EVENT, PAIR, TERMS = _EventType(), _PairType(), _TermsType()


def refused(error: Exception) -> click.ClickException:
    """What a refusal of the engine says, as the command says it."""
    from homeshore.planning.engine.problems import Unusable
    from homeshore.planning.report.words import said

    if isinstance(error, Unusable):
        return click.ClickException("\n".join(said(problem) for problem in error.problems))
    return click.ClickException(str(error))


def mapped(source: Path, columns: tuple[str, ...]) -> "tuple[Table, Mapping]":
    """The file as a table, and how it is read: as guessed, with the columns that are said."""
    from django.conf import settings

    from homeshore.planning.engine.history import guess_mapping, read_table

    table = read_table(source, settings.PLANNING_FILE_BYTES)
    mapping = guess_mapping(table)
    if columns:
        pairs = dict(column.partition("=")[::2] for column in columns)
        mapping = mapping.confirmed(**pairs)
    return table, mapping


def history_in(table: "Table", mapping: "Mapping", zone: str, interval_minutes: int) -> "History":
    """The history that the file tells, read so; its only queue named where no column names any."""
    from homeshore.planning.engine.history import history_of
    from homeshore.planning.report.words import only_queue

    return history_of(table, mapping, zone=zone, interval_minutes=interval_minutes, queue=only_queue())


def show(table: "Table", mapping: "Mapping") -> None:
    """Say how the file is read: each field, with the name by which ``--column`` corrects it, and its column."""
    from django.utils.translation import ngettext

    from homeshore.planning.report.language import figure
    from homeshore.planning.report.words import field_name, layout_in_words, read_as

    lines = ngettext("%(count)s line", "%(count)s lines", table.rows.height) % {"count": figure(table.rows.height)}
    click.echo(f"{layout_in_words(table.layout)}, {lines}")
    for name, value in mapping.described():
        field = f"{field_name(name)} ({name})" if name in mapping.columns else field_name(name)
        click.echo(f"  {field:<36} {read_as(name, value)}")


def country_of(code: str) -> str | None:
    """A country's code; None for “none”."""
    return None if code.lower() == "none" else code.upper()


def say_problems(problems: "tuple[Problem, ...]") -> None:
    """Say what was odd."""
    from homeshore.planning.report.words import said

    for problem in problems:
        click.secho(f"  {said(problem)}", fg="yellow")


source_file = click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
zone_option = click.option(
    "--zone", default="Europe/Paris", show_default=True, help="Where the file's clock times were read."
)
interval_option = click.option("--interval", default=30, show_default=True, help="Minutes of an interval: 15 or 30.")
queue_option = click.option(
    "--queue",
    "queues",
    multiple=True,
    metavar="NAME=KIND",
    type=TERMS,
    help="How a queue is answered, where not as calls with the goal for all: “Chat=chat*3 80% 40s”, “Letters=mail 95% 8h”.",
)
column_option = click.option(
    "--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="Correct the guessed mapping."
)


def known(queues: "dict[str, Terms]", history: "History") -> "dict[str, Terms]":
    """The terms given, once every queue they name is known to be in the file."""
    from homeshore.planning.engine.problems import unusable

    for name in queues:
        if name not in history.queues:
            raise unusable("there is no queue “%(queue)s” in this history", field="queue", queue=name)
    return queues
