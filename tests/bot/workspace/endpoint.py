"""A request URL of a test's own: it keeps what it is sent, and answers as it is told."""

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Heard:
    """One request."""

    path: str
    headers: dict
    body: bytes

    @property
    def payload(self):
        if self.headers["content-type"] == "application/json":
            return json.loads(self.body)
        form = {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}
        return json.loads(form["payload"]) if "payload" in form else form


def echo(heard):
    """Acknowledge everything, and echo challenges."""
    return 200, {}, heard.payload.get("challenge", "")


def answering(status, body="", **headers):
    """Echo challenges, and give everything else this answer."""

    def answer(heard):
        if heard.payload.get("type") == "url_verification":
            return echo(heard)
        return status, {name.replace("_", "-"): value for name, value in headers.items()}, body

    return answer


class Endpoint:
    """Listens on this machine until it is closed."""

    def __init__(self, answer=echo, port=0):
        self.answer = answer
        self.heard = []
        self.closing = Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                heard = Heard(self.path, headers, body)
                endpoint.heard.append(heard)
                answer = endpoint.answer(heard)
                if answer:
                    self.give(*answer)

            def give(self, status, headers, body):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = False
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/slack/events"
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def never(self, heard):
        """Answer challenges at once, and nothing else until it is closed."""
        if heard.payload.get("type") == "url_verification":
            return echo(heard)
        self.closing.wait(30)
        return None

    def of_type(self, kind):
        """Give the payloads of one type that came."""
        return [heard.payload for heard in self.heard if heard.payload.get("type") == kind]

    def close(self):
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
