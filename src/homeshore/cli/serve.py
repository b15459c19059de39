"""`homeshore serve`: the site, its routers and its channels, in one process or in several."""

from typing import Any

import click
import uvicorn

from homeshore.cli.start import migrate_database, start_django

PARTS = ("web", "router", "channels")


@click.command()
@click.option("--host", help="Address to listen on (HOMESHORE_HOST).")
@click.option("--port", type=int, help="Port to listen on (HOMESHORE_PORT).")
@click.option(
    "--processes",
    "parts",
    default="all",
    show_default=True,
    help="What this process runs: all, or some of web, router, channels, separated by commas.",
)
@click.option("--migrate/--no-migrate", default=True, show_default=True, help="Bring the database up to date first.")
def serve(host: str | None, port: int | None, parts: str, migrate: bool) -> None:
    """Serve the site."""
    chosen = list(PARTS) if parts == "all" else [part.strip() for part in parts.split(",")]
    unknown = sorted(set(chosen) - set(PARTS))
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}: expected all, or some of {', '.join(PARTS)}.")
    start_django()
    if migrate:
        migrate_database()
    run(chosen, host=host, port=port)


def run(parts: list[str], *, host: str | None = None, port: int | None = None) -> None:
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
    """Ends the streams before it waits for connections to end: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, application: Any) -> None:
        super().__init__(config)
        self.application = application

    async def shutdown(self, sockets: Any = None) -> None:
        self.application.hub.close()
        await super().shutdown(sockets)


def _work_only(parts: list[Any]) -> None:
    import signal
    import threading

    from homeshore.foundation.processes import run_parts

    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    running = run_parts(parts)
    ended.wait()
    running.stop()
