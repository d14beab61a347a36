"""What people read when something was refused."""

import io
import json
import signal
from collections.abc import Callable

import click
import pytest

from packager import errors, terminal
from packager.errors import PackagerError

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, PackagerError)
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_says_what_to_do_next(
    kind: type[PackagerError], capsys: pytest.CaptureFixture[str]
) -> None:
    for error in (kind("a fact"), kind("a fact", "a hint", "another")):
        terminal.complain(error, as_json=True)
        out, err = capsys.readouterr()

        fact, *hints = err.splitlines()
        assert fact == "error: a fact"
        assert [line.removeprefix("hint: ") for line in hints] == json.loads(out)["hints"]
        assert len(hints) == max(1, len(error.hints))


class Struck(io.StringIO):
    """A screen at which somebody presses Ctrl-C as soon as something is shown, once."""

    struck = False

    def flush(self) -> None:
        if self.getvalue():
            assert not self.struck, "it went on"
            self.struck = True
            signal.raise_signal(signal.SIGINT)


QUESTIONS: list[Callable[[], object]] = [
    lambda: terminal.sure("Remove all of it?"),
    lambda: terminal.words_of_card("CARD", (1,)),
]


@pytest.mark.parametrize("ask", QUESTIONS)
def test_no_interrupt_is_lost_while_a_question_is_shown(
    ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", Struck())
    monkeypatch.setattr("sys.stdin", io.StringIO("\n\n\n"))
    with pytest.raises(KeyboardInterrupt):
        ask()


def test_a_question_takes_yes_no_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.StringIO("maybe\nYES\nno\n\n")
    monkeypatch.setattr("sys.stdin", typed)
    assert [terminal.sure("Go on?") for _ in range(3)] == [True, False, False]
    with pytest.raises(click.Abort):
        terminal.sure("Go on?")
