"""Something that listens where a Prometheus should be, and answers whatever a test wants, down to the byte."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs

Answer = Callable[[socket.socket, threading.Event], None]
"""What is done with a connection once its request is read; the event says that the test is over."""


@dataclass
class StandIn:
    """Where it listens and what it was asked."""

    url: str
    requests: list[str] = field(default_factory=list)
    """Whole requests, head and form."""

    def forms(self) -> list[dict[str, str]]:
        """The form of each request."""
        return [
            {name: values[0] for name, values in parse_qs(one.split("\r\n\r\n")[1]).items()} for one in self.requests
        ]


def http(body: str | bytes = b"", status: str = "200 OK", *headers: str) -> Answer:
    """A plain HTTP answer."""
    content = body.encode() if isinstance(body, str) else body
    head = "".join(
        f"{one}\r\n" for one in (f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers)
    )
    return lambda connection, _: connection.sendall(head.encode() + b"\r\n" + content)


def series(*found: tuple[dict[str, str], list[tuple[float, str]]]) -> Answer:
    """The answer of a Prometheus to a range query: labels, and pairs of a moment and a value."""
    result = [{"metric": labels, "values": values} for labels, values in found]
    return http(json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}}))


def hang(_: socket.socket, over: threading.Event) -> None:
    """Never answer."""
    over.wait()


def drip(connection: socket.socket, over: threading.Event) -> None:
    """Send an endless head, byte after byte."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not over.wait(0.02):
        connection.sendall(b"x")


@contextmanager
def listening(answer: Answer) -> Iterator[StandIn]:
    """A stand-in that gives every connection the same answer."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = StandIn(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=_serve, args=(listener, answer, found.requests, over), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _serve(listener: socket.socket, answer: Answer, requests: list[str], over: threading.Event) -> None:
    with suppress(OSError):  # the listener is closed when the test is over
        while not over.is_set():
            connection, _ = listener.accept()
            threading.Thread(target=_converse, args=(connection, answer, requests, over), daemon=True).start()


def _converse(connection: socket.socket, answer: Answer, requests: list[str], over: threading.Event) -> None:
    with connection, suppress(OSError):  # the client may hang up first
        requests.append(_request(connection))
        answer(connection, over)


def _request(connection: socket.socket) -> str:
    """The whole request, as long as its head says."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, form = received.partition(b"\r\n\r\n")
    lengths = (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    length = next(lengths, 0)
    while len(form) < length:
        form += connection.recv(65536)
    return (head + b"\r\n\r\n" + form).decode()
