"""What is asked of files on disk: litter of computers is passed over, nothing hides as litter."""

import shutil
from pathlib import Path

import damage
import sealed

from packager import verify
from packager.verify import Reason, Verdict


def test_what_computers_drop_into_folders_spoils_nothing(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "home")
    sealed.release(tmp_path / "release", desk)
    sealed.release(tmp_path / "other", desk, "mp4")
    damage.folders(tmp_path / "cases", tmp_path / "release", tmp_path / "other")

    littered = verify.release(tmp_path / "cases" / "litter", desk.home.pins())
    assert (littered.verdict, littered.extra) == (Verdict.GENUINE, ())
    for name in ("no-litter", "beside"):
        hidden = verify.release(tmp_path / "cases" / name, desk.home.pins())
        assert (hidden.verdict, hidden.reason) == (Verdict.NOT_GENUINE, Reason.UNSAFE)


def test_a_name_of_litter_hides_no_program(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path / "home")
    sealed.release(tmp_path / "release", desk)
    for name in (".DS_Store", "Thumbs.db", "._film.mkv"):
        folder = Path(shutil.copytree(tmp_path / "release", tmp_path / f"with {name.strip('.')}"))
        (folder / name).write_bytes(b"MZ" + bytes(200))

        result = verify.release(folder, desk.home.pins())

        assert (result.verdict, result.reason) == (Verdict.NOT_GENUINE, Reason.UNSAFE), name
