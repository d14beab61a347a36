"""What people read when something was refused."""

import json

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
