"""Simulated customers and agents: they come by the same public ways as people, and are called simulated everywhere.

Customers open the widget's API from a brand's page, or hand a mail in at the post office; agents sign in and work at the
desk's addresses, following its push. None of them touches the database.
"""

import threading

from homeshore.demo.places import Places

_paused = threading.Event()
_present = threading.Event()


def pause() -> None:
    """No new simulated customers; simulated agents take a break once their contacts are closed."""
    _paused.set()


def resume() -> None:
    """Simulated people come and work again."""
    _paused.clear()


def is_present() -> bool:
    """Whether this process has simulated people at all, paused or not: only the demonstration has."""
    return _present.is_set()


def is_running() -> bool:
    """Whether simulated people come and work now."""
    return is_present() and not _paused.is_set()


def run(places: Places, stop: threading.Event) -> None:
    """Play until told to stop."""
    import asyncio

    from homeshore.demo.simulation.play import play

    _present.set()
    try:
        asyncio.run(play(places, stop))
    finally:
        _present.clear()
