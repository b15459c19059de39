"""The report on paper: its HTML page, laid out by WeasyPrint."""

import logging
import re

from homeshore.planning.engine.problems import unusable

_PAGE = """
@page { size: A4; margin: 16mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; color: #56676f } }
"""
_DRAWING = re.compile(r"^\.[^{}\n]+\{(?:fill|stroke|font:)[^\n]*$", re.MULTILINE)
_BOTH = re.compile(r"light-dark\(([^,()]+),[^()]+\)")


def pdf_of(page: str) -> bytes:
    """A report page as PDF, in its light colours, folded parts unfolded.

    Raises Unusable when WeasyPrint or the library it draws text with (Pango) is missing.
    """
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells each step and what it ignores
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError) as missing:
        raise unusable("a PDF needs WeasyPrint and the system's Pango library: %(why)s", why=str(missing)) from missing
    light = _styled(_resolved(_BOTH.sub(r"\1", page))).replace("<details>", "<details open>")
    written: bytes = HTML(string=light).write_pdf(stylesheets=[CSS(string=_PAGE)])
    return written


def _styled(page: str) -> str:
    """SVG in WeasyPrint knows nothing of the page's style: each drawing gets those of its rules that draw."""
    rules = "".join(found[0] for found in _DRAWING.finditer(page[: page.find("</style>")]))
    rules = rules.replace("font:11px", "font:15px")  # what is read on a screen is small on paper
    return re.sub(r"<svg\b[^>]*>", lambda found: f"{found[0]}<style>{rules}</style>", page)


def _resolved(page: str) -> str:
    """SVG in WeasyPrint reads no variable: each is replaced by its value."""
    values = dict(re.findall(r"(--[a-z0-9-]+):([^;}]+)", page))
    return re.sub(r"var\((--[a-z0-9-]+)\)", lambda found: values.get(found[1], "inherit"), page)
