"""Pure: the menu of a number, which callers answer by a key before they wait anywhere.

It is said twice at most, the second time at once when a key leads nowhere. Who has pressed no key of it by then goes where the number
leads: nobody is hung up on, and nobody is lost who cannot press keys.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum

TIMES = 2
"""How often a menu is said at most."""
ANSWER_SECONDS = 5.0
"""How long a caller may think when it has been said."""
PRESSING = {"fr": "{label}, tapez {key}.", "en": "{label}, press {key}."}
NO_SUCH_KEY = {"fr": "Cette touche n'est pas proposée.", "en": "There is nothing behind this key."}
OPENING = {"fr": "Bonjour, vous êtes chez {brand}.", "en": "Hello, you are calling {brand}."}
"""With what a menu begins until somebody writes something better, by language."""


class After(StrEnum):
    """What has come before the menu is said."""

    NOTHING = "nothing"
    SILENCE = "silence"
    NO_SUCH_KEY = "no_such_key"


@dataclass(frozen=True, slots=True)
class Say:
    """Say the menu."""

    after: After


@dataclass(frozen=True, slots=True)
class Follow:
    """Lead the caller to the queue of this key; where the number leads without one."""

    key: str


def next_in_menu(keys: Container[str], *, said: int, pressed: str) -> Say | Follow:
    """What comes for a caller to whom the menu was said so often, and who pressed this key; none: they let it pass, or have just come."""
    if pressed in keys:
        return Follow(pressed)
    if said == TIMES:
        return Follow("")
    if pressed:
        return Say(After.NO_SUCH_KEY)
    return Say(After.SILENCE if said else After.NOTHING)


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that is said in a language; by a recording of the operator's own where `prompt` names one."""

    language: str
    text: str
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A key and what is said of it, in the language of who presses it; by a recording of the operator's own where `prompt` names one."""

    key: int
    label: str
    language: str
    prompt: str = ""


def words_of(opening: Utterance, offered: Sequence[Offered], *, after: After) -> tuple[Utterance, ...]:
    """What is said, in the order of the keys: each choice in its own language, all else in that of the opening."""
    wrong = Utterance(opening.language, NO_SUCH_KEY[opening.language])
    first = {After.NOTHING: (opening,), After.SILENCE: (), After.NO_SUCH_KEY: (wrong,)}[after]
    choices = [
        Utterance(
            each.language, PRESSING[each.language].format(label=each.label.rstrip(" .,;:"), key=each.key), each.prompt
        )
        for each in sorted(offered, key=lambda each: each.key)
    ]
    return (*first, *choices)
