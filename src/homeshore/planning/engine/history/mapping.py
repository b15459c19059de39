"""Which column holds what: guessed from names and values, shown in words, and confirmed or changed by a person."""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from homeshore.planning.engine.history.dates import datetime_format, looks_like_time_of_day
from homeshore.planning.engine.history.reading import Table
from homeshore.planning.engine.problems import unusable

Kind = Literal["contacts", "volumes"]

_WORDS: dict[str, tuple[str, ...]] = {
    "arrived": ("arrived_at", "arrival", "arrivee", "start", "debut", "datetime", "date_heure", "timestamp", "horodatage",
                "interval", "intervalle", "period", "created", "ds"),
    "day": ("date", "day", "jour"),
    "time": ("vru_exit", "time", "heure", "hour", "arrival_time", "start_time", "vru_entry"),
    "calls": ("calls", "volume", "count", "contacts", "offered", "appels", "arrivals", "nombre", "nb", "y"),
    "queue": ("queue", "file", "type", "skill", "service", "competence", "campaign", "split"),
    "wait": ("wait", "wait_seconds", "q_time", "attente", "queue_time", "waiting"),
    "handling": ("handling", "handling_seconds", "aht", "dmt", "ser_time", "duration", "duree", "talk", "talk_time",
                 "handle_time"),
    "outcome": ("outcome", "status", "result", "resultat", "issue", "disposition"),
    "agent": ("agent", "server", "operator", "conseiller", "teleconseiller"),
}  # fmt: skip

_ANSWERED = {"agent", "answered", "handled", "repondu", "traite", "decroche", "served", "1", "true", "oui", "yes", "ok"}
_ABANDONED = {"hang", "hangup", "abandoned", "abandon", "abandonne", "lost", "perdu", "0", "false", "non", "no"}
_IGNORED = {"phantom", "test", "transfer"}

Meaning = Literal["answered", "abandoned", "ignored"]


@dataclass(frozen=True, slots=True)
class Mapping:
    """``columns`` gives for each field (arrived, or day and time; calls; queue; …) its column in the file.

    ``outcomes`` says what each value of the outcome column means. ``date_format`` is strptime's.
    """

    kind: Kind
    columns: dict[str, str]
    date_format: str
    outcomes: dict[str, Meaning] = field(default_factory=dict)
    guessed: bool = True

    def confirmed(self, **columns: str) -> "Mapping":
        """The mapping as a person accepts it, with the columns they change; an empty name drops a field."""
        chosen = {**self.columns, **columns}
        return replace(self, columns={name: column for name, column in chosen.items() if column}, guessed=False)

    def described(self) -> list[tuple[str, str]]:
        """Field and column, in the order to show, the reading of dates and outcomes included."""
        rows = [(name, self.columns[name]) for name in _WORDS if name in self.columns]
        rows.append(("date format", self.date_format))
        rows += [(f"outcome “{value}”", meaning) for value, meaning in sorted(self.outcomes.items())]
        return rows


def _plain_name(name: str) -> str:
    plain = name.lower().translate(str.maketrans("éèêàâîïôûùç", "eeeaaiiouuc"))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def guess_mapping(table: Table) -> Mapping:
    """The likeliest mapping of ``table``. Raises Unusable when no column holds a date."""
    sample = table.rows.head(2000)
    names = {column: _plain_name(column) for column in table.columns}

    def named(what: str, among: list[str]) -> str | None:
        for word in _WORDS[what]:
            exact = [column for column in among if names[column] == word]
            close = [column for column in among if len(word) > 3 and word in names[column]]
            if exact or close:
                return (exact or close)[0]
        return None

    formats = {column: datetime_format(sample[column]) for column in table.columns}
    whole = [column for column, found in formats.items() if found and "%H" in found]
    days = [column for column, found in formats.items() if found and "%H" not in found]
    times = [column for column in table.columns if looks_like_time_of_day(sample[column])]
    columns: dict[str, str] = {}
    if whole:
        columns["arrived"] = named("arrived", whole) or whole[0]
        date_format = formats[columns["arrived"]] or ""
    elif days:
        columns["day"] = named("day", days) or days[0]
        if times:
            columns["time"] = named("time", times) or times[0]
        date_format = formats[columns["day"]] or ""
    else:
        raise unusable(
            "no column holds dates (columns: %(columns)s); expected for example 2026-11-22 08:30",
            field="arrived", columns=", ".join(table.columns),
        )  # fmt: skip
    free = [column for column in table.columns if column not in columns.values() and not formats[column]]
    for what in ("calls", "wait", "handling", "outcome", "agent", "queue"):
        found = named(what, [column for column in free if column not in columns.values()])
        if found and (what not in ("calls", "wait", "handling") or _numeric(sample[found])):
            columns[what] = found
    kind: Kind = "volumes" if "calls" in columns and "outcome" not in columns and "agent" not in columns else "contacts"
    outcomes: dict[str, Meaning] = {}
    if kind == "contacts" and "outcome" in columns:
        for value in table.rows[columns["outcome"]].drop_nulls().unique().sort().head(50).to_list():
            plain = _plain_name(value)
            if plain in _IGNORED:
                outcomes[value] = "ignored"
            elif plain in _ABANDONED or any(word in plain for word in ("aband", "hang")):
                outcomes[value] = "abandoned"
            elif plain in _ANSWERED or any(word in plain for word in ("answer", "agent", "trait")):
                outcomes[value] = "answered"
            else:
                outcomes[value] = "ignored"
    if kind == "contacts":
        columns.pop("calls", None)
    return Mapping(kind, columns, date_format, outcomes)


def _numeric(values: pl.Series) -> bool:
    numbers = values.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return numbers.is_not_null().sum() > 0.5 * max(1, values.len() - values.null_count())
