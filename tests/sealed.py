"""Small sealed releases for tests: a real film of two seconds, a ReadMe, a throw-away publisher."""

import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import imageio_ffmpeg

from packager import publisher as publishers
from packager.keyring import Home, Publisher
from packager.keys import SecretKey
from packager.pack.sealing import Sealed, Signer, Terms, seal_folder
from packager.torrent import Kind
from packager.values import Language, RelativePath

REPORT = {
    "report.md": "---\nlanguage: en\n---\n# The bridge\r\n\r\nPlain words.\n",
    "report.ru.md": "---\nlanguage: ru\n---\n# Мост\n\nПростые слова.\n",
}


@dataclass(frozen=True)
class Desk:
    """A publisher whose keys come from a number instead of chance."""

    home: Home
    publisher: Publisher
    daily: SecretKey
    paper_words: str

    @property
    def signer(self) -> Signer:
        return Signer(self.publisher.chain, self.daily)


def desk(folder: Path, name: str = "desk") -> Desk:
    count = 0

    def entropy(size: int) -> bytes:
        nonlocal count
        count += 1
        return sha256(f"{name} {count}".encode()).digest()[:size]

    home = Home(folder)
    new = publishers.new(home, name, "", entropy)
    daily = home.daily_key(new.publisher, lambda _: "")
    return Desk(home, new.publisher, daily, new.paper_key.secret_words)


@cache
def film_bytes(suffix: str, look: str = "testsrc2", seconds: int = 2) -> bytes:
    """An unsealed film as this program's ffmpeg makes it."""

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{suffix}"
        subprocess.run(
            [
                *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error"),
                *("-f", "lavfi", "-i", f"{look}=s=320x180:r=25:d={seconds}"),
                *("-f", "lavfi", "-i", f"sine=d={seconds}", "-c:v", "libx264"),
                *("-preset", "ultrafast", "-threads", "1", "-c:a", "aac", "-shortest"),
                *("-f", {"mp4": "mp4", "mkv": "matroska"}[suffix], str(path)),
            ],
            check=True,
        )
        return path.read_bytes()


def terms(variant: bytes = b"v" * 32, report: dict[str, str] | None = None) -> Terms:
    return Terms(
        disguise="movie",
        languages=(Language.EN, Language.RU),
        variant=variant,
        date="2026-05-31",
        serial=7,
        report=REPORT if report is None else report,
    )


def release(
    folder: Path,
    by: Desk,
    suffix: str = "mkv",
    *,
    film: bytes | None = None,
    told: Terms | None = None,
    kind: Kind = Kind.V1,
) -> Sealed:
    """A release folder with a sealed film, a ReadMe and an NFO."""
    folder.mkdir(parents=True)
    name = RelativePath(f"Quiet.Harbor.2019.720p.{suffix}")
    (folder / name).write_bytes(film_bytes(suffix) if film is None else film)
    (folder / "ReadMe.txt").write_bytes("\ufeffPlays in any player.\r\n".encode())
    (folder / "Quiet.Harbor.2019.720p.nfo").write_text("Quiet Harbor\n", encoding="utf-8")
    return seal_folder(folder, name, told or terms(), by.signer, kind, blank=False)
