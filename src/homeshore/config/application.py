"""What uvicorn serves: push natively, Django in a bounded pool of threads, and the background work of the process."""

import asyncio
from collections.abc import Iterable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver

from homeshore.config.bodies import BufferedBodies
from homeshore.foundation import hints, memory
from homeshore.foundation.processes import Part, Running, run_parts
from homeshore.push.endpoint import PATH as PUSH_PATH
from homeshore.push.endpoint import PushEndpoint
from homeshore.push.hub import Hub

LISTEN_WITHIN_SECONDS = 5


class Application:
    """The ASGI application of one process: the parts it runs, its hub, and Django. Django must have been set up."""

    def __init__(self, parts: Iterable[Part] = (Part.WEB, Part.ROUTER, Part.CHANNELS)) -> None:
        self.parts = list(parts)
        self.hub = Hub()
        self.push = PushEndpoint(self.hub)
        handler: Any = WSGIHandler()
        self.pages = BufferedBodies(
            WSGIMiddleware(handler, workers=settings.WEB_THREADS), most_bytes=settings.MAX_REQUEST_BYTES
        )
        self.running: Running | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] == PUSH_PATH:
            await self.push(scope, receive, send)
        elif scope["type"] == "http":
            await self.pages(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        try:
            await asyncio.to_thread(_load_pages)  # first, while no work of this process competes for the processor
            await self.hub.open()
            self.running = run_parts(self.parts)
            await asyncio.to_thread(hints.listening_began.wait, LISTEN_WITHIN_SECONDS)
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        memory.settle()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.hub.close()
        self.running.stop()
        await send({"type": "lifespan.shutdown.complete"})


def _load_pages() -> None:
    """Import every view before the first person asks for one."""
    get_resolver()._populate()
