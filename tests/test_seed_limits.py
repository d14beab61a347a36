"""What the node may use, from facts alone: sizes, hours, months, rest, room on the disk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from packager.errors import InputRefused, MachineFailed
from packager.seed import amounts, ledger, limits, schedule
from packager.seed.ledger import Ledger, Traffic
from packager.seed.limits import Disk, Month, Rest, Rules, Silence, Speeds
from packager.seed.schedule import DAY, Window

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
INSTANTS = some.integers(1_577_836_800, 2_114_380_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
SPEEDS = some.none() | some.integers(0, 10**9)
WINDOWS = some.builds(
    Window,
    some.frozensets(some.integers(0, 6), min_size=1),
    some.integers(0, DAY - 1),
    some.integers(1, DAY),
    SPEEDS,
    SPEEDS,
).filter(lambda window: window.start != window.end)
TRAFFICS = some.builds(Traffic, some.integers(0, 2**50), some.integers(0, 2**50))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(("0 B", 0), ("50 GB", 50 * 10**9), ("50GB", 50 * 10**9), ("1.5 GiB", 3 * 2**29)),
        *(("2 kB", 2000), ("1 TB", 10**12), ("0.5 KiB", 512), ("1 KiB", 1024)),
    ],
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert amounts.parse_size(text) == size


def test_speeds_are_read_in_bytes_and_bits() -> None:
    read = amounts.parse_speed
    assert (read("2 MB/s"), read("16 Mbit/s"), read("800bit/s")) == (2_000_000, 2_000_000, 100)
    assert (read("off"), read("unlimited")) == (0, None)


@pytest.mark.parametrize("text", ["", "5", "5 GB", "-1 MB/s", "0 MB/s", "1e9 B/s", "٥ MB/s", "Off"])
def test_other_speeds_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="off"):
        amounts.parse_speed(text)


@given(some.integers(0, 2**50))
def test_a_size_in_words_is_near_the_size(size: int) -> None:
    number, unit = amounts.human(size).split()
    factor = 1024 ** ("B", "KiB", "MiB", "GiB", "TiB").index(unit)
    assert abs(Fraction(number) * factor - size) <= Fraction(factor, 20)


@given(WINDOWS, INSTANTS, some.sampled_from(ZONES))
def test_a_window_is_what_the_clock_on_the_wall_says(
    window: Window, now: datetime, zone: str
) -> None:
    """Minute by minute from the window's own start: another way to the same answer."""
    local = now.astimezone(ZoneInfo(zone))
    length = (window.end - window.start) % DAY or DAY
    minute = local.hour * 60 + local.minute
    began = {
        day
        for day, since in ((local.weekday(), 0), ((local.weekday() - 1) % 7, DAY))
        if 0 <= minute + since - window.start < length
    }
    assert window.covers(local) is bool(began & window.days)


def test_clocks_that_change_are_followed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = (Window(frozenset({6}), 2 * 60, 3 * 60, 0, 0),)

    def minutes_on(day: datetime) -> int:
        return sum(
            schedule.in_force(night, day + timedelta(minutes=n), berlin) is not None
            for n in range(2 * DAY)
        )

    assert minutes_on(datetime(2026, 3, 28, 12, tzinfo=UTC)) == 0  # from 2 to 3 in one step
    assert minutes_on(datetime(2026, 10, 24, 12, tzinfo=UTC)) == 120  # that hour comes twice
    assert minutes_on(datetime(2026, 6, 27, 12, tzinfo=UTC)) == 60


def test_past_midnight_belongs_to_the_day_before() -> None:
    late = Window(schedule.parse_days("fri"), 22 * 60, 6 * 60, None, None)
    friday = datetime(2026, 11, 20, tzinfo=UTC)
    hours = [n for n in range(-24, 72) if late.covers(friday + timedelta(hours=n))]
    assert hours == list(range(22, 30))


@given(some.lists(WINDOWS, max_size=3), INSTANTS, some.sampled_from(ZONES))
def test_the_next_change_is_the_first_one(windows: list[Window], now: datetime, zone: str) -> None:
    place = ZoneInfo(zone)
    held = schedule.in_force(windows, now, place)
    change = schedule.until(windows, now, place)
    if change is None:
        assert all(
            schedule.in_force(windows, now + timedelta(minutes=15 * n), place) == held
            for n in range(7 * 96)
        )
        return
    assert now < change.astimezone(UTC) <= now + timedelta(days=9)
    assert schedule.in_force(windows, change, place) != held
    before = change.astimezone(UTC) - timedelta(minutes=1)
    assert schedule.in_force(windows, max(before, now), place) == held


@pytest.mark.parametrize(
    ("text", "days"),
    [("daily", "0123456"), ("mon-fri", "01234"), ("sat sun", "56"), ("fri-mon", "0456"),
     ("wed", "2"), ("mon,wed", "02")],
)  # fmt: skip
def test_days_are_read(text: str, days: str) -> None:
    assert schedule.parse_days(text) == {int(day) for day in days}


@pytest.mark.parametrize("text", ["", "Mon", "mon-", "monday", "mon-xyz", "1-5"])
def test_other_days_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="mon-fri"):
        schedule.parse_days(text)


@pytest.mark.parametrize(
    "text", ["", "8:00", "24:01", "12:60", "0800", "08:00:00", "-1:00", "٠٨:٠٠"]
)
def test_other_times_are_refused(text: str) -> None:
    assert (schedule.parse_time("00:00"), schedule.parse_time("24:00")) == (0, DAY)
    with pytest.raises(ValueError, match="08:30"):
        schedule.parse_time(text)


@given(some.lists(some.tuples(INSTANTS, TRAFFICS), max_size=20), some.sampled_from(ZONES))
def test_a_month_is_the_sum_of_what_went_in_it(
    entries: list[tuple[datetime, Traffic]], zone: str
) -> None:
    place, book = ZoneInfo(zone), Ledger()
    for now, more in entries:  # in any order: clocks jump
        book = book.with_more(ledger.day_of(now, place), more)
    for now, _ in entries:
        local = now.astimezone(place)
        wanted = sum(
            (
                m
                for n, m in entries
                if n.astimezone(place).strftime("%Y%m") == local.strftime("%Y%m")
            ),
            Traffic(),
        )
        assert book.in_month_of(ledger.day_of(now, place)) == wanted


@given(some.lists(TRAFFICS, max_size=8))
def test_a_counter_that_starts_again_loses_nothing(runs: list[Traffic]) -> None:
    counted = Traffic()
    for total in runs:  # each run of the engine begins at zero and ends at its total
        half = Traffic(total.sent // 2, total.received // 2)
        counted = counted + half.since(Traffic()) + total.since(half)
    assert counted == sum(runs, Traffic())
    assert Traffic(3, 4).since(Traffic(5, 4)) == Traffic(3, 0)


def test_old_days_fall_away() -> None:
    book = Ledger()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for day in range(ledger.KEPT + 50):
        book = book.with_more(ledger.day_of(start + timedelta(days=day), UTC), Traffic(1, 1))
    assert len(book.days) == ledger.KEPT
    assert min(book.days) == "2026-02-20"


@given(
    some.builds(
        Rules,
        speeds=some.builds(Speeds, SPEEDS, SPEEDS),
        windows=some.lists(WINDOWS, max_size=2).map(tuple),
        month=some.builds(Month, some.none() | some.integers(0, 100)),
    ),
    INSTANTS,
    some.integers(0, 100),
    some.frozensets(some.sampled_from(Silence)),
)
def test_a_cap_that_is_reached_is_silence(
    rules: Rules, now: datetime, sent: int, others: frozenset[Silence]
) -> None:
    orders = limits.decide(rules, now, sent, others)
    cap = rules.month.upload
    assert orders.silence >= others
    assert (Silence.MONTH in orders.silence - others) <= (cap is not None and sent >= cap)
    if cap is not None and sent >= cap:
        assert Silence.MONTH in orders.silence
    if orders.upload == 0:
        assert Silence.HOURS in orders.silence
    window = schedule.in_force(rules.windows, now, UTC)
    assert (orders.upload, orders.download) == (
        (window.upload, window.download) if window else (rules.speeds.upload, rules.speeds.download)
    )


@given(some.integers(0, 10), some.integers(1, 10), some.integers(0, 10 * 86400))
def test_a_release_rests_by_ratio_or_by_age(uploaded: int, size: int, age: int) -> None:
    assert not Rest().reached(uploaded, size, age)
    assert Rest(ratio=2.0).reached(uploaded, size, age) is (uploaded >= 2 * size)
    assert Rest(days=3).reached(uploaded, size, age) is (age >= 3 * 86400)
    assert Rest(2.0, 3).reached(uploaded, size, age) is (uploaded >= 2 * size or age >= 3 * 86400)


AMOUNTS = some.integers(0, 1000)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_neither_quota_nor_floor_is_ever_crossed(
    quota: int, floor: int, held: int, size: int, free: int, missing: int
) -> None:
    disk = Disk(quota=quota, keep_free=floor)
    problem = limits.room_problem(disk, held, size, free, missing)
    if problem is None:
        assert held + size <= quota
        assert missing == 0 or free - missing >= floor
    else:
        assert isinstance(problem, InputRefused if held + size > quota else MachineFailed)
    no_quota = limits.room_problem(replace(disk, quota=None), held, size, free, 0)
    assert no_quota is None
