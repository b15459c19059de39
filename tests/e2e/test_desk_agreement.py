"""What the island makes of events is what a fresh snapshot says: the island's own reducer is run on the server's own words."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from homeshore.brands.models import Disposition
from homeshore.contacts.services import mark_read
from homeshore.foundation import clock, feed
from tests.e2e.desk_scene import Scene, morning
from tests.servers.ground import wait_until

FRONTEND = Path(__file__).resolve().parent.parent.parent / "frontend"


class Desk:
    """An agent's desk without a screen: snapshots, requests, and the events of its topic."""

    def __init__(self, scene: Scene) -> None:
        self._client = Client()
        self._client.force_login(scene.agent.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self._topic = f"agent:{scene.agent.pk}"

    def snapshot(self) -> dict[str, Any]:
        return self._client.get("/desk/snapshot").json()

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self._client.post(f"/desk/{path}", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def accept_next(self) -> int:
        """Accept what is offered next; the contact."""
        wait_until(lambda: bool(self.snapshot()["offers"]), what="an offer")
        offer = self.snapshot()["offers"][0]
        self.post(f"offers/{offer['id']}/accept")
        return offer["contact"]

    def events_after(self, position: str) -> list[dict[str, Any]]:
        events = feed.read(feed.Position.parse(position))
        return [{"kind": event.kind, "payload": event.payload} for event in events if self._topic in event.topics]


@pytest.fixture
def scene(site: str) -> Scene:
    return morning()


@pytest.fixture
def islands_agree(tmp_path: Path) -> Callable[..., None]:
    """Run the desk's reducer over a recording, and fail with its own words when it makes something else of it."""

    def check(before: dict[str, Any], events: list[dict[str, Any]], after: dict[str, Any]) -> None:
        recording = tmp_path / "desk.json"
        recording.write_text(json.dumps({"before": before, "events": events, "after": after}))
        run = subprocess.run(
            ["node", "node_modules/vitest/vitest.mjs", "run", "src/desk/agreement.test.ts"],
            cwd=FRONTEND,
            env={**os.environ, "HOMESHORE_DESK_RECORDING": str(recording), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        assert "1 passed" in run.stdout

    return check


def test_a_morning_followed_by_events_ends_as_a_fresh_snapshot(scene, islands_agree):
    desk = Desk(scene)
    before = desk.snapshot()
    desk.post("presence", state="ready")

    chat = scene.writes("Claire Vasseur", "Bonjour")
    claire = desk.accept_next()
    scene.writes("Claire Vasseur", "Il y a quelqu’un ?")
    desk.post(f"contacts/{claire}/read")
    desk.post(f"contacts/{claire}/messages", body="Bonjour Claire", client_id="one")
    desk.post(f"contacts/{claire}/messages", body="Bonjour Claire", client_id="one")
    mark_read(conversation_id=chat.conversation.pk, by="customer", now=clock.now())
    desk.post(f"contacts/{claire}/notes", body="Lot 11-26", audience="brand", client_id="two")
    scene.writes("Claire Vasseur", "Merci !")

    scene.writes("Nadia Ferhat", "Le constat", queue=scene.mail, subject="Dégât des eaux")
    nadia = desk.accept_next()
    desk.post(f"contacts/{nadia}/messages", body="Bien reçu.", client_id="three")
    declared = Disposition.objects.get(code="declared")
    desk.post(f"contacts/{nadia}/close", disposition=declared.pk, wrap_up=False)

    scene.writes("Thomas Berthelot", "La lampe clignote", queue=scene.after_sales)
    thomas = desk.accept_next()
    refund = Disposition.objects.get(code="refund")
    desk.post(f"contacts/{thomas}/close", disposition=refund.pk, wrap_up=True)

    scene.writes("Paul Etcheverry", "Ma commande", queue=scene.after_sales)
    paul = desk.accept_next()
    desk.post(f"contacts/{paul}/transfer", queue=scene.chat.pk, note="Parle portugais")
    desk.post("presence", state="break", reason="lunch")
    wait_until(lambda: not desk.snapshot()["offers"], what="the end of what was offered")

    after = desk.snapshot()
    islands_agree(before, desk.events_after(before["position"]), after)
    assert {work["contact"]["id"] for work in after["work"]} == {claire, thomas}
    assert after["today"] == {"acts": 2, "cents": 500, "currency": "EUR", "contacts": 2}
