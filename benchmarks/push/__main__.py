"""How long a chat message takes from its POST to the desk of its agent, with thousands of desks on one process.

2,000 desks connect to one server process from another one; 300 chat messages are posted at 20 a second to the widget's
own address, each to a desk drawn by lot; a push is timed from the POST to its arrival. Resident memory is read before
and after the desks connect. Then all is done again with Django's StreamingHttpResponse. The last line is JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import statistics
import time
from dataclasses import dataclass

import click

from benchmarks.push.clients import Customers, Listeners
from benchmarks.push.ground import Desk, Server, allow_many_files, data_folder, make_desks, prepare, served_by

SERVERS = {"homeshore": ("homeshore.cli", "serve"), "django": ("benchmarks.push.django_server",)}
WARM_UP_DESKS = 50
WARM_UP_POSTS = 60
LAST_ARRIVALS_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one server; times in milliseconds."""

    p50: float
    p99: float
    kb_per_connection: float
    lost: int


async def measure(server: Server, desks: list[Desk], *, posts: int, rate: float, chance: random.Random) -> Figures:
    """Warm up, connect, post, and compare when each message left with when it arrived."""
    customers = Customers(server.port)
    await _warm_up(server, customers, desks)
    before = server.resident_kb()
    listeners = Listeners(server.port)
    await listeners.open(desks)
    gc.collect()
    gc.freeze()  # a pause of this process's own collector would be counted as one of the server
    await asyncio.sleep(2)
    kb_each = (server.resident_kb() - before) / len(desks)

    left: dict[str, float] = {}
    begun = time.perf_counter()
    posting = []
    for number in range(posts):
        await asyncio.sleep(max(0, begun + number / rate - time.perf_counter()))
        client_id = f"post-{server.port}-{number}"
        left[client_id] = time.perf_counter()
        posting.append(asyncio.create_task(customers.say(chance.choice(desks), client_id, number)))
    await asyncio.gather(*posting)
    deadline = time.perf_counter() + LAST_ARRIVALS_SECONDS
    while len(listeners.arrived) < posts and time.perf_counter() < deadline:
        await asyncio.sleep(0.01)
    took = sorted(1000 * (listeners.arrived[each] - left[each]) for each in left if each in listeners.arrived)
    await listeners.close()
    hundredths = statistics.quantiles(took, n=100)
    return Figures(statistics.median(took), hundredths[98], kb_each, posts - len(took))


async def _warm_up(server: Server, customers: Customers, desks: list[Desk]) -> None:
    """Let every thread, code path and allocator of the server be used once before anything is measured."""
    listeners = Listeners(server.port)
    await listeners.open(desks[:WARM_UP_DESKS])
    for start in range(0, WARM_UP_POSTS, 15):
        await asyncio.gather(*(customers.say(desks[n], f"warm-{server.port}-{n}", n) for n in range(start, start + 15)))
    await listeners.close()
    await asyncio.sleep(1)


@click.command()
@click.option("--desks", default=2000, show_default=True)
@click.option("--posts", default=300, show_default=True)
@click.option("--rate", default=20.0, show_default=True, help="Posts a second.")
@click.option("--seed", default=1, show_default=True)
def main(desks: int, posts: int, rate: float, seed: int) -> None:
    """Measure both servers and print the figures; HOMESHORE_DATABASE_URL chooses the database."""
    allow_many_files()
    measured: dict[str, Figures] = {}
    with data_folder() as folder:
        prepare(folder)
        made = make_desks(desks)
        for name, command in SERVERS.items():
            with served_by(*command) as server:
                measured[name] = asyncio.run(measure(server, made, posts=posts, rate=rate, chance=random.Random(seed)))
    from django.db import connection

    click.echo(f"{desks} desks on one process, {posts} chat messages at {rate:g}/s, {connection.vendor}")
    for name, figures in measured.items():
        click.echo(
            f"  {name:<10} p50 {figures.p50:7.1f} ms   p99 {figures.p99:7.1f} ms   "
            f"{figures.kb_per_connection:6.1f} kB a connection   {figures.lost} lost"
        )
    ours, django = measured["homeshore"], measured["django"]
    click.echo(
        json.dumps(
            {
                "push_p50_ms": round(ours.p50, 2),
                "push_p99_ms": round(ours.p99, 2),
                "kb_per_connection": round(ours.kb_per_connection, 2),
                "lost": ours.lost,
                "django_push_p50_ms": round(django.p50, 2),
                "django_push_p99_ms": round(django.p99, 2),
                "django_kb_per_connection": round(django.kb_per_connection, 2),
                "django_lost": django.lost,
                "desks": desks,
                "posts": posts,
                "database": connection.vendor,
            }
        )
    )


if __name__ == "__main__":
    main()
