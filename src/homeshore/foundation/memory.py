"""What a process holds for as long as it lives, and how seldom it is searched for garbage.

Python looks through all that is kept whenever enough is new. The pages of a site and a floor of 10,000 agents are looked
through in vain then, while a person or a decision waits (150 to 400 ms each time, measured with 2,000 streams).
"""

import gc

NEW_OBJECTS = 50_000
"""How many there are before they are searched. Python's own 700 are fewer than one group of decisions makes (measured: an eighth of a router's time)."""


def settle() -> None:
    """Free what is garbage, and count all that is left among what stays."""
    gc.set_threshold(NEW_OBJECTS)
    gc.collect()
    keep()


def keep() -> None:
    """Count what was just made among what stays: it is not looked through again."""
    gc.freeze()


def settle_anew() -> None:
    """Something large that was to stay is gone: look for it among all that was kept, and keep the rest."""
    gc.unfreeze()
    settle()
