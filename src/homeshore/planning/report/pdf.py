"""The report on paper: its HTML page, laid out by WeasyPrint."""

import logging
import re

from homeshore.planning.engine.problems import unusable

_PAGE = """
@page { size: A4; margin: 16mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; color: #56676f } }
"""
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
    light = _resolved(_BOTH.sub(r"\1", page)).replace("<details>", "<details open>")
    written: bytes = HTML(string=light).write_pdf(stylesheets=[CSS(string=_PAGE)])
    return written


def _resolved(page: str) -> str:
    """SVG in WeasyPrint reads no variable: each is replaced by its value."""
    values = dict(re.findall(r"(--[a-z0-9-]+):([^;}]+)", page))
    return re.sub(r"var\((--[a-z0-9-]+)\)", lambda found: values.get(found[1], "inherit"), page)
