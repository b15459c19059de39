"""Telephone calls by sipp, Kamailio, rtpengine and Chromium: from the agent's click to sound both ways.

One after another, calls that an agent at the desk accepts with F8: the desk notes when the customer's tone first sounds
in what it receives, the customer's telephone when the first packet with the agent's tone comes, by the machine's one clock.
Then callbacks that the agent accepts with F8, which ring a customer who answers at once: from the key to sound both ways too.
Offer to ringing is told by the house's own rows, as in `voice`. The last line is JSON.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright

from benchmarks.push.ground import data_folder, served_by
from benchmarks.voice import figures, offers_to_ringing, open_page
from benchmarks.voice_load import NUMBER, prepare_house
from tests.e2e.telephone import TONES, make_tone, speaking_browser
from tests.servers.called import CalledTelephone, says
from tests.servers.caller import Telephone
from tests.servers.ground import wait_until
from tests.servers.telephony import Telephony, telephony


def one_call(desk: Page, stack: Telephony) -> float:
    """Milliseconds from the agent's key to sound at both ends, of a call that comes."""
    return answered_by_key(desk, Telephone(stack.edge, NUMBER, folder=stack.folder, hertz=TONES["customer"]))


def one_callback(desk: Page, stack: Telephony) -> float:
    """The same of a call that is placed."""
    from homeshore.brands.models import Queue
    from homeshore.contacts import services as contacts
    from homeshore.contacts.services import CustomerFacts
    from homeshore.foundation import clock

    customer = CalledTelephone(stack.trunk, folder=stack.folder, hertz=TONES["customer"], first=says(180))
    now = clock.now()
    contact = contacts.arrive_contact(
        queue_id=Queue.objects.get(channel="voice").pk,
        thread_key=f"bench-{customer.log.stem}",
        customer=CustomerFacts(name="Bench"),
        now=now,
    )
    contacts.ask_callback(contact_id=contact.pk, number="+33145060708", wording="Call me.", now=now)
    return answered_by_key(desk, customer)


def answered_by_key(desk: Page, customer: Telephone | CalledTelephone) -> float:
    """Accept what is offered, hear each other, hang up and be done; milliseconds from the key to sound at both ends."""
    try:
        desk.locator(".offer-acts").wait_for()
        customer.sound.await_tone(TONES["agent"])
        desk.keyboard.press("F8")
        desk.locator('.call-bar[data-state="talking"]').wait_for()
        desk.wait_for_function("() => window.__sound !== null")
        wait_until(lambda: customer.sound.tone_came_at is not None, what="the agent's tone at the customer")
        heard = max(desk.evaluate("() => window.__sound"), customer.sound.tone_came_at * 1000)
        pressed = desk.evaluate("() => window.__pressed")
        desk.keyboard.press("Alt+x")
        desk.locator('.call-bar[data-state="ended"]').wait_for()
        desk.keyboard.press("Alt+c")
        desk.locator(".pop-form .btn[type=submit]").click()
        desk.locator(".call-bar").wait_for(state="detached")
        wait_until(lambda: customer.is_over, what="the end at the customer's")
        return float(heard - pressed)
    finally:
        customer.close()


@click.command()
@click.option(
    "--calls",
    default=30,
    show_default=True,
    help="Answered calls; fewer than a hundred: the longest stands for the p99.",
)
def main(calls: int) -> None:
    """Place the calls, and print the figures."""
    with (
        telephony() as stack,
        data_folder() as folder,
        tempfile.TemporaryDirectory() as tones,
        sync_playwright() as playwright,
    ):
        session = prepare_house(stack, folder)
        from tests.e2e.conftest import CHROMIUM, FLAGS

        with served_by("homeshore.cli", "serve") as server:
            tone = make_tone(Path(tones) / "agent.wav", TONES["agent"])
            browser = speaking_browser(playwright, CHROMIUM, FLAGS, tone)
            desk = open_page(browser, f"http://localhost:{server.port}", session)
            desk.goto("/desk/")
            took = [one_call(desk, stack) for _ in range(calls + 1)][1:]  # the first one loads and compiles
            placed = [one_callback(desk, stack) for _ in range(calls + 1)][1:]
            ringing = offers_to_ringing()
            browser.close()
    click.echo(f"{calls} answered and {calls} placed calls one after another, all on one machine")
    shown = {
        **figures("answer_to_media", took, "sip"),
        **figures("accepted_to_media_placed", placed, "sip"),
        **figures("offer_to_ringing", ringing, "sip"),
    }
    click.echo(json.dumps({**shown, "calls": calls, "load_average": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
