"""Small tags of every page."""

import pytest

from homeshore.web.templatetags.web import icon, initials, theme


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Inês Carvalho", "IC"), ("Jean-Marc de la Tour", "JT"), ("claire", "C"), ("ines@example.org", "IE"), ("", "")],
)
def test_initials_are_the_first_and_last_words_letters(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(("kept", "shown"), [("dark", "dark"), ("light", "light"), ("system", ""), ('"><script>', "")])
def test_only_a_known_theme_is_taken_from_the_cookie(rf, kept, shown):
    request = rf.get("/")
    request.COOKIES["theme"] = kept
    assert theme({"request": request}) == shown


def test_a_page_without_a_request_follows_the_system():
    assert theme({}) == ""


def test_the_name_of_an_icon_cannot_carry_markup():
    assert "<script>" not in icon('"><script>')
