"""A private PostgreSQL cluster that can be stopped, frozen and thawed."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
START_SECONDS = 20.0
SETTINGS = (
    *("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"),
    *("listen_addresses=127.0.0.1", "max_connections=60", "log_min_messages=fatal"),
)


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None where it is not installed."""
    found = shutil.which("postgres")
    return Path(found).parent if found else next(iter(PLACES), None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Cluster:
    """PostgreSQL on a port of its own, with its data in a folder of its own."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        # PostgreSQL refuses to be run by root.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="strand-postgres-"))
        if self._user:
            shutil.chown(self._folder, self._user, self._user)
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(self._folder / "data"), "-U", "strand", "-A", "trust", "-E", "UTF8", "--no-sync")

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [self._binaries / program, *words], check=True, capture_output=True, user=self._user, group=self._user
        )

    def url(self, database: str) -> str:
        return f"postgresql://strand@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        words = [self._binaries / "postgres", "-D", self._folder / "data", "-p", str(self._port), "-k", self._folder]
        for setting in SETTINGS:
            words += ["-c", setting]
        self._server = subprocess.Popen(
            words, user=self._user, group=self._user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._await()

    def _await(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg2.connect(self.url("postgres")).close()
                return
            except psycopg2.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """End at once, as an outage does: connections break."""
        if self._server:
            self.thaw()
            self._checkpoint()
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(START_SECONDS)
            self._server = None

    def _checkpoint(self) -> None:
        """Leave little to recover: without it, the next start takes the longer the more was done before."""
        with contextlib.suppress(psycopg2.Error):
            connection = psycopg2.connect(self.url("postgres"))
            connection.autocommit = True
            connection.cursor().execute("CHECKPOINT")
            connection.close()

    def ensure_up(self) -> None:
        if self._server is None:
            self.start()
        self.thaw()

    def _processes(self) -> list[int]:
        """The server, then its children."""
        if self._server is None:
            return []
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text(encoding="ascii")
        return [self._server.pid, *map(int, children.split())]

    def _signal(self, number: signal.Signals) -> None:
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):  # a connection's process may end in between
                os.kill(process, number)

    def freeze(self) -> None:
        """Accept connections and answer nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def make_database(self) -> str:
        """The address of an empty database: the one there is, emptied, since making another takes ten times as long."""
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connection.close()
        return self.url("postgres")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
