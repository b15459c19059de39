"""How figures are written on pages: the same way as the islands write them (frontend/src/shared/format.ts)."""

from datetime import date

from django import template
from django.utils.translation import get_language

from homeshore.foundation.sizes import size_in_words
from homeshore.planning.report import language
from homeshore.values.telephone import shown

register = template.Library()
NARROW, HARD = "\u202f", "\u00a0"
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


@register.filter
def money(cents: int, currency: str) -> str:
    """Cents as a sum: 1 234,50 € in French, €1,234.50 in English."""
    whole, rest = divmod(abs(cents), 100)
    sign, symbol = "−" if cents < 0 else "", SYMBOLS.get(currency, currency)
    if (get_language() or "fr").startswith("fr"):
        return f"{sign}{whole:,}".replace(",", NARROW) + f",{rest:02}{NARROW}{symbol}"
    before = symbol if currency in SYMBOLS else f"{symbol}{HARD}"
    return f"{sign}{before}{whole:,}.{rest:02}"


@register.filter
def hours(seconds: int) -> str:
    """Seconds as hours and minutes: 70 h 50, or 42 min under an hour."""
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes}{HARD}min"
    return f"{minutes // 60}{HARD}h{HARD}{minutes % 60:02}"


@register.filter
def duration(seconds: int) -> str:
    """A span in its largest whole unit: 20 s, 4 min, 24 h."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size}{HARD}{unit}"
    return f"{seconds}{HARD}s"


@register.filter
def minutes(seconds: float) -> str:
    """A length of sound: 4:07, or 1:02:30 above an hour."""
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


@register.filter
def telephone(number: str) -> str:
    """A telephone number as one reads it aloud: +33 1 56 07 08 09."""
    return shown(number)


@register.filter
def channel_icon(channel: str) -> str:
    """The icon of a channel."""
    return "mail" if channel == "email" else channel


@register.filter
def dot(number: float) -> str:
    """A number for an SVG attribute: a dot in every language."""
    return f"{number:g}"


@register.filter
def figure(value: float | None, digits: int = 0) -> str:
    """A number as the reader's language writes it, with so many decimals; a dash where there is none."""
    if value is None:
        return "–"
    return language.figure(value, digits)


@register.filter
def in_bytes(count: int) -> str:
    """The size of a file: 2,3 Mo in French, 2.3 MB in English."""
    return size_in_words(count)


@register.filter
def signed(value: float, digits: int = 0) -> str:
    """A difference, with its sign."""
    return ("+" if value > 0 else "") + figure(value, digits)


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """A share as per cent: 81 % in French, 81% in English."""
    if share is None:
        return "–"
    return language.measured(figure(100 * share, digits), "%")


@register.filter
def as_suffix(unit: str) -> str:
    """A unit as it follows its number: 80 % in French, 80% in English, 20 s in both."""
    return language.measured("", unit) if unit == "%" else f"{HARD}{unit}"


@register.filter
def euros(cents: float | None) -> str:
    """Cents that may be a mean, as a sum."""
    return "–" if cents is None else money(round(cents), "EUR")


@register.filter
def in_euros(amount: float) -> str:
    """Euros and cents of a mean: 2,70 € in French, €2.70 in English."""
    return language.measured(language.figure(amount, 2), "€")


@register.filter
def whole_euros(amount: float) -> str:
    """Euros without cents: 12 340 € in French, €12,340 in English."""
    return language.measured(figure(amount), "€")


@register.filter(expects_localtime=True)
def written_day(day: date, form: str) -> str:
    """A day in one of Django's formats; in French the first of a month is “1er”."""
    return language.written_day(day, form)


@register.filter
def short_day(day: date) -> str:
    """Weekday, day and month, short: lun 2 nov, Mon 2 Nov."""
    return language.short_day(day)
