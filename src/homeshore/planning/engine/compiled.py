"""One way to compile a hot loop with Numba, and to keep the machine code between runs.

Compiled functions live in files named ``*kernel.py``. One may call another of its own folder, or of
``random_kernel.py`` beside this file: the cache is keyed by the text of those files, because Numba itself
looks only at the file of the outermost function and would go on running an old inner one. Where those files lie does
not count: a second checkout, or the next version with the same kernels, finds what the first has compiled.
"""

import os
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import _CacheLocator

F = TypeVar("F", bound=Callable[..., Any])

_ENGINE = Path(__file__).parent


@cache
def _cache_folder(folder: Path) -> str:
    sources = sorted({*folder.glob("*kernel.py"), *_ENGINE.glob("*kernel.py")})
    text = b"\0".join(source.read_bytes() for source in sources)
    root = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return str(Path(root) / "homeshore" / "compiled" / sha256(text).hexdigest()[:16])


class KernelLocator(_CacheLocator):
    """Where Numba keeps a kernel's machine code (named in its setting ``CACHE_LOCATOR_CLASSES``)."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        self._folder = Path(file).parent
        self._line = function.__code__.co_firstlineno

    def get_cache_path(self) -> str:
        """The folder of exactly these texts."""
        return _cache_folder(self._folder)

    def get_source_stamp(self) -> str:
        """Nothing more: the folder's name changes with the texts."""
        return "by text"

    def get_disambiguator(self) -> str:
        """What tells functions of one name apart."""
        return str(self._line)

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> "KernelLocator":
        """The locator of a function."""
        return cls(function, file)


def compiled(function: F) -> F:
    """``function`` compiled to machine code at its first call, then read from the user's cache folder.

    Division by zero gives infinity, as in NumPy. The global interpreter lock is released while it runs.
    """
    return _compiled(function)


def inlined(function: F) -> F:
    """As ``compiled``, and copied into every compiled function that calls it: for the small steps of a hot loop."""
    return _compiled(function, forceinline=True)


def _compiled(function: F, **options: bool) -> F:
    before = numba.config.CACHE_LOCATOR_CLASSES  # type: ignore[attr-defined]
    numba.config.CACHE_LOCATOR_CLASSES = f"{__name__}.{KernelLocator.__name__}"  # type: ignore[attr-defined]
    try:
        return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function))  # type: ignore[call-overload]
    finally:
        numba.config.CACHE_LOCATOR_CLASSES = before  # type: ignore[attr-defined]
