"""Which lines of a file of contacts are copies, and which are contacts that only look alike.

Times are often written to the minute: two contacts of one minute then read the same. A line that says in every column what
an earlier one said is a copy where each line has an identifier of its own, or where it stands in a block of lines that
repeats earlier lines in their order, as when something was pasted twice. Any other is a contact of its own.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeshore.planning.engine.history.mapping import Mapping
from homeshore.planning.engine.history.reading import LINE, Table
from homeshore.planning.engine.problems import Problem, counted

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEAST_BLOCK = 10  # different lines: so many do not come again in the same order by chance
_SHOWN_BLOCKS = 5


def copies(table: Table, mapping: Mapping) -> tuple[Flags, list[Problem]]:
    """Which lines are copies, to be left out; and what is to be said of lines that are alike."""
    hashes = table.rows.select(pl.exclude(LINE)).hash_rows().to_numpy()
    _, first, group = np.unique(hashes, return_index=True, return_inverse=True)
    earlier: Integers = first[group]  # for each line, the first that says the same
    repeats: Flags = earlier != np.arange(earlier.size)
    if not repeats.any():
        return repeats, []
    if column := _identifier(table, mapping, ~repeats):
        return repeats, [
            counted(
                "%(count)d line repeats an earlier one, with the same “%(column)s”: left out",
                "%(count)d lines repeat earlier ones, with the same “%(column)s”: left out",
                int(repeats.sum()), line=int(table.rows[LINE][int(np.argmax(repeats))]), column=column,
            )
        ]  # fmt: skip
    copied, told = _blocks(table, earlier, repeats)
    alike = int((repeats & ~copied).sum())
    if alike:
        told.append(
            counted(
                "%(count)d line reads like an earlier one and counts as a contact of its own: nothing in it says that it is a copy",
                "%(count)d lines read like earlier ones and count as contacts of their own: nothing in them says that they are copies",
                alike,
            )
        )  # fmt: skip
    return copied, told


def _identifier(table: Table, mapping: Mapping, different: Flags) -> str | None:
    """A column whose value each different line has for itself, and which is neither a time nor anything that is mapped."""
    used = set(mapping.columns.values())
    rows = table.rows.filter(pl.Series(different))
    for column in table.columns:
        values = rows[column]
        if column not in used and rows.height > 1 and values.n_unique() == rows.height:
            unlike_one = values.is_null() | (values == "") | values.str.contains(":", literal=True)
            if not unlike_one.any():
                return column
    return None


def _blocks(table: Table, earlier: Integers, repeats: Flags) -> tuple[Flags, list[Problem]]:
    """Lines in stretches that repeat earlier lines in their order, and the first of these stretches in words."""
    places = np.flatnonzero(repeats)
    goes_on = (np.diff(places) == 1) & (np.diff(earlier[places]) >= 0)
    copied, told = np.zeros(earlier.size, np.bool_), []
    for block in np.split(places, np.flatnonzero(~goes_on) + 1):
        if np.unique(earlier[block]).size >= LEAST_BLOCK:
            copied[block] = True
            here, there = table.rows[LINE][int(block[-1])], table.rows[LINE][int(earlier[block[0]])]
            told.append(
                Problem(
                    "up to line %(last)d, %(count)d lines repeat those from line %(first)d on, in the same order: left out",
                    {"last": here, "count": int(block.size), "first": there}, table.rows[LINE][int(block[0])],
                )
            )  # fmt: skip
    more = len(told) - _SHOWN_BLOCKS
    if more > 0:
        told = [
            *told[:_SHOWN_BLOCKS],
            counted("the same in %(count)d more block", "the same in %(count)d more blocks", more),
        ]
    return copied, told
