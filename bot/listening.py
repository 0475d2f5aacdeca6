"""Addresses that a role listens on: taken early, named in errors by the settings that hold them."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.errors import SettingError


@dataclass(frozen=True)
class Place:
    """Where to listen; `settings` are the names of the variables that say so."""

    host: str
    port: int
    settings: str

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what the system says within the block into SettingError."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            where = f"{self.host} port {self.port}"
            raise SettingError(f"{where} cannot be served: {reason}; {self.settings} set others") from error

    def bind(self) -> socket.socket:
        """The address, taken: a port in use is noticed before anything is loaded. Raises SettingError."""
        with self.errors():
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
            family, kind, protocol, _, address = found[0]
            listener = socket.socket(family, kind, protocol)
            try:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
            except OSError:
                listener.close()
                raise
            return listener


def address_of(listener: socket.socket) -> str:
    """Like http://127.0.0.1:8080."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
