"""Withdrawn releases: notices that hold, what they name, and whether they are obeyed at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from packager import notice as notices
from packager import words
from packager.errors import CannotTell, CheckFailed
from packager.keyring import Home
from packager.known import Known
from packager.notice import Notice
from packager.seed import policy
from packager.seed.jumps import Jump
from packager.seed.store import Answer, Received, Store
from packager.torrent import InfoHashes
from packager.values import Digest

_NAME = 40  # digits of an id
_WEEK = 7 * 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Buried:
    """A release as a notice may name it. Only its own publisher's notices count."""

    words: str  # of its publisher
    identities: tuple[str, ...]
    roots: tuple[Digest, ...]

    def named_by(self, notice: Notice) -> bool:
        """Whether a notice is of its publisher and about it."""
        if words.spell(notice.words) != self.words:
            return False
        names = {name[:_NAME] for name in notice.stated.infohashes}
        return bool(set(self.roots) & set(notice.stated.roots) or set(self.identities) & names)


def buried(words_: str, hashes: InfoHashes, roots: Iterable[Digest]) -> Buried:
    """A release by all that is known of it."""
    names = tuple(one.hex()[:_NAME] for one in (hashes.v1, hashes.v2) if one)
    return Buried(words_, names, tuple(roots))


Matching = Callable[[Notice], tuple[int, int]]
"""Given a notice: releases held of its publisher, and how many of them it names."""


class Tombs:
    """The notices of a node; those that it obeys outlive every restart and every new add."""

    def __init__(self, home: Home, store: Store) -> None:
        self._home = home
        self._store = store
        self._received = store.notices()
        self._read = {one: notices.parse(r.record) for one, r in self._received.items()}

    def receive(self, untrusted_record: bytes, matching: Matching, now: int) -> Answer:
        """Judge a notice and remember it. ``matching`` says what of the publisher is held.

        CannotTell if nobody whom this home trusts signed it, CheckFailed if it does not hold.
        """
        notice = notices.parse(untrusted_record)
        pins = {pin.words: pin for pin in self._home.pins()}
        if notice.words not in pins:
            raise CannotTell(
                "the notice is of a publisher whom this node does not trust",
                "`packager pin add FILE-OR-WORDS` tells this node whom you trust",
            )
        memory = self._home.known().get(notice.words)
        by_paper = notices.check(notice, memory)
        self._home.remember(notice.words, (memory or Known(notice.chain)).seen(notice.chain, 0, ""))
        before = self._received.get(notice.identity)
        if before and before.answer is not Answer.WAITING:
            return before.answer
        held, hits = matching(notice)
        weight = 0 if by_paper else max(1, hits)
        waits = weight and policy.too_many(held, self._taken(notice.words, now), weight)
        one = Received(untrusted_record, Answer.WAITING if waits else Answer.OBEYED, now, weight)
        self._keep(notice, one)
        return one.answer

    def answer(self, release: Buried, *, obey: bool) -> bool:
        """The owner's word about notices that wait for it; False if none of this release does."""
        found = [
            notice
            for notice in self._find(release)
            if self._received[notice.identity].answer is Answer.WAITING
        ]
        for notice in found:
            one = self._received[notice.identity]
            answer = Answer.OBEYED if obey else Answer.REFUSED
            self._keep(notice, replace(one, answer=answer, weight=0))
        return bool(found)

    def state(self, release: Buried) -> Answer | None:
        """What became of a release's notices: obeyed before waiting; None if there are none."""
        found = {self._received[one.identity].answer for one in self._find(release)}
        return next((one for one in (Answer.OBEYED, Answer.WAITING) if one in found), None)

    def refuse(self, release: Buried) -> None:
        """CheckFailed if a release was withdrawn."""
        state = self.state(release)
        if state is Answer.OBEYED:
            raise CheckFailed(
                "its publisher has withdrawn this release", "delete your copies of it, too"
            )
        if state is Answer.WAITING:
            raise CheckFailed(
                "a notice asks for the withdrawal of this release, and waits for your word",
                "`packager seed accept ID` or `packager seed refuse ID`",
            )

    def jumped(self, jump: Jump) -> None:
        """Let what a daily key took within the week stay as old as it was, when a clock jumps."""
        for key, one in list(self._received.items()):
            age = jump.before - one.received
            if one.weight and 0 <= age < _WEEK:
                self._keep(self._read[key], replace(one, received=int(jump.after - age)))

    def _taken(self, of: words.Words, now: int) -> int:
        """Releases of a publisher that notices of a daily key alone took within a week."""
        return sum(
            one.weight
            for key, one in self._received.items()
            if one.answer is Answer.OBEYED
            and self._read[key].words == of
            and abs(now - one.received) < _WEEK
        )

    def _find(self, release: Buried) -> list[Notice]:
        return [notice for notice in self._read.values() if release.named_by(notice)]

    def _keep(self, notice: Notice, one: Received) -> None:
        self._received[notice.identity] = one  # first: it holds also if the disk is full
        self._read[notice.identity] = notice
        self._store.keep_notice(notice.identity, one)
