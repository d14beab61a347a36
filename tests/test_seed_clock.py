"""Clocks jump, by days and by years: no limit is looser for it, and the node says so."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from nodes import inside, leech, until

from packager.errors import Exit
from packager.seed import ledger
from packager.seed.control import Request, Status, Verb
from packager.seed.jumps import Jumps, between, since_start
from packager.seed.ledger import Ledger, Traffic
from packager.seed.store import Store

DAY = 24 * 60 * 60
NOW = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp())
INSTANTS = some.integers(0, 2 * NOW)


def day_of(seconds: float) -> str:
    return ledger.day_of(datetime.fromtimestamp(seconds, UTC), UTC)


@given(some.lists(some.tuples(INSTANTS, some.integers(0, 60)), max_size=30))
def test_no_jump_opens_a_new_month(jumps: list[tuple[int, int]]) -> None:
    """Whatever the clock shows in one real month, what is given in it stays under the cap."""
    cap, given_away, shown, book = 100, 0, NOW, Ledger()
    for wall, wish in jumps:
        book, shown = book.continued(day_of(shown), day_of(wall)), wall
        sent = min(wish, max(0, cap - book.in_month_of(day_of(shown)).sent))
        book = book.with_more(day_of(shown), Traffic(sent))
        given_away += sent
    assert given_away <= cap
    assert book.in_month_of(day_of(shown)).sent >= given_away


@given(some.lists(INSTANTS, max_size=30), some.integers(0, 100))
def test_a_jump_and_back_costs_nothing(jumps: list[int], sent: int) -> None:
    book = Ledger().with_more(day_of(NOW), Traffic(sent, 7))
    before = book
    for here, there in zip([NOW, *jumps], [*jumps, NOW], strict=True):
        book = book.continued(day_of(here), day_of(there))
    assert book.in_month_of(day_of(NOW)) == before.in_month_of(day_of(NOW))


def test_traffic_of_a_clock_behind_all_days_is_counted() -> None:
    book = Ledger({day_of(NOW - n * DAY): Traffic(1) for n in range(ledger.KEPT)})
    book = book.with_more("1970-01-01", Traffic(5)).with_more("1970-01-02", Traffic(6))
    assert book.in_month_of("1970-01-03") == Traffic(11)


def test_small_steps_are_no_jumps() -> None:
    clocks = Jumps(NOW, 5.0)
    assert clocks.look(NOW + 10, 15.0) is None
    assert clocks.look(NOW + 80, 20.0) is None  # a clock that is put right
    assert clocks.look(NOW + 80 + DAY, 20.0 + DAY) is None  # the computer slept
    jump = clocks.look(NOW, 21.0 + DAY)
    assert jump
    assert "1970" not in jump.told
    assert clocks.look(NOW + 1, 22.0 + DAY) is None
    assert since_start(0, 5) is None
    assert since_start(NOW, NOW + 400 * DAY) is None  # it was off
    assert since_start(NOW, NOW - DAY)


@pytest.mark.parametrize(
    ("far", "words"),
    [(-40 * DAY, "40 days back"), (3 * DAY, "3 days forward"), (-3600, "1.0 hours back")],
)
def test_a_jump_is_told_in_words(far: int, words: str) -> None:
    jump = between(NOW, NOW + far)
    assert jump
    assert f"jumped {words}, from 2026-11-21T12:00 to 20" in jump.told


class Clock:
    """A clock on the wall that a test sets."""

    def __init__(self) -> None:
        self.shows = float(NOW)

    def __call__(self) -> float:
        return self.shows


@pytest.mark.swarm
@pytest.mark.slow
def test_a_cap_that_is_reached_stays_reached_when_the_clock_jumps(
    home: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forward to another month, back before all others, and across a restart."""
    monkeypatch.setattr("packager.seed.daemon._TICK", 0.1)
    (home / "node.toml").write_text("[month]\nupload = '1 kB'\nzone = 'UTC'\n")
    clock = Clock()

    with inside(home, clock) as one:

        def told() -> Status:
            return one.answer(Request(Verb.STATUS))

        one.answer(Request(Verb.ADD, str(out)))
        leech(out, tmp_path / "copy", str(one.address), 2)
        until(lambda: told().node.silent == ("month-cap",))
        sent = told().node.sent_this_month
        for shows in (NOW + 40 * DAY, NOW - 400 * DAY, 5.0):
            clock.shows = shows
            until(lambda: any(f"to {day_of(clock())}T" in note for note in told().node.notes))
            assert told().node.silent == ("month-cap",)
            assert told().node.sent_this_month >= sent
        assert leech(out, tmp_path / "more", str(one.address), 1) == Exit.NO
    log = (home / "seed" / "log").read_text()
    assert "jumped 40 days forward, from 2026-11-21T12:00 to 2026-12-31T12:00" in log
    clock.shows = 4.0  # once more, while no node runs
    with Store(home / "seed") as store:
        store.keep_days({}, NOW)
    with inside(home, clock) as one:
        assert told().node.silent == ("month-cap",)
    clock.shows = NOW + 40 * DAY  # nothing jumped: a new month is a new month
    with inside(home, clock) as one:
        assert told().node.silent == ("month-cap",)  # that one was charged above
    clock.shows = NOW + 100 * DAY
    with inside(home, clock) as one:
        assert told().node.silent == ()


@pytest.mark.swarm
@pytest.mark.slow
def test_what_was_read_in_the_future_is_read_again(
    home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packager.seed.scrubbing._PAUSE", 0.1)
    clock = Clock()
    with inside(home, clock) as one:
        one.answer(Request(Verb.ADD, str(out)))
    with Store(home / "seed") as store:
        (kept,) = store.releases()
        store.keep(replace(kept, scrubbed=NOW + 300 * DAY))
    with inside(home, clock) as one:
        until(lambda: [held.scrubbed for held in one._holdings.offered()] == [NOW])
