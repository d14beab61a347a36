"""Hard limits hold in a real swarm on loopback."""

import signal
import time
from pathlib import Path

import pytest
import sealed
from nodes import NAME, arrived, gave_all, info_hash, leech, node, packager, packed, until

from packager.errors import Exit

pytestmark = [pytest.mark.swarm, pytest.mark.slow]
SETTINGS = "node.toml"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, desk: sealed.Desk) -> Path:
    out = tmp_path_factory.mktemp("out") / NAME
    packed(out, desk, "http://127.0.0.1:9/announce")
    return out


def test_at_the_cap_of_the_month_nothing_more_is_given(
    home: Path, out: Path, tmp_path: Path
) -> None:
    size = sum(path.stat().st_size for path in (out / NAME).iterdir())
    rate = size // 8
    cap = 2 * rate
    (home / SETTINGS).write_text(
        f"[speed]\nupload = '{rate} B/s'\n[month]\nupload = '{cap} B'\nzone = 'UTC'\n"
    )
    with node(home) as first:
        first.ask("add", str(out))
        assert leech(out, tmp_path / "copy", first.address, 8) == Exit.NO
        until(lambda: first.told()["silent"] == ["month-cap"], 10)
        assert first.states() == ["paused"]
        sent = first.told()["sent_this_month"]
        assert cap <= sent <= cap + 10 * rate
        before = first.releases("status")[0]["uploaded"]
        assert leech(out, tmp_path / "more", first.address, 2) == Exit.NO
        assert first.releases("status")[0]["uploaded"] == before
        first.end(signal.SIGTERM)
    with node(home) as second:  # the ledger outlives the program
        assert second.told()["silent"] == ["month-cap"]
        assert second.told()["sent_this_month"] >= sent
        (home / SETTINGS).write_text("[month]\nupload = '1 TB'\nzone = 'UTC'\n")
        second.process.send_signal(signal.SIGHUP)
        until(lambda: second.told()["silent"] == [])
        until(lambda: second.states() == ["seeding"])
        assert leech(out, tmp_path / "copy", second.address) == 0
    assert arrived(out, tmp_path / "copy")


def test_a_speed_limit_holds_for_neighbours(home: Path, out: Path, tmp_path: Path) -> None:
    size = sum(path.stat().st_size for path in (out / NAME).iterdir())
    (home / SETTINGS).write_text(f"[speed]\nupload = '{size // 4} B/s'\n")
    with node(home) as one:
        one.ask("add", str(out))
        began = time.monotonic()
        assert leech(out, tmp_path / "copy", one.address) == 0
        assert time.monotonic() - began > 2.5


def test_settings_that_are_wrong_change_nothing_while_it_runs(home: Path, out: Path) -> None:
    (home / SETTINGS).write_text("[disk]\nquota = '1 GB'\n")
    with node(home) as one:
        (home / SETTINGS).write_text("[disk]\nquotta = '2 GB'\n")
        one.process.send_signal(signal.SIGHUP)
        assert one.process.stderr
        line = one.process.stderr.readline()
        assert "settings stay as they were: node.toml, line 2" in line
        assert one.told()["quota"] == 10**9
        one.ask("add", str(out))
        (home / SETTINGS).write_text(
            "[[hours]]\ndays = 'daily'\nfrom = '00:00'\nto = '24:00'\nupload = 'off'\n"
        )
        one.process.send_signal(signal.SIGHUP)
        until(lambda: one.told()["silent"] == ["hours"])


def test_a_full_quota_refuses_what_comes_on_top(home: Path, out: Path) -> None:
    size = sum(path.stat().st_size for path in (out / NAME).iterdir())
    (home / SETTINGS).write_text(f"[disk]\nquota = '{size - 1} B'\n")
    with node(home) as one:
        done = packager(home, "seed", "add", str(out))
        assert (done.returncode, "are left" in done.stderr) == (Exit.REFUSED, True)
        assert one.states() == []
        (home / SETTINGS).write_text(f"[disk]\nquota = '{size} B'\n")
        one.process.send_signal(signal.SIGHUP)
        until(lambda: one.told()["quota"] == size)
        one.ask("add", str(out))
        one.ask("add", str(out))  # the same one again takes no more room
        assert one.told()["held"] == size


def test_a_release_that_was_given_often_enough_rests(home: Path, out: Path, tmp_path: Path) -> None:
    (home / SETTINGS).write_text("[publisher.desk]\nratio = 0.5\n")
    with node(home) as one:
        one.ask("add", str(out))
        assert leech(out, tmp_path / "copy", one.address) == 0
        until(lambda: one.states() == ["resting"], 25)
        assert leech(out, tmp_path / "more", one.address, 2) == Exit.NO
        (home / SETTINGS).write_text("[publisher.desk]\nratio = 900\n")
        one.process.send_signal(signal.SIGHUP)
        until(lambda: one.states() == ["seeding"], 25)
        given = one.releases("status")[0]
        assert gave_all(given)
        assert given["id"] == info_hash(out).hex()
