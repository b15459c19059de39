"""One way to compile a hot loop with Numba, and to keep the machine code between runs.

Compiled functions live in files named ``*kernel.py``. One may call another of its own folder, or of
``random_kernel.py`` beside this file: the cache is keyed by the text of those files, because Numba itself
looks only at the file of the outermost function and would go on running an old inner one.
"""

import os
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

_ENGINE = Path(__file__).parent


@cache
def _cache_folder(folder: Path) -> str:
    sources = sorted({*folder.glob("*kernel.py"), *_ENGINE.glob("*kernel.py")})
    text = b"\0".join(source.read_bytes() for source in sources)
    root = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return str(Path(root) / "homeshore" / "compiled" / sha256(text).hexdigest()[:16])


def compiled(function: F) -> F:
    """``function`` compiled to machine code at its first call, then read from the user's cache folder.

    Division by zero gives infinity, as in NumPy. The global interpreter lock is released while it runs.
    """
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = _cache_folder(Path(function.__code__.co_filename).parent)  # type: ignore[attr-defined]
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]
