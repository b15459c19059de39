import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeshore.brands import accent

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag():
    assert accent.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert accent.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert accent.contrast("#ffffff", "#767676") == pytest.approx(4.542, abs=0.001)


@pytest.mark.parametrize("colour", ["#5f4791", "#0a655b", "#767676", "#1D4ED8"])
def test_a_dark_accent_is_legible(colour):
    assert accent.is_legible(colour)


@pytest.mark.parametrize("colour", ["#ffd400", "#777777", "#5ac8b4", "#ffffff"])
def test_a_pale_accent_is_not_and_the_house_accent_takes_its_place(colour):
    assert not accent.is_legible(colour)
    assert accent.by_day(colour) == accent.by_day(accent.HOUSE_ACCENT)


@given(colours)
def test_whatever_the_brand_chose_every_tone_can_be_read(colour):
    for tones, ground in ((accent.by_day(colour), accent.DAY_GROUND), (accent.by_night(colour), accent.NIGHT_GROUND)):
        assert accent.contrast(tones.accent, ground) >= accent.LEAST_CONTRAST
        assert accent.contrast(tones.accent, tones.on) >= accent.LEAST_CONTRAST


@given(colours.filter(accent.is_legible))
def test_text_of_the_accent_can_be_read_on_its_own_tint_or_nearly(colour):
    """Ink of the page is what stands on the tint; the accent itself there is large or bold: 3 to 1 is asked."""
    for tones in (accent.by_day(colour), accent.by_night(colour)):
        assert accent.contrast(tones.accent, tones.tint) >= 3


@pytest.mark.parametrize("text", ["red", "#fff", "5f4791", "#5f479g", "url(x)", ""])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match="is not a colour"):
        accent.parse(text)
