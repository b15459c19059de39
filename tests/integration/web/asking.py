"""Asking every address of the house something that it can read, as anybody."""

from __future__ import annotations

import json

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from homeshore.foundation.models import Role
from tests.integration.web.worlds import World
from tests.url_map import Address, addresses

PAGE = {"Accept": "text/html"}
PROGRAM = {"Accept": "application/json"}
INPUT = {
    "messages": {"body": "hello", "client_id": "client-0001"},
    "notes": {"body": "hello", "client_id": "client-0002", "audience": "operator"},
    "transfer": {"queue": "QUEUE", "note": "please"},
    "assign": {"agent": "AGENT"},
    "requeue": {"queue": "QUEUE"},
    "close": {"disposition": None, "wrap_up": False},
    "decline": {"why": ""},
    "presence": {"state": "break", "reason": "pause"},
    "hold": {"on": True},
    "pause": {"why": "agent", "on": True},
    "take": {"media_type": "audio/webm"},
    "contest": {"text": "why me?"},
    "alive": {"device": "device-0001"},
    "join": {"device": "device-0001"},
    "leave": {"device": "device-0001"},
    "renew": {"device": "device-0001", "round": 0},
    "consult": {"colleague": "AGENT", "note": "please"},
    "number": {"number": "+33145060708"},
    "come-in": {"part": "listen"},
    "part": {"part": "whisper"},
    "say": {"device": "device-0001", "round": 0, "kind": "candidate", "body": None},
    "heard": {"leg": 1},
    "quality": {"leg": 1, "loss": 0, "jitter_ms": 2, "round_trip_ms": 20},
    "members": {"name": "Zoé", "email": "zoe@example.org", "role": "planner"},
    "tokens": {"name": "warehouse"},
    "skip": {"why": "later"},
}
"""What an address needs to be told before it looks for the thing it names, by its last word."""

FORMS = {
    "bar": {"mos": "3.6", "kbps": "500"},
    "recording": {"share": "20"},
    "answer": {"outcome": "refused", "answer": "The rate card says so."},
}
"""The same for addresses that take forms."""


def ask(client: Client, address: Address, things: dict[str, object], accept: dict[str, str]) -> int:
    """The status of the answer; whatever the request changed is undone."""
    with transaction.atomic():
        response = send(client, address, address.filled(things), things, accept)
        if response.streaming:
            response.getvalue()
        transaction.set_rollback(True)
    return response.status_code


def send(client: Client, address: Address, url: str, named: dict[str, object], accept: dict[str, str]) -> HttpResponse:
    """Send what the address needs, naming things out of `named`."""
    if address.method == "GET":
        return client.get(url, headers=accept)
    if form := FORMS.get(last_word(address)):
        return client.post(url, form, headers=accept)
    said = {
        name: named[value.lower()] if isinstance(value, str) and value.isupper() else value
        for name, value in INPUT.get(last_word(address), {}).items()
    }
    return client.generic(
        address.method, url, data=json.dumps(said).encode(), content_type="application/json", headers=accept
    )


def last_word(address: Address) -> str:
    """What an address is about: the last word of its route."""
    return address.route.rstrip("/").rsplit("/", 1)[-1]


def client_of(world: World, role: Role) -> Client:
    """Somebody signed in, who is answered also when the house breaks."""
    client = Client(raise_request_exception=False)
    client.force_login(world.people[role])
    return client


def guarded() -> list[Address]:
    """The addresses that are not for everybody."""
    return [address for address in addresses() if not isinstance(address.roles, str)]


def open_to(role: Role) -> list[Address]:
    """The guarded addresses that are for this role."""
    return [address for address in guarded() if role in address.roles]
