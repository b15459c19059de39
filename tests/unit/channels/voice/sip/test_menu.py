"""A menu is said twice at most, and whatever a caller presses or does not press leads them to a queue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.channels.voice.models import Number
from homeshore.channels.voice.sip.menu import (
    NO_SUCH_KEY,
    OPENING,
    PRESSING,
    TIMES,
    After,
    Follow,
    Offered,
    Say,
    Utterance,
    next_in_menu,
    words_of,
)

KEYS = ("1", "2")


@pytest.mark.parametrize(
    ("said", "pressed", "comes"),
    [
        (0, "", Say(After.NOTHING)),
        (0, "2", Follow("2")),
        (1, "1", Follow("1")),
        (1, "", Say(After.SILENCE)),
        (1, "7", Say(After.NO_SUCH_KEY)),
        (2, "2", Follow("2")),
        (2, "", Follow("")),
        (2, "*", Follow("")),
    ],
)
def test_what_comes_in_a_menu(said, pressed, comes):
    assert next_in_menu(KEYS, said=said, pressed=pressed) == comes


@given(st.lists(st.sampled_from(["", *"123456789*#0"]), min_size=TIMES + 1))
def test_nobody_stays_in_a_menu(presses):
    for said, pressed in enumerate(presses):
        comes = next_in_menu(KEYS, said=said, pressed=pressed)
        if isinstance(comes, Follow):
            assert comes.key in ("", *KEYS)
            return
    raise AssertionError("They were asked for ever.")


def test_each_choice_is_said_in_its_language_in_the_order_of_the_keys():
    offered = [Offered(2, "For English", "en", "mine"), Offered(1, "Pour vos commandes.", "fr")]
    choices = (Utterance("fr", "Pour vos commandes, tapez 1."), Utterance("en", "For English, press 2.", "mine"))
    opening = Utterance("fr", "Bonjour.", "opening")
    assert words_of(opening, offered, after=After.NOTHING) == (opening, *choices)
    assert words_of(opening, offered, after=After.SILENCE) == choices
    assert words_of(opening, offered, after=After.NO_SUCH_KEY) == (Utterance("fr", NO_SUCH_KEY["fr"]), *choices)


def test_a_menu_can_be_said_in_each_language():
    assert set(PRESSING) == set(NO_SUCH_KEY) == set(OPENING) == set(Number.Language.values)
