"""docs/seal.md suffices: a verifier that shares no code with ours answers the same."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import crafted
import pytest
import third_verifier

from packager import pins, verify, words
from packager.container import Kind

pytestmark = pytest.mark.slow

VECTORS = Path(__file__).parent / "vectors" / "seal"
INDEX = json.loads((VECTORS / "index.json").read_text(encoding="utf-8"))
NAMES = [row["file"] for row in INDEX["vectors"]]
VALUE = words.parse(INDEX["words"])
ROWS = {row["file"]: row for row in INDEX["vectors"]}


@pytest.mark.parametrize("name", NAMES)
def test_both_answer_as_the_index_says(name: str) -> None:
    ours = verify.file(VECTORS / name, name, (pins.of_words(VALUE),))
    theirs = third_verifier.verify(VALUE, (VECTORS / name).read_bytes())

    assert (ours.verdict, ours.reason) == (ROWS[name]["verdict"], ROWS[name]["reason"])
    assert theirs == ROWS[name]["reason"]


def test_the_digits_spell_the_words() -> None:
    assert words.parse(INDEX["digits"]) == VALUE


def test_the_vectors_are_as_their_script_makes_them(tmp_path: Path) -> None:
    subprocess.run([sys.executable, VECTORS / "make.py", tmp_path], check=True, timeout=60)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    kept = [path for path in VECTORS.iterdir() if path.is_file() and path.suffix != ".py"]
    assert {path.name: path.read_bytes() for path in kept} == made
    assert max(len(data) for data in made.values()) < 60_000
    assert sum(len(data) for data in made.values()) < 300_000


def test_every_reason_of_a_lone_file_has_a_vector() -> None:
    beyond = {"unsafe-extra-file", "key-chains-differ"}  # a folder's, and what a home remembers

    assert {row["reason"] for row in ROWS.values()} == {*verify.Reason} - beyond


def test_the_third_verifier_is_small_and_its_own() -> None:
    text = Path(third_verifier.__file__).read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    used = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    used |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}

    assert len(text.splitlines()) < 150
    assert {one for one in used if one.split(".")[0] not in sys.stdlib_module_names} <= {
        *("nacl", "nacl.bindings", "nacl.signing")
    }


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("size", [100, 16_384, 33_000])
def test_both_find_sizes_of_every_kind_genuine(tmp_path: Path, kind: Kind, size: int) -> None:
    data = crafted.sealed(crafted.plain(kind, size), crafted.craft())
    (tmp_path / "file").write_bytes(data)

    assert third_verifier.verify(VALUE, data) == "complete"
    assert verify.file(tmp_path / "file", "file", (pins.of_words(VALUE),)).reason == "complete"
