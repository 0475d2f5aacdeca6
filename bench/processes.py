"""Starts and ends the processes that are measured, and reads how much memory they hold."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.client import as_expected
from bot.errors import StrandError
from bot.settings import PROJECT

POLL_SECONDS = 0.02
START_SECONDS = 240.0
STOP_SECONDS = 40.0
WORK_SECONDS = 1800.0
JOB_SECONDS = 900.0
REQUEST_SECONDS = 30.0
SPARE_FILES = 500
PROCESSES = Path("/proc")
Show = Callable[..., None]


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without settings of Strand, with Rasa's own noise off, and `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STRAND_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", **variables}


def raise_file_limit(sockets: int) -> None:
    """Let this process, and those that it starts, hold so many sockets; raises StrandError where it may not."""
    wanted = sockets + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise StrandError(f"{wanted} open files are needed, and the system allows {hard}: see ulimit -n")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def free_port() -> int:
    """A port of the loopback address that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-5:])


def run_to_end(command: Sequence[str], folder: Path, variables: Mapping[str, str], log: Path) -> float:
    """Run a command and return its seconds; raises StrandError with the log's last lines where it fails."""
    begun = time.perf_counter()
    with log.open("ab") as output:
        done = subprocess.run(
            command, cwd=folder, env=dict(variables), stdout=output, stderr=output, timeout=WORK_SECONDS, check=False
        )
    if done.returncode:
        raise StrandError(f"{' '.join(command)} failed:\n{_last_lines(log)}")
    return time.perf_counter() - begun


def run_job(module: str, job: Mapping[str, object], failed: str, variables: Mapping[str, str]) -> str:
    """What a module prints that reads `job` as JSON; raises StrandError with `failed` and its last line of errors."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        cwd=PROJECT,
        env=dict(variables),
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=JOB_SECONDS,
        check=False,
    )
    if done.returncode:
        raise StrandError(f"{failed}: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


class Process:
    """A child process with its output in a log; ended when the `with` block is left."""

    def __init__(self, command: Sequence[str], folder: Path, variables: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._child = subprocess.Popen(command, cwd=folder, env=dict(variables), stdout=output, stderr=output)

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def require_alive(self) -> None:
        """Raises StrandError with the log's last lines where the process has ended."""
        if self._child.poll() is not None:
            raise StrandError(f"a measured process ended by itself:\n{_last_lines(self.log)}")

    @property
    def pid(self) -> int:
        """The system's number of the process."""
        return self._child.pid

    def resident_megabytes(self) -> float | None:
        """The resident memory of the process and its children; None on systems without /proc."""
        return resident_megabytes(self._child.pid)


def resident_megabytes(pid: int) -> float | None:
    """The resident memory of a process and its children; None on systems without /proc."""
    if not PROCESSES.is_dir():
        return None
    return sum(_resident_bytes(each) for each in _family(pid)) / 1e6


def _family(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for path in PROCESSES.glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold blanks; the parent is the second word after it.
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    family = [root]
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid]
    return family


def _resident_bytes(pid: int) -> int:
    try:
        pages = int((PROCESSES / str(pid) / "statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _answers(url: str, text: str, token: str) -> bool:
    body = json.dumps({"sender": "first", "message": text}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310  # the address is this suite's own loopback one
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as response:  # noqa: S310  # as above
            return as_expected(json.load(response), "")
    except (OSError, ValueError):
        return False


def await_port(process: Process, port: int) -> None:
    """Return when something listens at `port`; raises StrandError when the process ends or takes too long."""
    _await(process, lambda: _listens(port))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def await_answer(process: Process, url: str, text: str, token: str = "") -> None:
    """Return when `url` answers `text` with words; raises StrandError when the process ends or takes too long."""
    _await(process, lambda: _answers(url, text, token))


def _await(process: Process, happens: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + START_SECONDS
    while not happens():
        process.require_alive()
        if time.perf_counter() > deadline:
            raise StrandError(f"no answer within {START_SECONDS:.0f} s:\n{_last_lines(process.log)}")
        time.sleep(POLL_SECONDS)
