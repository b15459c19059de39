"""Pieces of a page: frame, facts, notes, tables, numbers as the reader's language writes them."""

from collections.abc import Sequence
from datetime import date
from html import escape
from importlib.resources import files

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from homeshore.planning.engine.problems import Problem


def said(problem: Problem) -> str:
    """A problem of the engine in the reader's language."""
    where = []
    if problem.line is not None:
        where.append(_("line %(line)d") % {"line": problem.line})
    if problem.field is not None:
        where.append(_("field “%(field)s”") % {"field": problem.field})
    words = {
        "rest day": _("rest day"), "half day": _("half day"), "above 0": _("above 0"), "0 or more": _("0 or more"),
        "usual day with your factor": _("usual day with your factor"),
    }  # fmt: skip
    values = {
        name: words.get(value, value) if isinstance(value, str) else value for name, value in problem.values.items()
    }
    return (", ".join(where) + _(": ") if where else "") + _(problem.text) % values


def framed(title: str, body: str) -> str:
    """A page of the report's style around ``body``."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    language = (get_language() or "en")[:2]
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def short_day(day: date) -> str:
    return date_format(day, "D j b")


def percent(share: float, digits: int = 0) -> str:
    text = f"{100 * share:.{digits}f}"
    return _("%(number)s%%") % {"number": text.replace(".", _("."))}


def euros(cents: float) -> str:
    whole = f"{cents / 100:,.2f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", _("."))
    return _("€%(amount)s") % {"amount": whole}


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    return (
        "<dl>"
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
        + "</dl>"
    )


def notes(problems: Sequence[Problem], kind: str = "") -> str:
    if not problems:
        return ""
    return f'<ul class="notes {kind}">' + "".join(f"<li>{escape(said(p))}</li>" for p in problems) + "</ul>"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    def cells(values: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{'' if k < text_columns else ' class=number'}>{escape(v)}</{tag}>" for k, v in enumerate(values)
        )

    lines = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return (
        f"<div class=scroll><table><thead><tr>{cells(headers, 'th')}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def method_name(name: str) -> str:
    """A forecasting method in the reader's language."""
    names = {
        "same day last week": _("same day last week"),
        "mean of four same weekdays": _("mean of four same weekdays"),
        "weekday profile": _("weekday profile"),
        "weekday profile at last week's level": _("weekday profile at last week's level"),
        "calendar regression": _("calendar regression"),
        "calendar regression with place in month": _("calendar regression with place in month"),
        "mean of the best three": _("mean of the best three"),
    }
    base, comma, half_life = name.partition(", half-life ")
    if not comma:
        return names.get(base, base)
    return _("%(method)s, half-life %(days)s days") % {"method": names.get(base, base), "days": half_life.split()[0]}
