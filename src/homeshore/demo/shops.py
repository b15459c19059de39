"""The brands' own pages, each on an origin of its own, with the chat widget as a brand would put it there."""

import threading
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template

from homeshore.demo.places import Places

PAGES = Path(__file__).parent / "pages"
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class _Page(BaseHTTPRequestHandler):
    """Serves one brand's page, and what both brands' pages share."""

    def __init__(self, folder: Path, site: str, *args: object) -> None:
        self.folder, self.site = folder, site
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        name = "index.html" if self.path.split("?")[0] == "/" else self.path.split("?")[0].lstrip("/")
        places = [folder / Path(name).name for folder in (self.folder, PAGES)]
        file = next((file for file in places if file.is_file() and file.suffix in KINDS), None)
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = Template(file.read_text()).safe_substitute(site=self.site).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", KINDS[file.suffix])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Visits of the demonstration's pages are not logged."""


def run(places: Places, site: str, stop: threading.Event) -> None:
    """Serve both brands' pages until told to stop; `site` is the address that the widget is loaded from."""
    servers = [
        ThreadingHTTPServer(("127.0.0.1", port), partial(_Page, PAGES / folder, site))
        for port, folder in ((places.shop, "maison-lavande"), (places.insurer, "assurance-mistral"))
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, name="brand page", daemon=True).start()
    stop.wait()
    for server in servers:
        server.shutdown()
        server.server_close()
