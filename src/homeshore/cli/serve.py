"""`homeshore serve`, `router` and `channels`: the site in one process, or its parts in several."""

from collections.abc import Collection
from types import FrameType
from typing import Any

import click
import uvicorn

from homeshore.cli.start import migrate_database, start_django

PARTS = ("web", "router", "channels")


@click.command()
@click.option("--host", help="Address to listen on (HOMESHORE_HOST).")
@click.option("--port", type=int, help="Port to listen on (HOMESHORE_PORT).")
@click.option(
    "--router/--no-router", default=True, show_default=True, help="Route in this process too; PostgreSQL only without."
)
@click.option(
    "--channels/--no-channels",
    default=True,
    show_default=True,
    help="Run the workers of the channels in this process too; PostgreSQL only without.",
)
@click.option("--migrate/--no-migrate", default=True, show_default=True, help="Bring the database up to date first.")
def serve(host: str | None, port: int | None, router: bool, channels: bool, migrate: bool) -> None:
    """Serve the site: its pages, and unless told otherwise its router and the workers of its channels."""
    parts = ["web", *(["router"] if router else []), *(["channels"] if channels else [])]
    _start(parts, migrate=migrate)
    run(parts, host=host, port=port)


@click.command()
@click.option("--migrate/--no-migrate", default=True, show_default=True, help="Bring the database up to date first.")
def router(migrate: bool) -> None:
    """Route, and nothing else. Several such processes share the floors, and each takes over from one that dies."""
    _start(["router"], migrate=migrate)
    run(["router"])


@click.command()
@click.option("--migrate/--no-migrate", default=True, show_default=True, help="Bring the database up to date first.")
def channels(migrate: bool) -> None:
    """Run the workers of the channels, and nothing else: mailboxes read, answers sent. Several share the work."""
    _start(["channels"], migrate=migrate)
    run(["channels"])


def _start(parts: Collection[str], *, migrate: bool) -> None:
    start_django()
    _refuse_to_split_sqlite(parts)
    if migrate:
        migrate_database()


def _refuse_to_split_sqlite(parts: Collection[str]) -> None:
    from django.db import connection

    if connection.vendor == "sqlite" and set(parts) != set(PARTS):
        raise click.ClickException(
            "The embedded database belongs to one process, `homeshore serve`, in which the router and the channels live. "
            "To run them apart, set HOMESHORE_DATABASE_URL to a PostgreSQL database."
        )


def run(parts: Collection[str], *, host: str | None = None, port: int | None = None) -> None:
    """Run these parts until a signal comes; without `web`, nothing listens.

    Raises click.ClickException when the address cannot be listened on.
    """
    from homeshore.config.application import Application
    from homeshore.foundation.processes import Part

    if Part.WEB in parts:
        _serve_web(Application([Part(part) for part in parts]), host=host, port=port)
    else:
        _work_only([Part(part) for part in parts])


def _serve_web(application: Any, *, host: str | None, port: int | None) -> None:
    from django.conf import settings

    config = uvicorn.Config(
        application,
        host=host or settings.HOST,
        port=port if port is not None else settings.PORT,
        log_config=None,
        access_log=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=5,
        forwarded_allow_ips=",".join(settings.TRUSTED_PROXIES),
        server_header=False,
    )
    server = _Server(config, application)
    server.run()
    if not server.started:
        raise click.ClickException(f"Could not listen on {config.host}:{config.port}; is another program there?")


class _Server(uvicorn.Server):
    """Ends in order, the streams before it waits for connections to end: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, application: Any) -> None:
        super().__init__(config)
        self.application = application

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in order however often one is asked to: it takes some seconds, and a process broken off in its midst would not end."""
        super().handle_exit(sig, frame)
        self.force_exit = False

    async def shutdown(self, sockets: Any = None) -> None:
        self.application.hub.close()
        await super().shutdown(sockets)


def _work_only(parts: list[Any]) -> None:
    import signal
    import threading

    from homeshore.foundation import memory
    from homeshore.foundation.processes import run_parts

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    memory.settle()
    running = run_parts(parts)
    ended.wait()
    running.stop()
