"""The node as a service of the system: its unit is sound, and it speaks to its manager."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nodes import PACKAGER
from tools import tool

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = ("packager-node.service", "packager-dashboard.service")
PROGRAM = "/usr/local/bin/packager"
MOST = 20  # tenths of exposure


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """As they would be installed, with a program that is there."""
    for name in UNITS:
        text = (DEPLOY / name).read_text()
        assert text.count(PROGRAM) == 1
        (tmp_path / name).write_text(text.replace(PROGRAM, sys.executable))
    return tmp_path


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [tool("systemd-analyze"), *map(str, words)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.tool
def test_the_units_are_sound(units: Path) -> None:
    done = analyze("verify", *(units / name for name in UNITS))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    broken = units / "broken.service"
    broken.write_text((units / UNITS[0]).read_text().replace("Type=notify", "Typ=notify"))
    assert "Typ" in analyze("verify", broken).stderr


@pytest.mark.tool
@pytest.mark.parametrize("name", UNITS)
def test_the_units_are_hardened(units: Path, name: str) -> None:
    words = ("security", "--offline=true", "--no-pager", f"--threshold={MOST}")
    done = analyze(*words, units / name)
    assert done.returncode == 0, done.stdout
    soft = units / "soft.service"
    soft.write_text(f"[Service]\nExecStart={sys.executable}\n")
    assert analyze(*words, soft).returncode == 1


@pytest.mark.slow
@pytest.mark.swarm
def test_tells_its_manager_and_logs_in_json(tmp_path: Path) -> None:
    """READY once it listens, a sign of life each second, STOPPING; SIGTERM twice is as good."""
    path = tmp_path / "notify"
    words = ("seed", "run", "--listen", "127.0.0.1:0", "--offline", "--log", "json")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.settimeout(30)
        node = subprocess.Popen(
            [*PACKAGER, "--home", str(tmp_path / "home"), *words],
            stderr=subprocess.PIPE, text=True, env={"NOTIFY_SOCKET": str(path), "PATH": "/usr/bin"},
        )  # fmt: skip
        assert [manager.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        node.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        node.send_signal(signal.SIGTERM)
        _, logged = node.communicate(timeout=20)
        assert node.returncode == 0, logged
        while manager.recv(100) != b"STOPPING=1":  # or it times out
            pass
    (line,) = logged.splitlines()
    told = json.loads(line)
    assert set(told) == {"time", "message"}
    assert told["message"].startswith("listening on 127.0.0.1:")
