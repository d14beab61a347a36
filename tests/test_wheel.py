"""The wheel alone, in a fresh environment and another folder, is a whole packager."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.tool]


def run(*command: str | Path, folder: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "SOURCE_DATE_EPOCH": "0"}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(out: Path) -> Path:
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT)
    run(*command, folder=out)
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that sees our dependencies but not this checkout."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place / "v", with_pip=False)
    (packages,) = (place / "v" / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    run(
        sys.executable, "-m", "pip", "--python", place / "v", "install", "--quiet", "--no-deps",
        "--no-index", wheel, folder=place,
    )  # fmt: skip
    # Added after the wheel's own folder, and without its .pth files: no editable install is seen.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    assert "packager/__init__.py" in names
    return place / "v" / "bin"


def test_same_bytes_twice(wheel: Path, tmp_path: Path) -> None:
    assert build(tmp_path).read_bytes() == wheel.read_bytes()


def test_holds_what_it_needs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    stem = wheel.name.split("-py3")[0]
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"packager", f"{stem}.dist-info", f"{stem}.data"}
    beside = [name for name in names if name.startswith(f"{stem}.data/")]
    assert beside == [f"{stem}.data/data/share/man/man1/packager.1"]
    for folder in ("templates", "samples"):
        stored = {path for path in (ROOT / folder).rglob("*") if path.is_file()}
        wanted = {
            f"packager/{path.relative_to(ROOT).as_posix()}"
            for path in stored
            if "__pycache__" not in path.parts
        }
        assert wanted <= set(names)
    assert not [name for name in names if name.endswith(".pyc") or "/tests/" in name]


def test_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    ask = "import packager; print(packager.__file__)"
    where = run(installed / "python", "-c", ask, folder=tmp_path)
    assert installed.parent in Path(where.strip()).parents
    words = run(installed / "packager", "--help", folder=tmp_path)
    for command in ("pack", "verify", "demo"):
        assert command in words


def test_finds_its_templates(installed: Path, tmp_path: Path) -> None:
    ask = "from packager import render, values; print(render.notice(values.Language.EN).card_title)"
    assert run(installed / "python", "-c", ask, folder=tmp_path).strip()
