"""The planning engine: from history to forecast, staffing, simulation, schedules and a promise of income.

A pure library: it knows no web framework, no clock and no database, and reads only the files it is handed.
Its libraries are the optional extra ``planning``.
"""

from importlib.util import find_spec

_LIBRARIES = ("numpy", "numba", "scipy", "polars")
_MISSING = [name for name in _LIBRARIES if find_spec(name) is None]

if _MISSING:
    raise ImportError(
        f"The planning engine needs {', '.join(_MISSING)}: install its libraries with "
        "`pip install 'homeshore[planning]'` (in a checkout: `uv sync --extra planning`).",
        name=_MISSING[0],
    )
