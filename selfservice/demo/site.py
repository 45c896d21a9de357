"""A gym's own web site with the portal in a frame, on another host name than the portal, as in life."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# What docs/embedding.md tells a site to allow for the portal, beside what is its own.
POLICY = "default-src 'none'; style-src 'self'; img-src data:; script-src {portal}; frame-src {portal}"
FILES = {"/": ("index.html", "text/html"), "/site.css": ("site.css", "text/css")}
# In its pages, instead of the portal's address.
PLACEHOLDER = "PORTAL"


@contextmanager
def gym_site(port: int, portal: str) -> Iterator[str]:
    """Serve the web site on this machine and yield its address; `portal` is the portal's."""
    with ThreadingHTTPServer(("127.0.0.1", port), handler(portal)) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield address(port)
        server.shutdown()


def address(port: int) -> str:
    """Return the site's address: by number, because to a browser `localhost` is another site."""
    return f"http://127.0.0.1:{port}"


def page(name: str, portal: str) -> bytes:
    """Return a file of the web site, with the portal's address in it."""
    return (Path(__file__).parent / "website" / name).read_text("utf-8").replace(PLACEHOLDER, portal).encode()


def handler(portal: str) -> type[BaseHTTPRequestHandler]:
    """Return what answers for the web site."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name, kind = FILES.get(self.path.partition("?")[0], ("", "text/plain"))
            body = page(name, portal) if name else b"There is no such page."
            self.send_response(200 if name else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY.format(portal=portal))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the console is for the mails."""

    return Site
