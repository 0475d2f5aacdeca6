"""The launcher on machines of every kind: with uv, with pip, with neither, interrupted, locked, read-only."""

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.machine import BASE_PYTHON, Machine, make_machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return make_machine(tmp_path)


def make_package(folder: Path) -> str:
    """A wheel of a package named `tiny`, and the line that locks it."""
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "VALUE = 1\n")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\n")
    return f"tiny==1.0 \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_pip_installs_what_the_lock_names_and_refuses_what_it_does_not(machine: Machine) -> None:
    machine.give("python3.10", f'#!/bin/sh\nexec "{BASE_PYTHON}" "$@"\n')
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(machine.root)}
    locked = make_package(machine.root)
    (machine.house / "requirements.txt").write_text(locked.replace("sha256:", "sha256:0")[:-2] + "\n")
    refused = machine.run(**offline)
    assert refused.returncode == 1
    assert str(machine.log) in refused.stderr
    assert "ERROR" in machine.log.read_text()
    (machine.house / "requirements.txt").write_text(locked)
    accepted = machine.run(**offline)
    assert accepted.returncode == 0, accepted.stderr
    packages = machine.house / ".venv" / "lib" / "python3.10" / "site-packages"
    assert (packages / "tiny.py").exists()
    assert list((packages / "__pycache__").glob("tiny.*.pyc")), "byte-code is compiled at set-up"


def test_a_fresh_machine_is_set_up_once_and_quietly(machine: Machine) -> None:
    machine.give_uv()
    first = machine.run("ask", "two words", "")
    assert first.returncode == 0, first.stderr
    assert len(first.stderr.splitlines()) == 2
    words, folder, _ = json.loads(first.stdout)
    assert words == ["--from", str(machine.root), "ask", "two words", ""]
    assert folder == str(machine.house)
    assert stat.S_IMODE((machine.house / "var").stat().st_mode) == 0o700
    second = machine.run("ask")
    assert (second.returncode, second.stderr) == (0, "")
    assert machine.installations() == 1


def test_the_lock_s_hashes_are_required_of_uv(machine: Machine) -> None:
    machine.give_uv()
    machine.run()
    call = (machine.home / "uv-calls").read_text().splitlines()[-1]
    assert "--require-hashes --no-deps --compile-bytecode" in call


def test_a_second_call_costs_almost_nothing(machine: Machine) -> None:
    machine.give_uv()
    machine.run()
    python = machine.house / ".venv" / "bin" / "python"

    def fastest(*command: str | Path) -> float:
        spent = []
        for _ in range(5):
            begun = time.perf_counter()
            subprocess.run(command, env=machine.environment(), cwd=machine.house, check=True, capture_output=True)
            spent.append(time.perf_counter() - begun)
        return min(spent)

    assert fastest(machine.house / "strand") - fastest(python, "-m", "bot.cli") < 0.2


def test_it_is_called_through_links_from_another_checkout(machine: Machine) -> None:
    machine.give_uv()
    other = machine.root / "other checkout"
    (other / "bot").mkdir(parents=True)
    (other / "bot" / "__init__.py").write_text("raise RuntimeError('the wrong house')")
    (machine.root / "first").symlink_to("a house/strand")
    (other / "second").symlink_to("../first")
    found = subprocess.run(
        ["./second"],
        cwd=other,
        env=machine.environment(CDPATH="/", PYTHONPATH=str(other)),
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == [["--from", str(other)], str(machine.house), str(machine.house)]


def test_a_changed_lock_and_a_vanished_python_set_up_again(machine: Machine) -> None:
    machine.give_uv()
    machine.run()
    (machine.house / "requirements.txt").write_text("# something else is needed\n")
    assert machine.run().returncode == 0
    assert machine.installations() == 2
    python = machine.house / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.10")
    assert machine.run().returncode == 0
    assert machine.installations() == 3


def test_a_python_of_pyenv_is_found_though_pyenv_is_switched_off(machine: Machine) -> None:
    folder = machine.home / ".pyenv" / "versions" / "3.10.99" / "bin"
    folder.mkdir(parents=True)
    (folder / "python3.10").write_text(f'#!/bin/sh\necho "$@" >>"$HOME/python-calls"\nexec "{BASE_PYTHON}" "$@"\n')
    (folder / "python3.10").chmod(0o755)
    machine.give("python3.10", "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n")
    (machine.house / "requirements.txt").write_text(make_package(machine.root))
    done = machine.run(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(machine.root))
    assert done.returncode == 0, done.stderr
    assert "-m venv .venv" in (machine.home / "python-calls").read_text()


def test_another_python_fetches_uv_which_brings_the_right_one(machine: Machine) -> None:
    machine.give_uv()
    (machine.programs / "uv").rename(machine.root / "uv-of-the-index")
    machine.give(
        "python3",
        f"""#!/bin/sh
case "$*" in
*version_info*) exit 1 ;;
*"import venv, ensurepip"*) exit 0 ;;
"-m venv var/uv") mkdir -p var/uv/bin && cp "{machine.programs / "python3"}" var/uv/bin/python ;;
"-m pip install"*requirements-uv.txt) cp "{machine.root / "uv-of-the-index"}" var/uv/bin/uv ;;
*) exit 9 ;;
esac
""",
    )
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert "Fetching uv" in done.stderr
    assert "--python 3.10" in (machine.home / "uv-calls").read_text()


def test_pip_takes_over_where_uv_fails(machine: Machine) -> None:
    machine.give_uv()
    (machine.home / "broken").touch()
    machine.give("python3.10", f'#!/bin/sh\nexec "{BASE_PYTHON}" "$@"\n')
    (machine.house / "requirements.txt").write_text(make_package(machine.root))
    done = machine.run(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(machine.root))
    assert done.returncode == 0, done.stderr
    assert "with pip" in done.stderr


def test_a_machine_without_python_says_what_to_install(machine: Machine) -> None:
    found = machine.run()
    assert found.returncode == 1
    assert "Install uv" in found.stderr
    assert "Python 3.10" in found.stderr


def test_a_copy_without_its_lock_is_refused_and_its_environment_is_left_alone(machine: Machine) -> None:
    machine.give_uv()
    machine.run()
    (machine.house / "requirements.txt").unlink()
    refused = machine.run()
    assert (refused.returncode, "requirements.txt" in refused.stderr) == (1, True)
    assert (machine.house / ".venv").exists()


def test_a_failed_set_up_says_why_and_can_be_run_again(machine: Machine) -> None:
    machine.give_uv()
    (machine.home / "broken").touch()
    failed = machine.run()
    assert failed.returncode == 1
    assert "no such package" in failed.stderr
    assert str(machine.log) in failed.stderr
    (machine.home / "broken").unlink()
    assert machine.run().returncode == 0


def test_an_interrupted_set_up_is_not_taken_for_a_ready_one(machine: Machine) -> None:
    machine.give_uv()
    (machine.home / "slow").touch()
    process = machine.start()
    wait_for(lambda: machine.installations() == 1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped" in errors
    assert (machine.house / ".venv" / "bin" / "python").exists(), "the half-made environment"
    (machine.home / "slow").unlink()
    assert machine.run().returncode == 0
    assert machine.installations() == 2


def test_a_killed_set_up_leaves_a_lock_that_nobody_waits_for(machine: Machine) -> None:
    machine.give_uv()
    (machine.home / "slow").touch()
    process = machine.start()
    wait_for(lambda: machine.installations() == 1)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert (machine.house / "var" / "setup.lock").exists()
    (machine.home / "slow").unlink()
    assert machine.run().returncode == 0


def test_two_at_once_set_up_once(machine: Machine) -> None:
    machine.give_uv()
    both = [machine.start(), machine.start()]
    ended = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert machine.installations() == 1


@pytest.fixture
def stranger() -> Iterator[tuple[Machine, dict[str, object]]]:
    """A machine whose house belongs to somebody else, and how to be the one who may only read it."""
    root = Path("/tmp") / f"strand-{os.getpid()}-read-only"
    machine = make_machine(root)
    root.chmod(0o755)
    machine.house.chmod(0o555)
    yield machine, {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    machine.house.chmod(0o755)
    shutil.rmtree(root)


def test_a_folder_that_cannot_be_written_to_is_said_so(stranger: tuple[Machine, dict[str, object]]) -> None:
    machine, person = stranger
    found = subprocess.run(
        [machine.house / "strand"], env=machine.environment(), cwd="/", capture_output=True, text=True, **person
    )
    assert found.returncode == 1
    assert found.stderr == f"strand: {machine.house} cannot be written to, and the environment belongs there\n"
