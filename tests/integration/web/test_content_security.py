"""No page may run or draw anything that is not in a file of ours."""

import re
from pathlib import Path

import pytest
from django.test import Client

from homeshore.foundation.models import Role
from tests.factories import user_as
from tests.integration.web.asking import PAGE, client_of
from tests.integration.web.worlds import make_world
from tests.url_map import PUBLIC, addresses

REPORTS = "report"
"""A report is a file that people save and send: it carries its own styles, and is no page of the site."""
TEMPLATES = sorted(
    template
    for template in (Path(__file__).resolve().parents[3] / "src").rglob("templates/**/*.html")
    if REPORTS not in template.stem
)
INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.I),
    "a style in the page": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "an event handler": re.compile(r"\son[a-z]+\s*=", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "a file of another site": re.compile(r"(?:src|href)=\"(?:https?:)?//(?!www\.w3\.org)", re.I),
}
FORBIDDEN_WORDS = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_holds_anything_inline(template):
    text = template.read_text(encoding="utf-8")

    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.sqlite
@pytest.mark.django_db
def test_every_page_forbids_what_is_not_ours():
    """Asked by a stranger and by somebody for whom it is: a refusal is a page as well."""
    world = make_world()
    stranger = Client(raise_request_exception=False)
    clients = {role: client_of(world, role) for role in Role}
    without = []
    for address in addresses():
        if address.method != "GET" or address.parameters:
            continue
        for client in [stranger, *(clients[role] for role in Role if role in address.roles)][:2]:
            response = client.get(address.route, headers=PAGE)
            policy = response.headers.get("Content-Security-Policy", "")
            loose = [word for word in FORBIDDEN_WORDS if word in policy.split() or f"'{word}'" in policy]
            if "default-src 'none'" not in policy or "script-src 'self'" not in policy or loose:
                without.append((str(address), response.status_code, policy))
            if response.streaming:
                response.getvalue()

    assert without == []


@pytest.mark.django_db
def test_pages_cannot_be_framed_or_sniffed(client):
    client.force_login(user_as(Role.OPERATOR_ADMIN, make_world().operator))

    response = client.get("/operator/people/")

    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.cookies["csrftoken"]["samesite"] == "Lax"


def test_some_addresses_are_public():
    assert {address.route for address in addresses() if address.roles == PUBLIC} >= {"/accounts/login/", "/health/live"}
