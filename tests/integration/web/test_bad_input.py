"""Whatever is sent to whatever address, by whoever may use it, is answered in words: nothing that people type breaks the house."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

from homeshore.brands.models import Brand
from homeshore.channels.chat import visitors
from homeshore.foundation.models import Role
from tests.integration.web.asking import INPUT, PAGE, PROGRAM, client_of, last_word, open_to
from tests.integration.web.worlds import World, make_world
from tests.url_map import PUBLIC, Address, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LONG = "x" * 120_000
NO_TEXT = ["a\0b", "\ud800", LONG]
NO_JSON_VALUE = [*NO_TEXT, None, True, -1, 10**30, 1e308, [1], {"a": [1]}]
NO_FIELD = [LONG, "9" * 40, "²", "0001-01-01", "9999-12-31"]
NO_PARAMETER = [
    "a\0b",
    "x" * 3_000,
    "9" * 40,
    "-1",
    "²",
    "0001-01",
    "9999-12",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
]
NOBODYS = {"key": "nothing", "uidb36": "1"}
NO_BODY = [b"", b"\xff\xfe", b"[1]", b'"text"', b"null", b"{", b"[" * 100_000, b'{"a": ' + b"9" * 5_000 + b"}"]


@dataclass
class Walk:
    """What was asked, and which answers nobody should be given."""

    broken: list[str] = field(default_factory=list)
    asked: int = 0

    def note(self, what: str, answer: Callable[[], HttpResponse]) -> None:
        """Ask, undo what came of it, and keep what broke or was refused without a word."""
        self.asked += 1
        with transaction.atomic():
            response = answer()
            finish(response)
            transaction.set_rollback(True)
        if response.status_code >= 500 or (response.status_code in {400, 413, 422} and not response.content):
            self.broken.append(f"{response.status_code} {what}")


class Recording(dict[str, Any]):
    """The fields of a request, which remember what the house asked for."""

    names: frozenset[str] = frozenset()

    def get(self, name: str, default: Any = None) -> Any:
        Recording.names |= {name}
        return super().get(name, default)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def walk() -> Iterator[Walk]:
    walk = Walk()
    yield walk
    assert walk.asked > 100, "hardly anything was asked"
    assert walk.broken == []


def some(values: list[Any], count: int, *, of: str) -> list[Any]:
    """So many of the values, others for each field: each is tried in many places, and a test does not take minutes."""
    first = crc32(of.encode()) % len(values)
    return [values[(first + step) % len(values)] for step in range(count)]


def finish(response: HttpResponse) -> None:
    if response.streaming:
        response.getvalue()


def shown(value: object) -> str:
    return repr(value)[:40]


def stranger() -> Client:
    return Client(raise_request_exception=False)


def asked_as(role: Role | None, *, but: str) -> list[Address]:
    """The addresses to be asked as somebody, each by one who may: with a role, those open to no role before it."""
    if role is None:
        everybodys = [each for each in addresses() if each.roles == PUBLIC]
        return [each for each in everybodys if each.method != but and not each.route.startswith(("/widget/", "/api/"))]
    earlier = {each for each in Role if list(Role).index(each) < list(Role).index(role)}
    return [each for each in open_to(role) if each.method != but and not earlier & set(each.roles)]


# Programs' fields


def fields_asked(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], object], known: dict) -> list[str]:
    """The names of the fields that an address looks for."""
    Recording.names = frozenset(known)
    with monkeypatch.context() as patched:
        for reader in ("homeshore.web.asked.json_of", "homeshore.channels.chat.forms.json_of"):
            patched.setattr(reader, lambda body: Recording(json.loads(body)))
        ask()
    return sorted(Recording.names)


def test_no_field_of_a_program_breaks_anything(world, walk, monkeypatch, clock):
    for role in Role:
        client, things = client_of(world, role), world.things_of(role)
        for address in asked_as(role, but="GET"):
            known = {
                name: things[value.lower()] if isinstance(value, str) and value.isupper() else value
                for name, value in INPUT.get(last_word(address), {}).items()
            }
            ask_with_fields(walk, client, address, address.filled(things), known, PROGRAM, monkeypatch)


def test_no_field_of_a_widget_breaks_anything(world, walk, monkeypatch, clock):
    brand = Brand.objects.get(pk=world.things["brand"])
    client = stranger()
    token = visitors.token_of(visitors.new_visitor(brand.pk), now=clock.now())
    headers = {"Origin": brand.allowed_origins[0], "Authorization": f"Bearer {token}"}
    monkeypatch.setattr("homeshore.channels.chat.access.Call.count", lambda *_: None)
    monkeypatch.setattr("homeshore.channels.chat.access.Call.count_lightly", lambda *_: None)
    for address in addresses():
        if address.roles == PUBLIC and address.route.startswith("/widget/v1/") and address.method == "POST":
            url = address.filled({"key": brand.widget_key, "attachment_id": 1})
            known = {"device": "device-0001", "client_id": "client-0001", **INPUT.get(last_word(address), {})}
            ask_with_fields(walk, client, address, url, known, headers, monkeypatch)


def ask_with_fields(
    walk: Walk, client: Client, address: Address, url: str, known: dict, headers: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every field of an address with values that it cannot mean, the others as they should be."""

    def send(body: bytes) -> HttpResponse:
        return client.generic(address.method, url, data=body, content_type="application/json", headers=headers)

    plainly = partial(walk.note, str(address), lambda: send(as_json(known)))
    names = fields_asked(monkeypatch, plainly, known)
    for body in NO_BODY if names else NO_BODY[:2]:
        walk.note(f"{address} with the body {shown(body)}", lambda body=body: send(body))
    for name in names:
        for value in some(NO_JSON_VALUE, 3, of=f"{address} {name}"):
            said = as_json({**known, name: value})
            walk.note(f"{address} with {name}={shown(value)}", lambda said=said: send(said))


def as_json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


# People's forms


def test_no_form_breaks_when_anything_is_typed_into_it(world, walk, clock):
    seen = set()
    for role in [*Role, None]:
        client = client_of(world, role) if role else stranger()
        for page in asked_as(role, but="POST"):
            for form in forms_on(client, page.filled({**world.things, **NOBODYS})):
                if form.name not in seen:
                    seen.add(form.name)
                    ask_with_form(walk, client, form)


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes, what stands in it, and which fields one types in or chooses from."""

    action: str
    filled: dict[str, list[str]]

    @property
    def name(self) -> tuple[str, ...]:
        return (self.action, *sorted(self.filled))


def forms_on(client: Client, url: str) -> list[Form]:
    with transaction.atomic():
        response = client.get(url, headers=PAGE)
        finish(response)
        transaction.set_rollback(True)
    if response.streaming or "text/html" not in response.headers.get("Content-Type", ""):
        return []
    found = LexborHTMLParser(response.content.decode()).css("form")
    posted = [node for node in found if (node.attributes.get("method") or "get").lower() == "post"]
    return [Form(node.attributes.get("action") or url, fields_of(node)) for node in posted]


def fields_of(form: LexborNode) -> dict[str, list[str]]:
    filled: dict[str, list[str]] = {}
    for node in form.css("input, textarea, select, button[name]"):
        name = node.attributes.get("name")
        kind = node.attributes.get("type")
        if not name or name == "csrfmiddlewaretoken" or kind == "file":
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            value = (chosen.attributes.get("value") or "") if chosen else ""
        else:
            value = node.text() if node.tag == "textarea" else node.attributes.get("value") or ""
        if kind in {"radio", "checkbox"} and "checked" not in node.attributes:
            filled.setdefault(name, [])
        else:
            filled.setdefault(name, []).append(value)
    return filled


def ask_with_form(walk: Walk, client: Client, form: Form) -> None:
    fields = {re.sub(r"\d+", "0", name): name for name in form.filled}
    if not fields:
        return  # only a button, such as the one that signs out
    walk.note(f"POST {form.action} with NUL", lambda: client.post(form.action, dict.fromkeys(form.filled, "a\0b")))
    for value in NO_FIELD:
        walk.note(
            f"POST {form.action} with {shown(value)} everywhere",
            lambda value=value: client.post(form.action, dict.fromkeys(form.filled, value), headers=PAGE),
        )
    for name in fields.values():
        (value,) = some(NO_FIELD, 1, of=f"{form.action} {name}")
        said = {**form.filled, name: [value]}
        walk.note(
            f"POST {form.action} with {name}={shown(value)}",
            lambda said=said: client.post(form.action, said, headers=PAGE),
        )


# Parameters of addresses


def test_no_parameter_of_an_address_breaks_anything(world, walk, monkeypatch, clock):
    for role in [*Role, None]:
        client = client_of(world, role) if role else stranger()
        for address in asked_as(role, but="POST"):
            things = {**world.things_of(role or Role.AGENT), **NOBODYS}
            ask_with_parameters(walk, client, address, things, monkeypatch)


def ask_with_parameters(
    walk: Walk, client: Client, address: Address, things: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = address.filled(things)
    for name in parameters_asked(monkeypatch, client, url):
        for value in some(NO_PARAMETER, 3, of=f"{address} {name}"):
            walk.note(
                f"{address}?{name}={shown(value)}",
                lambda name=name, value=value: client.get(url, {name: value}, headers=PAGE),
            )
    for name in address.parameters:
        if not isinstance(things[name], int):
            spoilt = address.filled({**things, name: "%00"})
            walk.note(f"{address} with {name}=NUL", lambda spoilt=spoilt: client.get(spoilt, headers=PAGE))


def parameters_asked(monkeypatch: pytest.MonkeyPatch, client: Client, url: str) -> list[str]:
    """The names of the parameters that a page looks for."""
    asked: set[str] = set()

    class Asked(QueryDict):
        def get(self, name: str, default: Any = None) -> Any:
            asked.add(name)
            return super().get(name, default)

        def __contains__(self, name: object) -> bool:
            asked.add(str(name))
            return super().__contains__(name)

        def dict(self) -> dict[str, Any]:
            return Recording(super().dict())

    Recording.names = frozenset()
    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr("django.core.handlers.wsgi.WSGIRequest.GET", property(lambda request: Asked("")))
        response = client.get(url, headers=PAGE)
        finish(response)
        transaction.set_rollback(True)
    return sorted(asked | Recording.names)
