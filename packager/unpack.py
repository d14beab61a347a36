"""Give the report back out of any sealed file, byte for byte as the journalist wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager import files, shelf, verify
from packager.errors import CannotTell, CheckFailed
from packager.known import Known
from packager.pins import Pin
from packager.seal import Seal
from packager.verify import Result, Verdict
from packager.words import Words


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Where the report lies now: its texts, and its pictures where a book held them."""

    folder: Path
    files: tuple[Path, ...]
    result: Result


@dataclass(frozen=True, slots=True)
class Genuine:
    """The seal that spoke, and the name of whose it is."""

    seal: Seal
    publisher: str


def genuine(result: Result) -> Genuine:
    """The first genuine seal of a result; CheckFailed or CannotTell where there is none."""
    for one in result.files:
        if one.verdict is Verdict.GENUINE and one.seal and one.pin:
            return Genuine(one.seal, one.pin.name)
    hint = "nothing was written: only what a trusted publisher sealed is taken out"
    if result.verdict is Verdict.NOT_GENUINE:
        raise CheckFailed(f"not genuine: {result.detail}", hint)
    raise CannotTell(f"cannot tell who made this: {result.detail}", hint)


def unpack(
    path: Path,
    trusted: Sequence[Pin],
    out: Path,
    known: Mapping[Words, Known] = verify.NOTHING_KNOWN,
) -> Unpacked:
    """Write the report's files into the new folder ``out``; only genuine seals are believed."""
    result = verify.release(path, trusted, known)
    contents = {name: text.encode() for name, text in _texts(result).items()}
    for book in shelf.books(path, result):
        texts = {str(name): text.encode() for name, text in book.texts.items()}
        contents = texts | {str(n): data for n, data in book.pictures.items()} | contents
    if out.exists():
        raise files.already_there(out)
    with files.workspace(out.absolute().parent) as work:
        folder = work / "report"
        folder.mkdir()
        for name, data in contents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            files.write_atomic(folder / name, data)
        files.move_into_place(folder, out)
    return Unpacked(out, tuple(out / name for name in sorted(contents)), result)


def _texts(result: Result) -> dict[str, str]:
    """The texts in the seals of one publisher; of several reports, each in a numbered folder."""
    speaks = genuine(result)
    reports: list[Mapping[str, str]] = []
    for one in result.files:
        ours = one.verdict is Verdict.GENUINE and one.pin and one.pin.name == speaks.publisher
        if ours and one.seal and one.seal.report and one.seal.report not in reports:
            reports.append(one.seal.report)
    if len(reports) < 2:  # noqa: PLR2004 -- several need folders
        return dict(speaks.seal.report)
    return {
        name if "/" in name else f"{number:02}/{name}": text
        for number, texts in enumerate(reports, start=1)
        for name, text in texts.items()
    }
