"""Telephone calls by sipp, Kamailio, rtpengine and Chromium: from the agent's click to sound both ways, and what many calls leave.

First, one after another, calls that an agent at the desk accepts with F8: the desk notes when the customer's tone first sounds
in what it receives, the customer's telephone when the first packet with the agent's tone comes, by the machine's one clock.
Then many calls at a steady rate, which nobody answers and which hang up at random moments: how many the house took in a
second, and whether anything is left of them in the house, in rtpengine or in a dialog (stuck). The last line is JSON.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import click
from playwright.sync_api import Page, sync_playwright

from benchmarks.push.ground import data_folder, prepare, served_by
from benchmarks.voice import make_people, open_page
from tests.e2e.telephone import TONES, make_tone, speaking_browser
from tests.servers.caller import Telephone
from tests.servers.ground import wait_until
from tests.servers.telephony import NEEDED, Telephony, telephony

NUMBER = "+33156070809"
LOAD = Path(__file__).parent / "voice_telephone.xml"
SETTLED_WITHIN_SECONDS = 60


def one_call(desk: Page, stack: Telephony) -> float:
    """Milliseconds from the agent's key to sound at both ends."""
    customer = Telephone(stack.edge, NUMBER, folder=stack.folder, hertz=TONES["customer"])
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


def many_calls(stack: Telephony, *, calls: int, rate: int) -> dict[str, Any]:
    """Calls at a steady rate that hang up at random; how they went, and what is left of them."""
    from homeshore.channels.voice.models import Call, Caller
    from homeshore.channels.voice.sip.media.control import Control

    before, began = Call.objects.count(), time.monotonic()
    subprocess.run(
        [
            *(NEEDED["sip-tester"], f"127.0.0.1:{stack.edge}", "-sf", str(LOAD), "-s", NUMBER, "-i", "127.0.0.1"),
            *(
                "-m",
                str(calls),
                "-r",
                str(rate),
                "-l",
                str(calls),
                "-nostdin",
                "-trace_stat",
                "-fd",
                "1",
                "-stf",
                "load.csv",
            ),
            *("-timeout", "300", "-trace_err", "-error_file", "load.log"),
        ],
        cwd=stack.folder,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    took = time.monotonic() - began
    deadline = time.monotonic() + SETTLED_WITHIN_SECONDS
    while Call.objects.filter(settled=False).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    control = Control(("127.0.0.1", stack.control))
    left = len(control.ask("list", limit=1000)["calls"])
    control.close()
    last = dict(
        zip(
            *[(stack.folder / "load.csv").read_text().splitlines()[index].split(";") for index in (0, -1)], strict=False
        )
    )
    return {
        "load_calls": calls,
        "load_rate_per_s": rate,
        "load_seconds": round(took, 1),
        "calls_taken": Call.objects.count() - before,
        "failed_calls": int(last["FailedCall(C)"]),
        "stuck_calls": Call.objects.filter(settled=False).count() + Caller.objects.count() + left,
        "answer_to_200_ms_mean": _milliseconds(last["ResponseTime1(C)"]),
    }


def _milliseconds(text: str) -> float:
    hours, minutes, seconds, micros = (int(each) for each in re.split("[:.]", text.replace(":", ".")) if each)
    return round(((hours * 60 + minutes) * 60 + seconds) * 1000 + micros / 1000, 1)


def server_memory_mb(pid: int) -> float:
    """Resident memory of the house's process."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return round(int(found[1]) / 1024, 1) if found else 0.0


@click.command()
@click.option(
    "--calls",
    default=30,
    show_default=True,
    help="Answered calls; fewer than a hundred: the longest stands for the p99.",
)
@click.option("--load-calls", default=1000, show_default=True, help="Calls that nobody answers, at a steady rate.")
@click.option("--rate", default=20, show_default=True, help="Of these, how many a second.")
def main(calls: int, load_calls: int, rate: int) -> None:
    """Place the calls, and print the figures."""
    took: list[float] = []
    with (
        telephony() as stack,
        data_folder() as folder,
        tempfile.TemporaryDirectory() as tones,
        sync_playwright() as playwright,
    ):
        os.environ["HOMESHORE_SIP_LISTEN"] = f"127.0.0.1:{stack.house}"
        os.environ["HOMESHORE_RTPENGINE"] = f"127.0.0.1:{stack.control}"
        prepare(folder)
        session = make_people()
        from homeshore.brands.models import Queue
        from homeshore.channels.voice.sip import numbers
        from homeshore.foundation import clock
        from tests.e2e.conftest import CHROMIUM, FLAGS

        numbers.lead(NUMBER, queue_id=Queue.objects.get(channel="voice").pk, language="en", now=clock.now())
        with served_by("homeshore.cli", "serve") as server:
            if calls:
                tone = make_tone(Path(tones) / "agent.wav", TONES["agent"])
                browser = speaking_browser(playwright, CHROMIUM, FLAGS, tone)
                desk = open_page(browser, f"http://localhost:{server.port}", session)
                desk.goto("/desk/")
                took = [one_call(desk, stack) for _ in range(calls + 1)][1:]  # the first one loads and compiles
                browser.close()
            load = many_calls(stack, calls=load_calls, rate=rate)
    click.echo(f"{calls} answered calls one after another, then {load_calls} at {rate}/s; all on one machine")
    answered = (
        {"answer_to_media_p50_ms_sip": round(statistics.median(took)), "answer_to_media_p99_ms_sip": round(max(took))}
        if took
        else {}
    )
    click.echo(json.dumps({**answered, "calls": calls, **load}))


if __name__ == "__main__":
    main()
