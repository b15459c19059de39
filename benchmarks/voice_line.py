"""The line check at home, on lines that are as bad as we make them: what was set, what the page measures, and what the E-model says of both.

The page is real, in Chromium, and its sound goes through coturn on loopback; before coturn stands a relay of ours that loses, delays and
shakes datagrams by a seed. Each packet of sound passes it twice, on its way to coturn and from there to the other end. Hence what is set for
one passage comes to a loss of 1 − (1 − p)², to four passages in a round trip, and, where each passage adds between 0 and J ms at random, to a
jitter (RFC 3550: the mean difference of two packets' times on their way) of 7/15 J, which is the mean deviation of the sum of four such
additions. `set` and `measured` are scored by one formula (ITU-T G.107); how long the jitter buffer is, is Chromium's own doing, so that both
are scored with what it told. The last line is JSON.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from playwright.sync_api import Page, sync_playwright

from benchmarks.push.ground import data_folder, prepare, served_by
from benchmarks.voice import make_people, open_page
from homeshore.channels.voice.quality.emodel import Measure, mos
from tests.e2e.telephone import TONES, make_tone, speaking_browser
from tests.servers.turn import SECRET, Weather, bad_line, turn_server

WEATHERS = [
    Weather(),
    Weather(loss=0.01),
    Weather(loss=0.03),
    Weather(loss=0.05),
    Weather(loss=0.1),
    Weather(jitter_ms=10),
    Weather(jitter_ms=30),
    Weather(jitter_ms=60),
    Weather(delay_ms=50),
    Weather(delay_ms=100),
    Weather(loss=0.03, delay_ms=40, jitter_ms=30),
]
PASSAGES = 2
"""Of the bad line, from mouth to ear."""
CHECK_MS = 60_000


def expected(weather: Weather, *, buffer_ms: float | None) -> Measure:
    """What a perfect measure of this weather would find, behind such a jitter buffer."""
    one_way = PASSAGES * (weather.delay_ms + weather.jitter_ms / 2)
    return Measure(
        loss=1 - (1 - weather.loss) ** PASSAGES,
        jitter_ms=7 / 15 * weather.jitter_ms,
        round_trip_ms=2 * one_way,
        buffer_ms=buffer_ms,
    )


def checked(page: Page) -> Measure:
    """What the page's short check of the line measures."""
    from homeshore.channels.voice.models import LineCheck
    from homeshore.channels.voice.quality.line_check import whole
    from homeshore.channels.voice.services.line_checks import figures_of

    before = LineCheck.objects.count()
    page.goto("/line/")
    page.get_by_role("button", name="10 s").click()
    page.locator(".line-findings").first.wait_for(timeout=CHECK_MS)
    assert LineCheck.objects.count() == before + 1
    measure = whole(figures_of(LineCheck.objects.latest("id")).media)
    assert measure is not None, "no sound went through the relay"
    return measure


def shown(measure: Measure) -> dict[str, Any]:
    """A measure and its score, rounded."""
    return {
        "loss_percent": round(measure.loss * 100, 2),
        "jitter_ms": round(measure.jitter_ms, 1),
        "round_trip_ms": round(measure.round_trip_ms),
        "buffer_ms": round(measure.buffer_ms or 0),
        "mos": round(mos(measure), 2),
    }


@click.command()
@click.option("--seed", default=1, show_default=True, help="From which the weather is drawn.")
def main(seed: int) -> None:
    """Check the line in each weather, and print the figures."""
    found: list[dict[str, Any]] = []
    with (
        turn_server() as relay,
        data_folder() as folder,
        tempfile.TemporaryDirectory() as tones,
        sync_playwright() as playwright,
    ):
        prepare(folder)
        session = make_people()
        from tests.e2e.conftest import CHROMIUM, FLAGS

        browser = speaking_browser(playwright, CHROMIUM, FLAGS, make_tone(Path(tones) / "agent.wav", TONES["agent"]))
        os.environ["HOMESHORE_TURN_SECRET"] = SECRET
        for weather in WEATHERS:
            with bad_line(relay.port, weather, seed=seed) as port:
                os.environ["HOMESHORE_TURN_URLS"] = f"turn:127.0.0.1:{port}?transport=udp"
                with served_by("homeshore.cli", "serve") as server:
                    page = open_page(browser, f"http://localhost:{server.port}", session)
                    measured = checked(page)
                    page.context.close()
            asked = expected(weather, buffer_ms=measured.buffer_ms)
            found.append({"each_passage": asdict(weather), "set": shown(asked), "measured": shown(measured)})
            click.echo(json.dumps(found[-1]))
        browser.close()
    apart = [abs(each["set"]["mos"] - each["measured"]["mos"]) for each in found]
    click.echo(f"The line check in {len(WEATHERS)} weathers, 10 s each")
    click.echo(
        json.dumps(
            {"checks": found, "mos_apart_at_most": round(max(apart), 2), "load_average": round(os.getloadavg()[0], 1)}
        )
    )


if __name__ == "__main__":
    main()
