"""The house's rules: who may import whom, how large things are, what may not be written down."""

import ast
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from bot.settings import PROJECT

# Who may import whom in the house, besides themselves; `errors` is open to all, `metrics` to all but the pure rooms.
DOORS: dict[str, set[str]] = {
    "errors": set(),
    "settings": set(),
    "metrics": set(),
    "addresses": set(),
    "listening": set(),
    "hours": {"settings"},
    "workers": {"metrics"},
    "knowledge": set(),
    "assessment": set(),
    "readers": {"assessment"},
    "handoff": {"assessment"},
    "language": {"settings", "readers", "assessment", "knowledge"},
    "storage": {"settings", "metrics", "workers"},
    "transcripts": {"settings", "metrics", "storage"},
    "leads": {"settings", "metrics", "storage", "transcripts", "assessment"},
    "dialogue": {
        "settings",
        "metrics",
        "workers",
        "storage",
        "transcripts",
        "knowledge",
    },  # knowledge: the sentences that own up to a failure
    "chat": {"addresses", "settings", "metrics", "dialogue", "transcripts", "leads", "storage", "knowledge"},
    "staff": {
        "addresses",
        "hours",
        "settings",
        "metrics",
        "storage",
        "leads",
        "transcripts",
        "knowledge",
        "assessment",
    },
    "actions": {"hours", "settings", "metrics", "readers", "knowledge", "assessment", "handoff", "leads"},
}
OPEN_TO_ALL = ("serve", "cli")
RASA_ROOMS = ("language", "dialogue", "transcripts", "chat.channels", "cli")
SQL_ROOMS = ("storage", "leads", "transcripts", "staff")
MOST_LINES = 300
MOST_FUNCTION_LINES = 50
MEDIAN_FUNCTION_LINES = 10
MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"(?:work|root|home/\w+|opt)/",
            "pypi" + r"\.org",
            "python" + "hosted",
            "anthropic" + r"\.com",
        ]
    )
)

Module = tuple[str, Path, ast.Module]


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """Every module of the house: its dotted name, its file, its syntax tree."""
    paths = [path for folder in ("bot", "actions") for path in sorted((PROJECT / folder).rglob("*.py"))]
    names = [".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__") for path in paths]
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in paths)
    return tuple(zip(names, paths, trees, strict=True))


def imports(tree: ast.AST) -> Iterator[str]:
    """The dotted names that are imported anywhere in the tree, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield "relative"


def room(name: str) -> str:
    """The room of a module: `bot.chat.guard` is in `chat`, `actions.answer` in `actions`."""
    parts = name.split(".")
    return parts[0] if parts[0] == "actions" or len(parts) == 1 else parts[1]


def in_rooms(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name.removeprefix("bot.").startswith((f"{allowed}.", f"{allowed} ")) for allowed in rooms) or (
        name.removeprefix("bot.") in rooms
    )


def committed_files() -> list[Path]:
    """The files that are, or are about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    paths = [PROJECT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every function's name and how many lines it takes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize(("name", "tree"), [(name, tree) for name, _, tree in modules()])
def test_a_room_imports_only_through_its_doors(name: str, tree: ast.Module) -> None:
    here = room(name)
    found = list(imports(tree))
    assert "relative" not in found, f"{name} imports by position"
    if here in OPEN_TO_ALL or here == "bot":
        return
    houses = {room(other) for other in found if other.split(".")[0] in ("bot", "actions") and other != "bot"}
    refused = houses - DOORS[here] - {here, "errors"}
    assert not refused, f"{name} may not import {sorted(refused)}"


def test_rasa_and_sqlalchemy_stay_in_their_rooms() -> None:
    wrong = []
    for name, _, tree in modules():
        packages = {other.split(".")[0] for other in imports(tree)}
        if "rasa" in packages and not in_rooms(name, RASA_ROOMS):
            wrong.append(f"{name} imports rasa")
        if packages & {"sqlalchemy", "alembic"} and not in_rooms(name, SQL_ROOMS):
            wrong.append(f"{name} imports sqlalchemy")
    assert not wrong


def test_only_the_settings_read_the_environment() -> None:
    readers = set()
    for name, path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"):
                readers.add((name, path.read_text(encoding="utf-8").splitlines()[node.lineno - 1].strip()))
    others = {(name, line) for name, line in readers if name != "bot.settings"}
    assert {name for name, _ in others} <= {"bot.cli.quiet"}, others
    assert all(line.startswith("os.environ.setdefault(") for _, line in others), others


IMPORT_ALL = """
import importlib, json, os, sys
seen = []
project = sys.argv[1] + os.sep
libraries = os.sep + ".venv" + os.sep
def ours():
    # Whether a module of the project did it while it was imported, rather than a library on its own account.
    frame = sys._getframe(2)
    while frame and "importlib" not in frame.f_code.co_filename:
        if frame.f_code.co_filename.startswith(project) and libraries not in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False
def watch(event, arguments):
    if event in ("open", "os.mkdir", "os.remove", "os.rename", "socket.connect", "socket.bind",
                 "sqlite3.connect", "subprocess.Popen") and ours():
        seen.append([event, str(arguments)[:200]])
sys.addaudithook(watch)
for name in sys.argv[2:]:
    importlib.import_module(name)
print("\\n" + json.dumps(seen))
"""


def test_nothing_happens_at_import() -> None:
    """No file of the project is opened, no connection made and no program started by importing the whole house."""
    entrance = {"bot.cli.__main__", "bot.storage.migrations.env"}  # run by Python and by Alembic, never imported
    names = [name for name, _, _ in modules() if name not in entrance and "versions" not in name]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, str(PROJECT), *names],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_files_and_functions_are_short() -> None:
    long = []
    lengths = []
    for _, path, tree in modules():
        where = path.relative_to(PROJECT)
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            long.append(f"{where}: {lines} lines")
        for name, size in functions(tree):
            lengths.append(size)
            if size > MOST_FUNCTION_LINES:
                long.append(f"{where}: {name} has {size} lines")
    assert not long
    assert statistics.median(lengths) < MEDIAN_FUNCTION_LINES


def test_test_files_are_short_too() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (PROJECT / "tests").rglob("*.py")}
    assert {str(path): size for path, size in sizes.items() if size > MOST_LINES} == {}


def test_whatever_is_caught_broadly_has_a_reason() -> None:
    bare = []
    for _, path, tree in modules():
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                line = lines[node.lineno - 1]
                if caught in ("everything", "Exception", "BaseException") and "  # " not in line:
                    bare.append(f"{path.relative_to(PROJECT)}:{node.lineno}: {line.strip()}")
    assert not bare


def test_whatever_is_caught_broadly_is_counted() -> None:
    # A worker hands what it caught to its caller, and the command line ends with it: nobody could read a count.
    told = {"bot.workers", "bot.cli.main"}
    counts = re.compile(r"failures\.labels\(where=|count_failure\(")
    silent = []
    for name, _, tree in modules():
        nodes = list(ast.walk(tree))
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        helpers = {f"{node.name}(" for node in functions if counts.search(ast.unparse(node))}
        for node in nodes:
            if isinstance(node, ast.ExceptHandler) and node.type and name not in told:
                broad = ast.unparse(node.type) in ("Exception", "BaseException")
                text = ast.unparse(node)
                if broad and not (counts.search(text) or any(helper in text for helper in helpers)):
                    silent.append(f"{name}:{node.lineno}")
    assert not silent


def test_every_public_thing_has_a_docstring() -> None:
    missing = []
    for name, _, tree in modules():
        if tree.body and not ast.get_docstring(tree):
            missing.append(name)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith(
                "_"
            ):
                documented = ast.get_docstring(node) or name.startswith("bot.storage.migrations.")
                if not documented:
                    missing.append(f"{name}.{node.name}")
    assert not missing


def test_no_file_names_a_machine_or_an_index() -> None:
    found = []
    for path in committed_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if MACHINE.search(line):
                found.append(f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:120]}")
    assert not found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-uv.txt"])
def test_every_dependency_is_locked_with_hashes_and_no_address(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", line), line
        assert "--hash=sha256:" in line, line
    assert "://" not in text


def test_the_launcher_stays_short() -> None:
    assert len((PROJECT / "strand").read_text(encoding="utf-8").splitlines()) < 200
