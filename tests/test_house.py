"""The size and shape of the house: small files, small functions, nothing left over."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAX_LINES = 400
MAX_FUNCTION = 40
MAX_BINARY = 200_000  # bytes
LONG_FILES: dict[str, str] = {  # path: why it may be longer
    "packager/audit/checks.py": "one table, eight lines for each check",
}
LONG_FUNCTIONS: dict[str, str] = {}  # path:function: why it may be longer
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X)\b")


@cache
def kept() -> list[Path]:
    """The files that git holds; what lies in our folders where there is no git."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    names = subprocess.run(command, capture_output=True, check=False, timeout=30).stdout.decode()
    if names:
        return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]
    below = (path for top in ("packager", "tests", "samples") for path in (ROOT / top).rglob("*"))
    return [path for path in below if path.is_file() and "__pycache__" not in path.parts]


@cache
def sources() -> dict[str, str]:
    """Every Python file by its path, read once and only where these tests run."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in kept()
        if path.suffix == ".py"
    }


@dataclass(frozen=True)
class Shape:
    """What a file says of itself in its first line, and the length of each of its functions."""

    job: str
    functions: list[tuple[str, int]]


@cache
def shapes() -> dict[str, Shape]:
    """By path. No tree is kept: a million nodes would be searched for garbage again and again."""
    return {path: shape(ast.parse(source)) for path, source in sources().items()}


def shape(tree: ast.Module) -> Shape:
    found = (one for one in statements(tree) if isinstance(one, FUNCTION))
    lengths = [(one.name, length(one)) for one in found]
    return Shape((ast.get_docstring(tree) or "").partition("\n")[0], lengths)


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """All below ``node``, without their expressions: no function hides in those."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        below = getattr(node, part, [])
        for child in below if isinstance(below, list) else []:  # a lambda's body is no list
            yield child
            yield from statements(child)


def length(function: FUNCTION) -> int:
    """Lines of its body, without docstring and signature: a command has as many as options."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_files_are_short() -> None:
    long = {path for path, source in sources().items() if len(source.splitlines()) > MAX_LINES}
    assert sorted(long - LONG_FILES.keys()) == []
    assert sorted(LONG_FILES.keys() - long) == [], "an exception that is no longer needed"


def test_functions_are_short() -> None:
    long = {
        f"{path}:{name}"
        for path, one in shapes().items()
        for name, lines in one.functions
        if lines > MAX_FUNCTION
    }
    assert sorted(long - LONG_FUNCTIONS.keys()) == []
    assert sorted(LONG_FUNCTIONS.keys() - long) == [], "an exception that is no longer needed"


def test_modules_say_their_job() -> None:
    assert [path for path, one in shapes().items() if not one.job.endswith(".")] == []


def test_nothing_is_left_unfinished() -> None:
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in kept()}
    assert [path.name for path, text in texts.items() if UNFINISHED.search(text)] == []


def test_no_large_binary_is_stored() -> None:
    large = [path for path in kept() if path.stat().st_size > MAX_BINARY]
    assert [path.name for path in large if b"\0" in path.read_bytes()] == []


def test_all_of_the_house_was_looked_at() -> None:
    assert {path.partition("/")[0] for path in sources()} >= {"packager", "tests", "samples"}
    assert len(sources()) > 30
