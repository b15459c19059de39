"""A brand's own site, on an origin of its own: a page with a strict content security policy and the chat's script tag."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = {
    "fr": (
        "Suivre ma commande",
        "Commande ML-48213, passée le 16 novembre.",
        {"Reçue": "jeudi 19 nov.", "Expédiée de Rodez": "mardi 17 nov.", "Préparée par l’atelier": "lundi 16 nov."},
    ),
    "en": (
        "Follow my order",
        "Order ML-48213, placed on 16 November.",
        {"Received": "Thu 19 Nov.", "Sent from Rodez": "Tue 17 Nov.", "Made by the workshop": "Mon 16 Nov."},
    ),
}
SHEET = """
body { margin: 0; color: #15222a; font: 16px/24px Inter, system-ui, sans-serif; }
header { padding: 20px 48px; border-bottom: 1px solid #e0e5e6; font-size: 20px; font-weight: 500; }
main { padding: 48px; max-width: 640px; }
h1 { margin: 0 0 8px; font: 500 36px/44px Inter, system-ui, sans-serif; letter-spacing: -.03em; }
p, li { color: #42535c; }
ol { margin-top: 32px; padding: 8px 20px; border: 1px solid #e0e5e6; border-radius: 8px; list-style: none; }
li { display: flex; justify-content: space-between; padding: 8px 0; }
@media (max-width: 600px) { main, header { padding-inline: 16px; } }
@media (prefers-color-scheme: dark) {
  body { background: #17181c; color: #eee; }
  p, li { color: #bbb; }
  header, ol { border-color: #33353b; }
}
"""
HOSTILE_SHEET = """
* { font-family: "Times New Roman", serif !important; letter-spacing: .2em; }
button, p, div { background: hotpink; transform: rotate(1deg); }
main { margin: 48px; }
"""
PAGE = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="icon" href="/sheet.css"><link rel="stylesheet" href="/sheet.css">
<script src="{site}/widget.js" data-brand="{key}" {options} async></script></head>
<body><header>Maison Lavande</header><main><h1>{title}</h1><p>{text}</p><ol>{steps}</ol></main></body></html>"""


@dataclass
class Shop:
    """What its pages say; `policy` is sent with each as its content security policy."""

    port: int
    site: str = ""
    key: str = ""
    language: str = "fr"
    options: str = ""
    sheet: str = SHEET

    @property
    def origin(self) -> str:
        return f"http://shop.localhost:{self.port}"

    def page(self) -> bytes:
        title, text, steps = WORDS[self.language]
        filled = PAGE.format(
            language=self.language,
            title=title,
            text=text,
            steps="".join(f"<li><span>{step}</span><time>{day}</time></li>" for step, day in steps.items()),
            site=self.site,
            key=escape(self.key),
            options=self.options,
        )
        return filled.encode()

    def policy(self) -> str:
        return (
            f"default-src 'none'; script-src {self.site}; connect-src {self.site}; style-src 'self'; img-src 'self'; "
            "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html"
        )


@contextmanager
def running_shop() -> Iterator[Shop]:
    """Serve the shop until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_sheet = self.path == "/sheet.css"
            body = shop.sheet.encode() if is_sheet else shop.page()
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if is_sheet else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if not is_sheet:
                self.send_header("Content-Security-Policy", shop.policy())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop = Shop(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="shop")
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
