"""Give the report back out of any sealed file, byte for byte as the journalist wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packager import files, verify
from packager.errors import CannotTell, CheckFailed
from packager.pins import Pin
from packager.verify import Result, Verdict


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Where the report lies now."""

    folder: Path
    texts: tuple[Path, ...]
    result: Result


def unpack(path: Path, trusted: Sequence[Pin], out: Path) -> Unpacked:
    """Write the report's texts into the new folder ``out``; only genuine seals are believed."""
    result = verify.release(path, trusted)
    source = next((f for f in result.files if f.seal and f.verdict is Verdict.GENUINE), None)
    if source is None or source.seal is None:
        hint = "nothing was written: only what a trusted publisher sealed is unpacked"
        if result.verdict is Verdict.NOT_GENUINE:
            raise CheckFailed(f"not genuine: {result.detail}", hint)
        raise CannotTell(f"cannot tell who made this: {result.detail}", hint)
    if out.exists():
        raise files.already_there(out)
    with files.workspace(out.absolute().parent) as work:
        folder = work / "report"
        folder.mkdir()
        for name, text in source.seal.report.items():
            files.write_atomic(folder / name, text.encode())
        files.move_into_place(folder, out)
    return Unpacked(out, tuple(out / name for name in sorted(source.seal.report)), result)
