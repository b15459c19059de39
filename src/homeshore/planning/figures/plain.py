"""Arrays, dates and problems as plain values."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from homeshore.planning.engine.problems import Problem


def numbers(values: ArrayLike, digits: int = 3) -> Any:
    """An array as nested lists; what is missing becomes None, whole numbers stay whole."""
    array = np.asarray(values)
    if array.dtype.kind in "iub":
        return array.tolist()
    rounded = np.round(array.astype(float), digits)
    plain = rounded.astype(object)
    plain[~np.isfinite(rounded)] = None
    return plain.tolist()


def number(value: float | None, digits: int = 3) -> float | None:
    """A number; None where it is missing or endless."""
    return None if value is None or not np.isfinite(value) else round(float(value), digits)


def problem(said: Problem) -> dict[str, Any]:
    """A problem as data."""
    values = {name: value.item() if isinstance(value, np.generic) else value for name, value in said.values.items()}
    return {"text": said.text, "one": said.one, "values": values, "line": said.line, "field": said.field}


def problems(said: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as data."""
    return [problem(each) for each in said]
