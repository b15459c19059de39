"""How the reader's language writes numbers and days."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

_FRENCH = str.maketrans({",": "\N{NARROW NO-BREAK SPACE}", ".": ","})


def french() -> bool:
    """Whether the reader's language is French."""
    return (get_language() or "fr").startswith("fr")


def figure(value: float, digits: int = 0) -> str:
    """A number as the reader's language writes it: 1 234,5 in French, 1,234.5 in English."""
    text = f"{value:,.{digits}f}".replace("-", "−")
    return text.translate(_FRENCH) if french() else text


def shortest(value: float) -> str:
    """A number with as many decimals as it needs, six figures at most: 3 000 and 0,28 in French."""
    return figure(value, len(f"{value:.6g}".partition(".")[2]))


def measured(number: str, unit: str) -> str:
    """A number with its unit: 12,5 € and 80 % in French, €12.5 and 80% in English."""
    if french():
        return f"{number}\N{NARROW NO-BREAK SPACE}{unit}" if unit else number
    return unit + number if unit == "€" else number + unit


def written_day(day: date | str, form: str) -> str:
    """A day in one of Django's formats; in French the first of a month is “1er”."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return date_format(day, form.replace("j", r"1\e\r") if day.day == 1 and french() else form)


def short_day(day: date | str) -> str:
    """Weekday, day and month, short: lun 2 nov, Mon 2 Nov."""
    return written_day(day, "D j b" if french() else "D j M")


def clock(hour: float) -> str:
    """An hour of the day: 09:30."""
    return f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
