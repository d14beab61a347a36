"""Notices: who may withdraw what, and that nobody else can."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import sealed
from hypothesis import given
from hypothesis import strategies as some

from packager import chain as chains
from packager import notice as notices
from packager.chain import State
from packager.errors import CannotTell, CheckFailed, InputRefused
from packager.keys import SecretKey
from packager.known import Known
from packager.notice import Notice, Reason, Withdrawal
from packager.seed import policy
from packager.seed.consent import Word
from packager.values import Digest


def key(name: str) -> SecretKey:
    return SecretKey(sha256(name.encode()).digest())


ROOT, DAILY, NEXT, OTHER = key("root"), key("daily"), key("next"), key("other")
CHAIN = chains.first(ROOT, NEXT.public, DAILY.public, key("pointer").public)
DIGESTS = some.binary(min_size=32, max_size=32).map(Digest)
STATED = some.builds(
    Withdrawal,
    some.lists(some.binary(min_size=20, max_size=20).map(bytes.hex), max_size=3).map(tuple),
    some.lists(DIGESTS, min_size=1, max_size=3).map(tuple),
    some.sampled_from(Reason),
    some.dates().map(str),
    some.just(DAILY.public),
)
ONE = Withdrawal(("0a" * 20,), (Digest(b"r" * 32),), Reason.ERROR, "2026-11-21", DAILY.public)


@given(STATED)
def test_a_notice_is_read_as_it_was_written(stated: Withdrawal) -> None:
    notice = notices.sign(stated, CHAIN, DAILY)
    assert notices.parse(notice.encode()) == notice
    assert notice.encode().startswith(notices.START)
    assert notices.check(notice, None) is False


def test_the_paper_key_speaks_for_itself() -> None:
    stated = replace(ONE, signer=ROOT.public)
    assert notices.check(notices.sign(stated, CHAIN, ROOT), None) is True
    assert notices.check(notices.sign(stated, CHAIN, ROOT), Known(CHAIN)) is True


@pytest.mark.slow
@given(STATED, STATED)
def test_a_signature_is_for_its_own_words_alone(stated: Withdrawal, other: Withdrawal) -> None:
    notice = notices.sign(stated, CHAIN, DAILY)
    if stated != other:
        with pytest.raises(CheckFailed, match="does not fit"):
            notices.check(replace(notice, stated=other), None)


def test_a_strangers_key_says_nothing() -> None:
    notice = notices.sign(replace(ONE, signer=OTHER.public), CHAIN, OTHER)
    with pytest.raises(CheckFailed, match="does not vouch"):
        notices.check(notice, None)


@pytest.mark.parametrize(
    ("state", "holds"), [(State.RETIRED, True), (State.LOST, False), (State.STOLEN, False)]
)
def test_what_was_seen_of_a_key_counts(state: State, *, holds: bool) -> None:
    later = chains.extend(CHAIN, ROOT, {DAILY.public: state, OTHER.public: State.ACTIVE})
    notice = notices.sign(ONE, CHAIN, DAILY)
    if holds:
        assert notices.check(notice, Known(later)) is False
        return
    with pytest.raises(CheckFailed, match="does not vouch"):
        notices.check(notice, Known(later))


def test_a_paper_key_that_was_replaced_withdraws_nothing() -> None:
    later = chains.extend(CHAIN, NEXT, {}, next_root=OTHER.public)
    notice = notices.sign(replace(ONE, signer=ROOT.public), CHAIN, ROOT)
    with pytest.raises(CheckFailed, match="does not vouch"):
        notices.check(notice, Known(later))


def test_another_chain_from_the_same_paper_is_refused() -> None:
    fork = chains.extend(CHAIN, ROOT, {OTHER.public: State.ACTIVE})
    seen = chains.extend(CHAIN, ROOT, {NEXT.public: State.ACTIVE})
    with pytest.raises(CheckFailed, match="statement 2"):
        notices.check(notices.sign(ONE, fork, DAILY), Known(seen))


@given(some.binary())
def test_any_bytes_are_a_notice_or_refused(untrusted: bytes) -> None:
    with pytest.raises(InputRefused):
        notices.parse(untrusted)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('\\"v\\":1', '\\"v\\":2', CannotTell),
        ('\\"kind\\":\\"withdrawn\\"', '\\"kind\\":\\"praised\\"', InputRefused),
        ('\\"reason\\":\\"error\\"', '\\"reason\\":\\"whim\\"', InputRefused),
        ("0a0a0a0a0a", "0A0a0a0a0a", InputRefused),
        ("2026-11-21", "yesterday!", InputRefused),
        ('\\"v\\":1', '\\"v\\":1,\\"x\\":1', InputRefused),
    ],
)
def test_each_defect_is_refused(old: str, new: str, kind: type[Exception]) -> None:
    text = notices.sign(ONE, CHAIN, DAILY).encode().decode()
    assert old in text
    with pytest.raises(kind):
        notices.parse(text.replace(old, new).encode())


@pytest.mark.slow
@given(some.integers(0, 300), some.integers(0, 100), some.integers(1, 50))
def test_a_stolen_key_is_no_delete_button(held: int, taken: int, more: int) -> None:
    if not policy.too_many(held, taken, more):
        assert taken + more <= max(1, (held + taken) / 10)


def test_a_thief_who_goes_on_for_a_week_takes_a_tenth() -> None:
    held, taken = 200, 0
    while not policy.too_many(held, taken, 1):
        held, taken = held - 1, taken + 1
    assert taken == 20
    assert not policy.too_many(1, 0, 1)  # the only release can be withdrawn


DAY = 86400


@given(some.integers(1, 2**31), some.integers(0, 400), some.integers(-1000, 1000))
def test_the_owners_word_holds_for_its_days(given_at: int, days: int, later: int) -> None:
    lapsed = Word(given_at, days).lapsed(given_at + later * DAY)
    assert lapsed is (bool(days) and not -1 <= later <= days)  # before it: a clock was wrong
    assert Word(0, days).lapsed(given_at)
    assert Word(1_767_225_600, 180).until == "2026-06-30"
    assert (Word(0, 180).until, Word(5, 0).until) == ("", "")


def test_a_notice_holds_no_title_and_no_name(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "desk")
    assert isinstance(notices.sign(ONE, CHAIN, DAILY), Notice)
    text = notices.sign(replace(ONE, signer=desk.daily.public), desk.publisher.chain, desk.daily)
    assert b"desk" not in text.encode()
