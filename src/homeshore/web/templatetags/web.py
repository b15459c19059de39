"""Tags of every screen: built assets, icons, navigation, theme."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from homeshore.web import assets, navigation

register = template.Library()


@register.simple_tag
def asset(name: str) -> SafeString:
    """The sheets and the script of the island called `name`."""
    return assets.tags(name)


@register.simple_tag
def icon_sprite() -> SafeString:
    """All icons, once in a page, before the first `{% icon %}`."""
    return assets.icon_sprite()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """The icon called `name` (see components/icons.svg), 20 px, or 16 with size `s`; read by nobody: a word stands beside it."""
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#i-{}"/></svg>', size, name)


@register.simple_tag(takes_context=True)
def sections(context: dict[str, Any]) -> list[navigation.Entry]:
    """What the signed-in person may open, the page they are on marked."""
    request: HttpRequest | None = context.get("request")
    return navigation.entries(request) if request is not None else []


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    """`light`, `dark`, or nothing when the system decides."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request is not None else ""
    return chosen if chosen in {"light", "dark"} else ""


@register.simple_block_tag
def in_figures(content: SafeString) -> SafeString:
    """The table of what a chart draws, folded under it."""
    return format_html('<details class="in-figures"><summary>{}</summary>{}</details>', _("In figures"), content)


@register.filter
def initials(name: str) -> str:
    """Two letters for an avatar: Inês Carvalho gives IC."""
    words = name.replace("@", " ").split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()
