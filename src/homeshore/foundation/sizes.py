"""Sizes of files, as people read them."""

from django.utils.formats import number_format
from django.utils.translation import get_language

UNITS = {"fr": ("o", "Ko", "Mo", "Go"), "en": ("B", "KB", "MB", "GB")}


def size_in_words(count: int) -> str:
    """So many bytes in thousands, as the pages' scripts say them too: 412 Ko, 2,3 Mo; in English 412 KB, 2.3 MB."""
    units = UNITS["fr" if (get_language() or "fr").startswith("fr") else "en"]
    value, unit = float(count), 0
    while value >= 1000 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    shown = round(value, 1 if value < 10 and unit > 1 else 0)
    return f"{number_format(shown, 0 if shown.is_integer() else 1)}\N{NO-BREAK SPACE}{units[unit]}"
