"""Many telephone calls at a steady rate, hung up at random moments: how soon the house answers them, and whether anything is left of one.

sipp calls through Kamailio; the site, its router and its telephone are one process on SQLite, and rtpengine plays what callers hear. Of the
callers nine in ten wait for an answer and hang up 1 to 10 s after it; one in ten takes the call back at once, by a CANCEL that crosses the
answer, and counts as answered where it came too late. Nobody accepts an offer. Afterwards every table, rtpengine and the telephone's dialogs are looked through (stuck), and what customers
placed is held against the house's contacts (lost). CPU is told by the kernel, of each process. The last line is JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import click

from benchmarks.push.ground import Server, data_folder, prepare, served_by
from benchmarks.voice import make_people
from tests.servers.telephony import NEEDED, Telephony, telephony

NUMBER = "+33156070809"
SCENARIO = Path(__file__).parent / "voice_load.xml"
WARMING = 30
"""Calls before the measured ones: the first ones of a process load what the others find."""
SETTLED_WITHIN_SECONDS = 60
MEDIA_PORTS = 6000


def prepare_house(stack: Telephony, folder: Path) -> str:
    """The settings and the data of a house with one number that leads to one queue; the key of its agent's session."""
    os.environ["HOMESHORE_SIP_LISTEN"] = f"127.0.0.1:{stack.house}"
    os.environ["HOMESHORE_SIP_EDGE"] = f"127.0.0.1:{stack.edge}"
    os.environ["HOMESHORE_RTPENGINE"] = f"127.0.0.1:{stack.control}"
    prepare(folder)
    session = make_people()
    from homeshore.brands.models import Queue
    from homeshore.channels.voice.sip import numbers
    from homeshore.foundation import clock

    numbers.lead(NUMBER, queue_id=Queue.objects.get(channel="voice").pk, language="en", now=clock.now())
    return session


def place_calls(stack: Telephony, *, calls: int, rate: float) -> dict[str, Any]:
    """Calls at a steady rate; what their customers say of them."""
    name = f"load-{time.monotonic_ns()}"
    options = [
        "-sf",
        str(SCENARIO),
        "-s",
        NUMBER,
        "-i",
        "127.0.0.1",
        "-m",
        str(calls),
        "-r",
        str(rate),
        "-l",
        str(calls),
    ]
    options += ["-nostdin", "-trace_stat", "-fd", "1", "-stf", f"{name}.csv", "-trace_rtt", "-rtt_freq", "1"]
    options += ["-trace_err", "-error_file", f"{name}.log"]
    began = time.monotonic()
    with subprocess.Popen(
        [NEEDED["sip-tester"], f"127.0.0.1:{stack.edge}", *options],
        cwd=stack.folder,  # in which it writes its statistics
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as sipp:
        sipp.wait()
        rtt = stack.folder / f"voice_load_{sipp.pid}_rtt.csv"
    written = [line.split(";") for line in (stack.folder / f"{name}.csv").read_text().splitlines()]
    last = dict(zip(written[0], written[-1], strict=False))
    answers = [float(line.split(";")[1]) for line in rtt.read_text().splitlines()[1:]] if rtt.exists() else []
    return {
        "failed": int(last["FailedCall(C)"]),
        "unanswered": int(last["GenericCounter1(C)"]),
        "seconds": time.monotonic() - began,
        "answers": answers,
    }


def await_settled() -> None:
    """Wait until the house, its router too, has nothing to do about any call, for as long as it may take."""
    from homeshore.channels.voice.models import Call, Caller
    from homeshore.contacts.models import Fact, Offer

    to_do = (
        Call.objects.filter(settled=False),
        Caller.objects.all(),
        Offer.objects.filter(state=Offer.State.OPEN),
        Fact.objects.all(),
    )
    deadline = time.monotonic() + SETTLED_WITHIN_SECONDS
    while any(each.exists() for each in to_do) and time.monotonic() < deadline:
        time.sleep(0.2)


def left_behind(stack: Telephony) -> dict[str, int]:
    """What is left of calls that are over, by where it is."""
    from homeshore.channels.voice.models import Browser, Call, Caller, Leg, Signal
    from homeshore.channels.voice.sip.media.control import Control
    from homeshore.contacts.models import Contact, Fact, Offer

    control = Control(("127.0.0.1", stack.control))
    places = len(control.ask("list", limit=10_000)["calls"])
    control.close()
    return {
        "calls": Call.objects.filter(settled=False).count(),
        "callers": Caller.objects.count(),
        "contacts": Contact.objects.exclude(state=Contact.State.CLOSED).count(),
        "legs": Leg.objects.exclude(state=Leg.State.ENDED).count(),
        "offers": Offer.objects.filter(state=Offer.State.OPEN).count(),
        "browsers": Browser.objects.count(),
        "signals": Signal.objects.count(),
        "facts": Fact.objects.count(),
        "places": places,
    }


def cpu_seconds(pid: int) -> float:
    """What a process and all of its threads have used of the processors."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_of_group(leader: int) -> float:
    """The same, of a process and its children."""
    members = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
    return sum(cpu_seconds(pid) for pid in members if _group_of(pid) == leader)


def cpu_by_program(stack: Telephony, server: Server) -> dict[str, float]:
    """What the house and each of its servers have used of the processors, in seconds."""
    return {
        "house": cpu_seconds(server.pid),
        "kamailio": cpu_of_group(stack.kamailio.process.pid),
        "rtpengine": cpu_of_group(stack.rtpengine.process.pid),
    }


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def percentile(took: list[float], share: float) -> float:
    """By nearest rank."""
    return round(sorted(took)[min(len(took) - 1, int(share * len(took)))], 1) if took else 0.0


def run(stack: Telephony, server: Server, *, calls: int, rate: float) -> dict[str, Any]:
    """Place the calls and look what is left of them."""
    from homeshore.channels.voice.models import Call

    place_calls(stack, calls=WARMING, rate=3)
    await_settled()
    before = Call.objects.count()
    used = cpu_by_program(stack, server)
    memory = [server.resident_kb()]
    halves = []
    for half in (calls // 2, calls - calls // 2):
        halves.append(place_calls(stack, calls=half, rate=rate))
        await_settled()
        memory.append(server.resident_kb())
    placed = {name: halves[0][name] + halves[1][name] for name in halves[0]}
    used = {name: seconds - used[name] for name, seconds in cpu_by_program(stack, server).items()}
    left = left_behind(stack)
    kept = Call.objects.count() - before
    answered = calls - placed["failed"] - placed["unanswered"]
    return {
        "load_calls": calls,
        "load_rate_per_s": rate,
        "load_seconds": round(placed["seconds"], 1),
        "answered_calls": answered,
        "taken_back_calls": placed["unanswered"],
        "failed_calls": placed["failed"],
        "calls_kept": kept,
        "lost_calls": max(0, answered - kept),
        "stuck_calls": sum(left.values()),
        "left_behind": left,
        "offer_to_answer_p50_ms": percentile(placed["answers"], 0.5),
        "offer_to_answer_p99_ms": percentile(placed["answers"], 0.99),
        "cpu_ms_per_call": {name: round(seconds * 1000 / calls, 1) for name, seconds in used.items()},
        "memory_mb_before_midway_after": [round(each / 1024, 1) for each in memory],
        "load_average": round(os.getloadavg()[0], 1),
    }


@click.command()
@click.option("--calls", default=3000, show_default=True, help="How many.")
@click.option("--rate", default=10.0, show_default=True, help="How many a second.")
def main(calls: int, rate: float) -> None:
    """Place the calls, and print the figures."""
    with telephony(media_ports=MEDIA_PORTS) as stack, data_folder() as folder:
        prepare_house(stack, folder)
        with served_by("homeshore.cli", "serve") as server:
            figures = run(stack, server, calls=calls, rate=rate)
    click.echo(f"{calls} calls at {rate:g}/s, hung up at random; all on one machine of {os.cpu_count()} processors")
    click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
