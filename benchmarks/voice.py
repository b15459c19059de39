"""How long from an agent's click to sound both ways, between two real Chromium browsers that each hear a tone of their own.

A server process of the site, a customer's browser on `/call/KEY` and an agent's at the desk, on one machine. Each call is
placed, offered, accepted with F8 and hung up. Both pages note, by the machine's one clock, when the other's tone first sounds in
what they receive; answer to media is the later of the two less the key press. Offer to ringing is told by the house's own rows:
from the offer to the desk saying that it rings. The last line is JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import click
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.push.ground import WIDGET_KEY, data_folder, prepare, served_by
from tests.e2e.telephone import TONES, make_tone, speaking_browser

PATIENCE_MS = 20_000
# Playwright's synchronous calls run an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
WATCH = """
(() => {
  window.__sound = null;
  window.__pressed = null;
  addEventListener("keydown", (event) => { if (event.key === "F8") window.__pressed = Date.now(); }, true);
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      window.__sound = null;
      const timer = setInterval(async () => {
        if (this.connectionState === "closed") return clearInterval(timer);
        for (const report of (await this.getStats()).values()) {
          if (report.type !== "inbound-rtp" || report.kind !== "audio" || !(report.totalAudioEnergy > 1e-6)) continue;
          window.__sound ??= Date.now();
          clearInterval(timer);
        }
      }, 10);
    }
  };
})();
"""


def make_people() -> str:
    """A brand with a queue for calls and one agent who is ready; the key of the agent's session."""
    from homeshore.brands.models import Activity, Brand, Channel, Queue
    from homeshore.contacts import services as contacts
    from homeshore.contacts.floors import default_floor, floor_of_queue
    from homeshore.foundation import clock
    from homeshore.foundation.models import Membership, Operator, Role, User
    from homeshore.missions.models import Engagement, Mission
    from homeshore.people.models import Agent
    from tests.e2e.conftest import session_of

    now = clock.now()
    operator = Operator.objects.create(name="Bench", slug="bench")
    default_floor(operator.pk)
    brand = Brand.objects.create(operator=operator, name="Bench", slug="bench", sector="retail", widget_key=WIDGET_KEY)
    mission = Mission.objects.create(operator=operator, brand=brand, name="Bench")
    for channel in (Channel.CHAT, Channel.VOICE):
        queue = Queue.objects.create(
            operator=operator,
            brand=brand,
            name=channel,
            slug=channel,
            channel=channel,
            activity=Activity.CUSTOMER_SERVICE,
            target_seconds=60,
            wrap_up_seconds=0,
            disposition_required=False,
        )
        mission.queues.add(queue)
        floor_of_queue(queue.pk)
    user = User.objects.create_user(email="agent@bench.example", password="!", name="Agent")
    Membership.objects.create(user=user, operator=operator, role=Role.AGENT)
    agent = Agent.objects.create(operator=operator, user=user, name="Agent", first_name="Agent", status="employee")
    Engagement.objects.create(mission=mission, agent=agent, status="employee", since=now)
    contacts.set_presence(agent_id=agent.pk, state="ready", now=now)
    return session_of(user)


def open_page(browser: Browser, base_url: str, session: str = "") -> Page:
    """A page of this browser, watched."""
    context = browser.new_context(base_url=base_url, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WATCH)
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": base_url}])
    return context.new_page()


def one_call(desk: Page, customer: Page) -> float:
    """Milliseconds from the agent's key to sound at both ends."""
    customer.get_by_role("button", name="Call").click()
    desk.locator(".offer-acts").wait_for()
    desk.keyboard.press("F8")
    customer.locator('.c-call[data-state="talking"]').wait_for()
    for page in (desk, customer):
        page.wait_for_function("() => window.__sound !== null")
    heard = max(page.evaluate("() => window.__sound") for page in (desk, customer))
    pressed = desk.evaluate("() => window.__pressed")
    desk.keyboard.press("Alt+x")
    desk.locator('.call-bar[data-state="ended"]').wait_for()
    desk.keyboard.press("Alt+c")
    desk.locator(".pop-form .btn[type=submit]").click()
    desk.locator(".call-bar").wait_for(state="detached")
    return float(heard - pressed)


def offers_to_ringing() -> list[float]:
    """Milliseconds from each offer to the desk's word that it rings."""
    from homeshore.channels.voice.models import Leg
    from homeshore.contacts.models import Offer

    offered = dict(Offer.objects.values_list("id", "offered_at"))
    return [
        (rang_at - offered[offer_id]).total_seconds() * 1000
        for offer_id, rang_at in Leg.objects.filter(rang_at__isnull=False).values_list("offer_id", "rang_at")
    ]


def figures(name: str, took: list[float], driver: str = "browser") -> dict[str, Any]:
    """Median and 99th percentile (the longest of fewer than a hundred), by driver."""
    return {f"{name}_p50_ms_{driver}": round(statistics.median(took)), f"{name}_p99_ms_{driver}": round(max(took))}


@click.command()
@click.option("--calls", default=30, show_default=True, help="Fewer than a hundred: the longest stands for the p99.")
def main(calls: int) -> None:
    """Place calls one after another, and print the figures."""
    took: list[float] = []
    with data_folder() as folder, tempfile.TemporaryDirectory() as tones, sync_playwright() as playwright:
        prepare(folder)
        session = make_people()  # before the router takes the floor
        with served_by("homeshore.cli", "serve") as server:
            from homeshore.brands.models import Brand
            from tests.e2e.conftest import CHROMIUM, FLAGS

            base_url = f"http://localhost:{server.port}"
            Brand.objects.update(allowed_origins=[base_url])
            telephones = {
                side: speaking_browser(playwright, CHROMIUM, FLAGS, make_tone(Path(tones) / f"{side}.wav", hertz))
                for side, hertz in TONES.items()
            }
            desk = open_page(telephones["agent"], base_url, session)
            desk.goto("/desk/")
            for number in range(calls + 1):
                customer = open_page(telephones["customer"], base_url)  # another visitor: one may not call often
                customer.goto(f"/call/{WIDGET_KEY}")
                milliseconds = one_call(desk, customer)
                customer.context.close()
                if number:  # the first one loads and compiles
                    took.append(milliseconds)
            time.sleep(2)  # the last call settles
            from homeshore.channels.voice.models import Call

            stuck = Call.objects.filter(settled=False).count()
            ringing = offers_to_ringing()
            for browser in telephones.values():
                browser.close()
    click.echo(f"{calls} calls one after another, two browsers and the site on one machine")
    click.echo(
        json.dumps(
            {
                **figures("answer_to_media", took),
                **figures("offer_to_ringing", ringing),
                "stuck_calls": stuck,
                "calls": calls,
            }
        )
    )


if __name__ == "__main__":
    main()
