"""The page that puts models side by side, with every assumption and its source."""

from html import escape

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeshore.planning.report import charts
from homeshore.planning.report.language import figure, shortest
from homeshore.planning.report.parts import facts, framed, notes, percent, seconds, table, whole_euros
from homeshore.planning.report.shapes import Figures
from homeshore.planning.report.words import ASSUMPTIONS, MODELS, UNITS, known, source_in_words


def comparison_page(found: Figures, title: str) -> str:
    """One page: figures, what they hang on, and each assumption with its source."""
    return framed(title, f"<header><h1>{escape(title)}</h1></header>{comparison(found)}")


def comparison(found: Figures) -> str:
    """The comparison as sections of a page."""
    goals = found["goals"]
    mails = found.get("mails_a_week", 0)
    head = facts([
        (_("calls a week"), figure(found["calls_a_week"])), *([(_("e-mails a week"), figure(mails))] if mails else []), (_("handling time"), seconds(found["handling_seconds"])),
        (_("goal"), _("%(share)s within %(seconds)g s") % {"share": percent(goals["share"]), "seconds": goals["seconds"]}),
    ])  # fmt: skip
    costing = [
        [capfirst(known(MODELS, r["model"])), figure(r["monthly_cost"]), figure(r["cost_per_contact"], 2), figure(r["pay"]),
         figure(r["overhead"]), figure(r["turnover"])]
        for r in found["models"]
    ]  # fmt: skip
    serving = [
        [capfirst(known(MODELS, r["model"])), figure(r["paid_hours"] / r["needed_hours"], 2), percent(r["service_level"], 1),
         percent(r["service_in_peak"], 1),
         *([percent(r["mails_in_peak"], 1)] if mails else []), "–"]
        for r in found["models"]
    ]  # fmt: skip
    costed = [_("model"), _("€ a month"), _("€ a contact"), _("pay"), _("overhead"), _("turnover")]
    served = [_("model"), _("hours paid for one needed"), _("service level"), _("service, calls +30%"),
              *([_("e-mails in time, +30%")] if mails else []), _("CO₂")]  # fmt: skip
    carbon = _("CO₂ is left open until the accounts of impact exist.")
    parts = [
        "<section><h2>" + _("Side by side") + "</h2>", head, costs(found), table(costed, costing), table(served, serving),
        f'<ul class="notes warn"><li>{escape(examples_in_words(found))}</li></ul>',
        f"<p>{escape(carbon)}</p>", notes(found["assumptions"]), "</section>",
    ]  # fmt: skip
    for result in found["models"]:
        ways = [
            [known(ASSUMPTIONS, s["name"]), figure(s["less"]), figure(s["more"])]
            for s in result["sensitivity"] if abs(s["more"] - s["less"]) > 0.5
        ]  # fmt: skip
        used = [
            [
                assumption_name(name),
                shortest(round(row["value"], 4)),
                known(UNITS, row["unit"]),
                source_in_words(row["source"]),
            ]
            for name, row in result["assumptions"].items()
        ]
        parts.append(
            f"<section><h2>{escape(capfirst(known(MODELS, result['model'])))}</h2>"
            f"<h3>" + _("Monthly cost when one assumption is a fifth less or more") + "</h3>"
            + table([_("assumption"), _("a fifth less"), _("a fifth more")], ways)
            + "<details><summary>" + _("Every assumption, with its source") + "</summary>"
            + table([_("assumption"), _("value"), _("unit"), _("source")], used, 4) + "</details></section>"
        )  # fmt: skip
    return "".join(parts)


def costs(found: Figures, width: int = 1088) -> str:
    """A month's cost of each model: pay, overhead, turnover."""
    rows = [
        (capfirst(known(MODELS, r["model"])), (r["pay"], r["overhead"], r["turnover"]), whole_euros(r["monthly_cost"]))
        for r in found["models"]
    ]  # fmt: skip
    return charts.stacked(rows, [_("pay"), _("overhead"), _("turnover")], _("Cost of a month by model"), width)


def examples_in_words(found: Figures) -> str:
    """How many assumptions are still examples, in a sentence."""
    count = sum(len(result["users"]) for result in found["models"])
    return ngettext(
        "%(count)d assumption below is an example, marked as yours to confirm: the comparison is worth what it is worth.",
        "%(count)d assumptions below are examples, marked as yours to confirm: the comparison is worth what they are worth.",
        count,
    ) % {"count": count}


def assumption_name(name: str) -> str:
    """An assumption, with its model where it is another one's."""
    model, colon, rest = name.partition(": ")
    return f"{known(MODELS, model)} – {known(ASSUMPTIONS, rest)}" if colon else known(ASSUMPTIONS, name)
