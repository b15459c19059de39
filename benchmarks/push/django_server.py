"""The same site with the stream written as Django invites to: an asynchronous view with a StreamingHttpResponse.

It shares the hub, so that only the way to the browser differs.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import click

from homeshore.cli.start import start_django


def application() -> Any:
    """Django's own ASGI application, with the stream among its addresses."""
    from django.core.handlers.asgi import ASGIHandler
    from django.http import HttpRequest, StreamingHttpResponse
    from django.urls import path

    from homeshore.config import urls
    from homeshore.foundation import clock, grants
    from homeshore.foundation.processes import Part, run_parts
    from homeshore.foundation.tenancy import public
    from homeshore.push.hub import Hub, Stream

    hub = Hub()

    async def stream(request: HttpRequest) -> StreamingHttpResponse:
        held = [grants.read(token, now=clock.now()) for token in request.GET.getlist("grant")]
        waiting: asyncio.Queue[bytes] = asyncio.Queue()

        async def put(message: dict[str, Any]) -> None:
            waiting.put_nowait(message["body"])

        opened = Stream(held, after=hub.position, send=put)
        hub.subscribe(opened)
        opened.release(b"retry: 2000\n\n")

        async def events() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield await waiting.get()
            finally:
                hub.unsubscribe(opened)

        return StreamingHttpResponse(events(), content_type="text/event-stream")

    urls.urlpatterns.insert(0, path("push/stream", public(stream)))
    pages = ASGIHandler()

    async def site(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await pages(scope, receive, send)
            return
        await receive()
        await hub.open()
        running = run_parts([Part.WEB, Part.ROUTER, Part.CHANNELS])
        await send({"type": "lifespan.startup.complete"})
        await receive()
        hub.close()
        running.stop()
        await send({"type": "lifespan.shutdown.complete"})

    return site


@click.command()
@click.option("--port", type=int, required=True)
def serve(port: int) -> None:
    """Serve it until a signal comes."""
    import uvicorn

    start_django()
    uvicorn.run(application(), port=port, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    serve()
