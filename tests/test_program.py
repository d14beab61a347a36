"""Programs that run, stop, hang and die, and what is said of each."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from packager import program
from packager.box import Box, Limits
from packager.errors import MachineFailed
from packager.program import ProgramFailed, ProgramStuck

pytestmark = pytest.mark.tool

SH = "/bin/sh"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can")


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not count."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_lines_come_as_they_are_said(tmp_path: Path) -> None:
    lines: list[str] = []
    done = program.run(
        [SH, "-c", "echo one; echo two; echo three >&2"],
        cwd=tmp_path,
        timeout=10,
        on_line=lines.append,
    )
    assert lines == ["one", "two"]
    assert (done.stdout, done.stderr) == ("one\ntwo", "three")


def test_a_failure_says_how_and_what_about(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed) as caught:
        program.run([SH, "-c", "echo because >&2; exit 3"], cwd=tmp_path, timeout=10)
    assert caught.value.returncode == 3
    assert caught.value.stderr == "because"
    assert "because" in caught.value.hints[0]


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MachineFailed, match="no program"):
        program.run(["/nowhere/at-all"], cwd=tmp_path, timeout=10)


def test_a_full_disk_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(MachineFailed, match="the disk is full") as caught:
        program.run(
            [SH, "-c", "LC_ALL=C dd if=/dev/zero of=/dev/full count=1"], cwd=tmp_path, timeout=10
        )
    assert caught.value.exit == 5


def test_a_talkative_program_does_not_get_stuck(tmp_path: Path) -> None:
    done = program.run(
        [SH, "-c", "yes | head -c 3000000; yes no | head -c 3000000 >&2"], cwd=tmp_path, timeout=30
    )
    assert done.stdout.count("y") == done.stderr.count("no") == program.TAIL_LINES


def test_it_gets_nothing_to_read_and_only_the_given_environment(tmp_path: Path) -> None:
    done = program.run(["/usr/bin/env"], cwd=tmp_path, timeout=10, env={"LC_ALL": "C", "TZ": "UTC"})
    assert sorted(done.stdout.splitlines()) == ["LC_ALL=C", "TZ=UTC"]
    assert program.run(["/bin/cat"], cwd=tmp_path, timeout=10).stdout == ""


def test_a_stuck_program_is_ended_with_all_it_started(tmp_path: Path) -> None:
    pids: list[str] = []
    for patience in (0.5, 10):  # a busy machine may not have started it in the first
        pids.clear()
        with pytest.raises(ProgramStuck):
            program.run(
                [SH, "-c", "sleep 60 & echo $!; echo $$; wait"],
                cwd=tmp_path,
                timeout=patience,
                on_line=pids.append,
            )
        if len(pids) == 2:
            break
    assert len(pids) == 2
    assert all(gone(int(pid)) for pid in pids)


def test_what_a_listener_raises_ends_the_program(tmp_path: Path) -> None:
    def listener(line: str) -> None:
        raise LookupError(line)

    before = time.monotonic()
    with pytest.raises(LookupError, match="now"):
        program.run(
            [SH, "-c", "echo now; exec sleep 60"], cwd=tmp_path, timeout=50, on_line=listener
        )
    assert time.monotonic() - before < 10


def test_who_waits_can_end_a_program_that_says_nothing(tmp_path: Path) -> None:
    def stop() -> None:
        raise LookupError("enough")

    before = time.monotonic()
    with (
        pytest.raises(LookupError, match="enough"),
        program.start([SH, "-c", "exec sleep 60"], cwd=tmp_path) as running,
    ):
        running.wait(50, stop)
    assert gone(running.pid)
    assert time.monotonic() - before < 20


def test_leaving_the_block_ends_a_program_that_ignores_being_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "GRACE", 0.2)
    said: list[str] = []
    with program.start(
        [SH, "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"],
        cwd=tmp_path,
        on_line=said.append,
    ) as running:
        while not said:
            time.sleep(0.01)
        assert alive(running.pid)
    assert running.ended
    assert gone(running.pid)


@LINUX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_child_outlives_us(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "from pathlib import Path; from packager import program;"
        "program.run(['/bin/sh', '-c', 'echo $$; exec sleep 60'], cwd=Path('.'), timeout=50,"
        "            on_line=lambda pid: print(pid, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        os.kill(parent.pid, number)
        _, said = parent.communicate(timeout=20)
    assert ("KeyboardInterrupt" in said) == (number is signal.SIGINT)
    assert gone(child)


@LINUX
def test_limits_hold(tmp_path: Path) -> None:
    box = Box((Path("/dev/zero"),), (tmp_path,), limits=Limits(file_size=10_000))
    words = ["/bin/dd", "if=/dev/zero", "of=big", "bs=100000", "count=1"]
    with pytest.raises(ProgramFailed) as caught:
        program.run(words, cwd=tmp_path, timeout=20, box=box)
    assert caught.value.crashed
    assert (tmp_path / "big").stat().st_size <= 10_000
