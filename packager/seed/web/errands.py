"""Carries out what the owner asked for, and remembers what became of it.

Adding a large release takes minutes, and no browser waits that long.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from packager.errors import InputRefused, PackagerError
from packager.seed import control
from packager.seed.control import Request, Status, Verb

_SHOWN = 8
_MOMENT = 2.0  # seconds that a browser waits for the answer
_ONCE = 4  # errands under way
_DONE = {
    Verb.ADD: "added: {}",
    Verb.IMPORT: "taken from the stick: {}",
    Verb.REMOVE: "stopped and forgotten: {}; its files stay",
    Verb.PAUSE: "paused",
    Verb.RESUME: "offering again",
    Verb.ACCEPT: "the withdrawal is obeyed: {}",
    Verb.REFUSE: "the withdrawal is not obeyed: {}",
    Verb.SCRUB: "being read again: {}",
    Verb.STOP: "the node ends",
    Verb.RENEW: "your word is renewed",
}
VERBS = frozenset(_DONE)
_PATHS = {Verb.ADD, Verb.IMPORT}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told about one errand."""

    good: bool
    told: str
    hints: tuple[str, ...] = ()


@dataclass(slots=True)
class Errands:
    """``ask`` puts a request to the node and gives its answer."""

    ask: Callable[[Request], Status]
    outcomes: deque[Outcome] = field(default_factory=lambda: deque(maxlen=_SHOWN))
    _free: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_ONCE))

    def run(self, request: Request) -> None:
        """Begin, and wait a moment; what takes longer goes on by itself."""
        if not self._free.acquire(blocking=False):
            self.outcomes.appendleft(Outcome(good=False, told="too much at once: wait a little"))
            return
        worker = threading.Thread(target=self._run, args=(request,), daemon=True)
        worker.start()
        worker.join(_MOMENT)
        if worker.is_alive():
            name = _short(request.subject)
            self.outcomes.appendleft(Outcome(good=True, told=f"under way: {request.verb} {name}"))

    def _run(self, request: Request) -> None:
        try:
            self.outcomes.appendleft(self._outcome(request))
        finally:
            self._free.release()

    def _outcome(self, request: Request) -> Outcome:
        try:
            self.ask(request)
        except PackagerError as error:
            return Outcome(good=False, told=error.fact, hints=error.hints)
        subject = _short(request.subject) or "everything"
        return Outcome(good=True, told=_DONE[request.verb].format(subject))


def request_of(untrusted_verb: str, untrusted_form: dict[str, list[str]]) -> Request:
    """What a form asks for; InputRefused if it is nothing that the page offers."""
    if untrusted_verb not in VERBS:
        raise InputRefused("there is no such button")
    verb = Verb(untrusted_verb)
    subject = untrusted_form.get("subject", [""])[0].strip()
    if verb in _PATHS and not subject.startswith("magnet:"):
        path = Path(subject)
        if not path.is_absolute():
            raise InputRefused(
                f"{subject!r} is not a whole path",
                "write it from the start, such as /home/me/works, or paste a magnet link",
            )
        subject = str(path)
    return Request(verb, subject, tuple(untrusted_form.get("allow", [])))


def to(folder: Path) -> Callable[[Request], Status]:
    """Speak to the node whose socket lies in ``folder``."""
    return lambda request: control.ask(folder, request)


def _short(subject: str, most: int = 60) -> str:
    return subject if len(subject) <= most else f"{subject[:most]}..."
