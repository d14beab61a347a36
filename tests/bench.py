"""How fast we are beside the tools that do the unavoidable part; not collected by pytest.

    python tests/bench.py [--mebibytes N] [--rounds N] [FOLDER]

Every row runs our command and the other side in turn, on the same warm file, and prints the best
of the rounds. Memory is the largest single process of each side, and never less than what this
script takes itself (some 30 MiB): a child begins as its copy.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha1, sha256
from pathlib import Path

import av
import imageio_ffmpeg
from PIL import Image
from tools import PLACES

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
PACKAGER = Path(sys.executable).with_name("packager")
CHUNK = 4 * 1024 * 1024
PROOF = 20  # seconds
MOVING = f"mandelbrot=s=1280x720:r=25,trim=0:{PROOF}"
Command = list[str]


@dataclass(frozen=True, slots=True)
class Cost:
    """One side of a row: seconds on the clock, bytes of the largest process."""

    seconds: float
    memory: int


def main() -> None:
    """Make the clip, run the rows, print them side by side."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        place = Path(name)
        clip = make_clip(place, options.mebibytes * 1024 * 1024)
        words, release = first_release(place, clip)
        size = clip.stat().st_size // 2**20
        print(f"{size} MiB, {os.cpu_count()} cores, best of {options.rounds}")
        pack_row(place, clip, options.rounds)
        verify_rows(place, release, words, options.rounds)
        book_row(place, options.rounds)
        article_row(place, options.rounds)
        sound_row(place, "audiobook", options.rounds)
        sound_row(place, "album", options.rounds)


def make_clip(place: Path, size: int) -> Path:
    """A noisy 720p H.264 film of about 40 Mbit/s, encoded once and played over and over."""
    short, clip = place / "short.mp4", place / "report" / "clip.mp4"
    clip.parent.mkdir()
    text = "---\ntitle: A test of speed\nlanguage: en\nmedia: [clip.mp4]\n---\nNothing to read.\n"
    (clip.parent / "report.md").write_text(text)
    picture = "testsrc2=s=1280x720:r=25:d=8,noise=all_strength=24:all_flags=t,format=yuv420p"
    run(
        FFMPEG, "-v", "error", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=d=8",
        "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "40M", "-maxrate", "40M",
        "-bufsize", "40M", "-g", "50", "-c:a", "aac", "-ac", "2", str(short),
    )  # fmt: skip
    turns = max(size // short.stat().st_size, 1)
    run(
        FFMPEG,
        "-v",
        "error",
        "-stream_loop",
        str(turns - 1),
        "-i",
        str(short),
        "-c",
        "copy",
        str(clip),
    )
    short.unlink()
    return clip


def first_release(place: Path, clip: Path) -> tuple[str, Path]:
    """The eight words of a throw-away publisher, and the folder of its first release."""
    home = ["--home", str(place / "home")]
    made = run(str(PACKAGER), *home, "publisher", "new", "bench", "--no-passphrase", "--json")
    packed = run(*pack_command(place, clip, place / "first"), "--json")
    return json.loads(made)["words"], Path(json.loads(packed)["release"])


def pack_command(place: Path, clip: Path, out: Path) -> Command:
    """Our side: the camera's picture kept, joined with card and end card, sealed, hashed."""
    return [
        str(PACKAGER), "--home", str(place / "home"), "pack", str(clip.parent), "--as", "movie",
        "--publisher", "bench", "--copy", "--date", "2026-01-01",
        "--out", str(out),
    ]  # fmt: skip


def pack_row(place: Path, clip: Path, rounds: int) -> None:
    """``pack --copy`` beside a bare copy with ffmpeg and one pass of hashing."""
    ours, theirs = [], []
    for turn in range(rounds):
        ours.append(timed([pack_command(place, clip, place / f"out{turn}")]))
        copy = place / f"copy{turn}.mkv"
        remux = [
            FFMPEG, "-v", "error", "-i", str(clip), "-c", "copy",
            "-bsf:v", "filter_units=remove_types=6", str(copy),
        ]  # fmt: skip
        theirs.append(timed([remux, [sys.executable, __file__, "--hash", str(copy)]]))
        run("rm", "-rf", str(copy), str(place / f"out{turn}"))
    show("pack --copy", best(ours), "ffmpeg -c copy, then SHA-1 and SHA-256", best(theirs))


def book_row(place: Path, rounds: int) -> None:
    """``pack --as book``: 1,500 words and five pictures, beside packing the same files as ZIP."""
    report = an_article(place / "article")
    ours, theirs = [], []
    for turn in range(rounds):
        out = place / f"book{turn}"
        command = [
            str(PACKAGER), "--home", str(place / "home"), "pack", str(report), "--as", "book",
            "--publisher", "bench", "--date", "2026-01-01", "--out", str(out),
        ]  # fmt: skip
        ours.append(timed([command]))
        files = sorted(map(str, report.iterdir()))
        archive = [sys.executable, "-m", "zipfile", "-c", str(out / "plain.zip"), *files]
        theirs.append(timed([archive]))
    show("pack book", best(ours), "python -m zipfile", best(theirs))


def article_row(place: Path, rounds: int) -> None:
    """``pack --as movie``: the same article as screens, beside encoding its length in full."""
    ours, theirs = [], []
    film = Path()
    for turn in range(rounds):
        out = place / f"screens{turn}"
        command = [
            str(PACKAGER), "--home", str(place / "home"), "pack", str(place / "article"),
            "--as", "movie", "--publisher", "bench", "--date", "2026-01-01", "--out", str(out),
        ]  # fmt: skip
        ours.append(timed([command]))
        (film,) = out.rglob("*.mp4")
        moving = [
            FFMPEG, "-v", "error", "-f", "lavfi", "-i", MOVING,
            "-c:v", "libx264", "-preset", "veryfast", "-f", "null", "-",
        ]  # fmt: skip
        theirs.append(timed([moving]))
    with av.open(film) as media:
        length = (media.duration or 0) / 1_000_000
    show("pack movie", best(ours), f"encoding {PROOF} s that move", best(theirs))
    print(f"{'':12} {length:.0f} s of film: {length / best(ours).seconds:.1f} x real time")


def sound_row(place: Path, disguise: str, rounds: int) -> None:
    """``pack`` of the same article as sound, beside ffmpeg alone encoding what comes out."""
    ours, theirs = [], []
    seconds = 0.0
    for turn in range(rounds):
        out = place / f"{disguise}{turn}"
        command = [
            str(PACKAGER), "--home", str(place / "home"), "pack", str(place / "article"),
            "--as", disguise, "--publisher", "bench", "--date", "2026-01-01", "--out", str(out),
        ]  # fmt: skip
        ours.append(timed([command]))
        made = sorted(path for path in out.rglob("*") if path.suffix in {".mp3", ".m4b"})
        seconds = sum(length(path) for path in made)
        again = [
            [
                FFMPEG, "-v", "error", "-y", "-i", str(path), "-map", "0:a",
                str(place / f"again{path.suffix}"),
            ]
            for path in made
        ]  # fmt: skip
        theirs.append(timed(again))
    show(f"pack {disguise}", best(ours), "ffmpeg, encoding alone", best(theirs))
    print(f"{'':12} {seconds / best(ours).seconds:7.0f} x real time ({seconds / 60:.0f} minutes)")


def length(path: Path) -> float:
    """Seconds of sound in a file."""
    with av.open(str(path)) as sound:
        return (sound.duration or 0) / 1_000_000


def an_article(folder: Path) -> Path:
    """A report of 1,500 words in six sections with five photographs."""
    folder.mkdir()
    said = "At five in the morning the pipe below the tannery runs brown for forty minutes. " * 18
    parts = []
    for number in range(1, 6):
        noise = Image.effect_noise((1600, 1200), 40 + 10 * number)
        noise.convert("RGB").save(folder / f"{number}.jpg", quality=85)
        parts.append(f"## Section {number}\n\n{said}\n\n![Picture {number}]({number}.jpg)\n")
    text = "---\ntitle: A test of speed\nlanguage: en\n---\n" + "\n".join(parts)
    (folder / "report.md").write_text(text)
    return folder


def verify_rows(place: Path, release: Path, words: str, rounds: int) -> None:
    """``verify`` beside a plain checksum and beside minisign."""
    film = max(release.rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    key, public, minisign = place / "key", place / "key.pub", tool("minisign")
    run(minisign, "-G", "-W", "-p", str(public), "-s", str(key))
    run(minisign, "-S", "-s", str(key), "-m", str(film), "-x", str(place / "film.minisig"))
    sides = {
        "verify": [str(PACKAGER), "verify", str(film), "--words", words],
        "sha256sum": [tool("sha256sum"), str(film)],
        "minisign -V -H": [
            minisign, "-V", "-H", "-p", str(public), "-m", str(film),
            "-x", str(place / "film.minisig"),
        ],
    }  # fmt: skip
    costs = {name: [timed([command])] for name, command in sides.items()}
    for _ in range(rounds - 1):
        for name, command in sides.items():
            costs[name].append(timed([command]))
    for other in ("sha256sum", "minisign -V -H"):
        show("verify", best(costs["verify"]), other, best(costs[other]))


def timed(commands: list[Command]) -> Cost:
    """Run commands one after the other."""
    start, memory = time.perf_counter(), 0
    for command in commands:
        with tempfile.TemporaryFile() as words:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT
            )
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                words.seek(0)
                sys.exit(f"{shlex.join(command)}\n{words.read().decode(errors='replace')}")
        memory = max(memory, usage.ru_maxrss * 1024)
    return Cost(time.perf_counter() - start, memory)


def best(costs: list[Cost]) -> Cost:
    """The least time; the most memory."""
    return Cost(min(one.seconds for one in costs), max(one.memory for one in costs))


def show(our_name: str, ours: Cost, other_name: str, other: Cost) -> None:
    """One row."""
    print(
        f"{our_name:12} {ours.seconds:7.2f} s {ours.memory / 2**20:5.0f} MiB   "
        f"{other_name:40} {other.seconds:7.2f} s {other.memory / 2**20:5.0f} MiB   "
        f"ratio {ours.seconds / other.seconds:.2f}"
    )


def run(*command: str) -> str:
    """What a command says."""
    done = subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"{shlex.join(command)}\n{done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def tool(name: str) -> str:
    """The path of a Debian program."""
    return shutil.which(name, path=PLACES) or sys.exit(f"{name} is missing; try `make tools`")


def hash_on_all_cores(path: Path) -> None:
    """One read of a file, each part hashed twice."""
    with path.open("rb", buffering=0) as file, ThreadPoolExecutor(os.cpu_count()) as pool:
        while parts := [part for _ in range(16) if (part := file.read(CHUNK))]:
            jobs = [pool.submit(kind, part) for part in parts for kind in (sha1, sha256)]
            for job in jobs:
                job.result()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="how fast we are beside other tools")
    parser.add_argument("--mebibytes", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("folder", nargs="?", help="where three times that size fits")
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--hash"]:
        hash_on_all_cores(Path(sys.argv[2]))
    else:
        main()
