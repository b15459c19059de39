"""Request bodies are read whole before a thread is given to them: a slow sender holds no thread, a huge one is refused."""

import tempfile
from typing import Any

IN_MEMORY = 1_000_000
CHUNK = 256 * 1024


class BufferedBodies:
    """An ASGI application in front of another one, which hands it each body at once, up to `most_bytes`."""

    def __init__(self, application: Any, *, most_bytes: int) -> None:
        self.application = application
        self.most_bytes = most_bytes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if _announced_length(scope) > self.most_bytes:
            await _refuse(send)
            return
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                body.write(message.get("body", b""))
                more = message.get("more_body", False)
                if body.tell() > self.most_bytes:
                    await _refuse(send)
                    return
            left = body.tell()
            body.seek(0)

            async def replay() -> dict[str, Any]:
                nonlocal left
                chunk = body.read(CHUNK)
                left -= len(chunk)
                return {"type": "http.request", "body": chunk, "more_body": left > 0}

            await self.application(scope, replay, send)


def _announced_length(scope: Any) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


async def _refuse(send: Any) -> None:
    body = (
        b'{"error": {"code": "too_large", "message": "This is too large to be sent. / Cet envoi est trop volumineux."}}'
    )
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"access-control-allow-origin", b"*"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
