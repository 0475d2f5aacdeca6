"""A webhook's receiver on loopback that honours the id, and fails as receivers do: at random, by a seed."""

import json
import random
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from standardwebhooks import Webhook

from bench.crash.child import SECRET, SEND_SECONDS

Mood = Literal["well", "refuses", "busy", "hangs up", "keeps and hangs up", "slow", "too slow"]

MOODS: tuple[Mood, ...] = ("well", "refuses", "busy", "hangs up", "keeps and hangs up", "slow", "too slow")
WEIGHTS = (8, 2, 2, 2, 3, 2, 1)
MOST_FAILURES = 4
SLOW_SECONDS = SEND_SECONDS / 5
TOO_SLOW_SECONDS = SEND_SECONDS * 1.4


class Receiver(ThreadingHTTPServer):
    """Keeps each message once. At the calm address a message's first try is taken; after four failures, any is."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kept: dict[str, tuple[str, str]] = {}
        self.bodies: dict[str, bytes] = {}
        self.tries: Counter[str] = Counter()
        self.moods: Counter[Mood] = Counter()
        self.dropped = 0
        self.refused: list[str] = []
        self._random = random.Random(seed)  # noqa: S311  # moods, not secrets
        self._lock = threading.Lock()
        self._signer = Webhook(SECRET)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """The address that webhooks are sent to, /calm or /moody behind it."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def mood(self, identifier: str, calm: bool) -> Mood:
        """How the next try of a message fares."""
        with self._lock:
            self.tries[identifier] += 1
            tries = self.tries[identifier]
            drawn = self._random.choices(MOODS, WEIGHTS)[0]
            chosen = "well" if tries > MOST_FAILURES or (calm and tries == 1) else drawn
            self.moods[chosen] += 1
            return chosen

    def keep(self, identifier: str, timestamp: str, signature: str, body: bytes) -> None:
        """Take a message, or drop it where its id is known."""
        at = datetime.fromtimestamp(int(timestamp), timezone.utc)
        # Its own clock is not that of the test, which moves ahead: only the signature is checked.
        genuine = signature == self._signer.sign(identifier, at, body.decode())
        with self._lock:
            if not genuine or self.bodies.setdefault(identifier, body) != body:
                self.refused.append(f"{identifier} is forged, or was another one before")
            elif identifier in self.kept:
                self.dropped += 1
            else:
                said = json.loads(body)
                self.kept[identifier] = (said["data"]["reference"], said["type"])

    def kept_so_far(self) -> tuple[dict[str, tuple[str, str]], list[str]]:
        """What was kept, by id, and why other messages were refused."""
        with self._lock:
            return dict(self.kept), list(self.refused)

    def handle_error(self, *_: object) -> None:
        """A sender that was killed is none of the receiver's business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:  # the library's name
        identifier = self.headers["webhook-id"]
        mood = self.server.mood(identifier, self.path == "/calm")
        if mood == "hangs up":
            self._hang_up()
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(body) < int(self.headers["Content-Length"]):
            return
        if mood in ("refuses", "busy"):
            self._answer(500 if mood == "refuses" else 429)
            return
        if mood in ("slow", "too slow"):
            time.sleep(SLOW_SECONDS if mood == "slow" else TOO_SLOW_SECONDS)
        self.server.keep(identifier, self.headers["webhook-timestamp"], self.headers["webhook-signature"], body)
        if mood == "keeps and hangs up":
            self._hang_up()
        else:
            self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "2")
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing."""
