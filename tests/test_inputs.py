"""Bad input: one clear error with a hint, the right exit code, nothing written, nothing leaked."""

import os
from collections.abc import Callable
from pathlib import Path

import av
import pytest
import sealed
from commands import SAMPLE, Command, throwaway
from tools import tool

pytestmark = [pytest.mark.slow, pytest.mark.tool]
CANARY = "canary-7c1f"
HEAD = "---\nlanguage: en\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Command:
    return throwaway(tmp_path_factory.mktemp("home"))


def report(folder: Path, front: str = "") -> Path:
    folder.mkdir()
    (folder / "report.md").write_text(f"{HEAD}{front}---\nwords\n", encoding="utf-8")
    return folder


def text_named_mp4(at: Path) -> Path:
    (at / "clip.mp4").write_text("this is no film\n", encoding="utf-8")
    return at / "clip.mp4"


def playlist(at: Path) -> Path:
    secret = at / "secret.txt"
    secret.write_text(CANARY, encoding="utf-8")
    lines = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n"
    (at / "clip.mp4").write_text(lines, encoding="utf-8")
    return at / "clip.mp4"


def concat_script(at: Path) -> Path:
    (at / "secret.txt").write_text(CANARY, encoding="utf-8")
    (at / "clip.mkv").write_text("ffconcat version 1.0\nfile secret.txt\n", encoding="utf-8")
    return at / "clip.mkv"


def truncated(at: Path) -> Path:
    data = (SAMPLE / "clip.mp4").read_bytes()
    (at / "clip.mp4").write_bytes(data[: len(data) * 2 // 3])
    return at / "clip.mp4"


def damaged(at: Path) -> Path:
    data = bytearray(sealed.film_bytes("mkv"))
    for place in range(len(data) // 4, len(data), 37):
        data[place] ^= 0xFF
    (at / "clip.mkv").write_bytes(bytes(data))
    return at / "clip.mkv"


def empty(at: Path) -> Path:
    (at / "clip.mp4").touch()
    return at / "clip.mp4"


def fifo(at: Path) -> Path:
    os.mkfifo(at / "clip.mp4")
    return at / "clip.mp4"


def link_out_of_the_folder(at: Path) -> Path:
    (at / "outside.mp4").write_bytes((SAMPLE / "clip.mp4").read_bytes())
    folder = report(at / "report", "media: [clip.mp4]\n")
    (folder / "clip.mp4").symlink_to(at / "outside.mp4")
    return folder


def climbing(at: Path) -> Path:
    return report(at / "report", "media: [../secret.mp4]\n")


def bidi_name(at: Path) -> Path:
    path = at / "clip\u202e4pm.mp4"
    path.write_bytes((SAMPLE / "clip.mp4").read_bytes())
    return path


def long_name(at: Path) -> Path:
    return report(at / "report", f"media: [{'x' * 300}.mp4]\n")


def no_report(at: Path) -> Path:
    (at / "folder").mkdir()
    return at / "folder"


def missing_clip(at: Path) -> Path:
    return report(at / "report", "media: [gone.mp4]\n")


def unknown_key(at: Path) -> Path:
    return report(at / "report", "medai: [clip.mp4]\n")


def unknown_language(at: Path) -> Path:
    folder = at / "report"
    folder.mkdir()
    (folder / "report.md").write_text("---\nlanguage: tlh\n---\n", encoding="utf-8")
    return folder


def yaml_bomb(at: Path) -> Path:
    return report(at / "report", "title: &a [x]\nsummary: *a\n")


def nothing_in_it(at: Path) -> Path:
    folder = report(at / "report")
    (folder / "report.md").write_text(f"{HEAD}---\n", encoding="utf-8")
    return folder


def broken_picture(at: Path) -> Path:
    folder = report(at / "report")
    (folder / "report.md").write_text(f"{HEAD}---\n![](yard.jpg)\n", encoding="utf-8")
    (folder / "yard.jpg").write_bytes((SAMPLE / "pipe.jpg").read_bytes()[:900])
    return folder


def not_there(at: Path) -> Path:
    return at / "nothing"


CASES: list[tuple[Callable[[Path], Path], str]] = [
    (text_named_mp4, "clip.mp4"),
    (playlist, "clip.mp4"),
    (concat_script, "clip.mkv"),
    (truncated, "clip"),
    (damaged, "damaged"),
    (empty, "empty"),
    (fifo, "not a plain file"),
    (link_out_of_the_folder, "is a link"),
    (climbing, "report.md line 3: media"),
    (bidi_name, "invisible or direction"),
    (long_name, "report.md line 3: media"),
    (no_report, "no report.md"),
    (missing_clip, "is not there"),
    (unknown_key, "line 3: unknown key 'medai'"),
    (unknown_language, "report.md line 2: no templates"),
    (yaml_bomb, "anchors and tags"),
    (nothing_in_it, "nothing to show"),
    (broken_picture, "yard.jpg: it is damaged"),
    (not_there, "is not there"),
]


@pytest.mark.parametrize(("make", "fact"), CASES, ids=[make.__name__ for make, _ in CASES])
def test_bad_input_gets_one_error(
    make: Callable[[Path], Path], fact: str, desk: Command, tmp_path: Path
) -> None:
    source = make(tmp_path)
    trace = tmp_path / "trace"
    strace = (tool("strace"), "-f", "-qq", "--seccomp-bpf")
    watched = Command(
        desk.home,
        wrap=(*strace, "-e", "trace=%network,openat,open", "-o", str(trace)),
    )

    done = watched("pack", source, "--as", "movie", "--quality", "480p", "--out", tmp_path / "out")

    assert done.code == 4, done.err
    errors = [line for line in done.err.splitlines() if line.startswith("error: ")]
    hints = [line for line in done.err.splitlines() if line.startswith("hint: ")]
    assert (len(errors), len(hints) >= 1) == (1, True), done.err
    assert fact in errors[0]
    assert len(errors) + len(hints) == len(done.err.splitlines())
    assert CANARY not in done.err + done.out
    assert "\u202e" not in done.err
    assert not (tmp_path / "out").exists()
    seen = trace.read_text(encoding="utf-8", errors="replace")
    assert "secret." not in seen.replace(str(source), "").replace("secrets.", "")
    assert "AF_INET" not in seen


def test_a_lone_clip_with_a_betraying_name_leaves_no_trace_of_it(
    desk: Command, tmp_path: Path
) -> None:
    clip = tmp_path / "interview-with-ivan.mkv"
    clip.write_bytes(sealed.film_bytes("mkv"))

    done = desk(
        *("pack", clip, "--as", "movie", "--language", "fa", "--byline", "Ivan Petrovich"),
        *("--quality", "480p", "--out", tmp_path / "out", "--json"),
    )

    assert done.code == 0, done.err
    release = Path(done.facts["release"])
    everything = b"".join(p.read_bytes() for p in release.rglob("*") if p.is_file())
    assert b"interview" not in everything
    with av.open(str(next(release.glob("*.mp4")))) as made:
        ours = (made.duration or 0) / av.time_base - (1 + 10 + 2)  # poster, card, the clip itself
        assert ours == pytest.approx(8 * round(ours / 8), abs=0.2)  # the rest is end pages
    back = desk("unpack", release, "--out", tmp_path / "back", "--json")
    assert back.code == 0, back.err
    text = (tmp_path / "back" / "report.md").read_text(encoding="utf-8")
    assert text == "---\nbyline: Ivan Petrovich\nlanguage: fa\n---\n"


@pytest.mark.parametrize(
    ("extra", "code", "fact"),
    [
        (("--tracker", "ftp://x/announce"), 4, "tracker"),
        (("--tracker", "wss://x/announce"), 4, "tracker"),
        (("--audience", "public"), 2, "needs a decision"),
        (("--cover", str(SAMPLE / "clip.mp4")), 2, "right to use it"),
        (("--date", "yesterday"), 2, "not a date"),
        (("--expires", "2027-13-01"), 2, "not a date"),
        (("--date", "2026-05-31", "--expires", "2026-05-30"), 2, "before its own date"),
        (("--publisher", "nobody"), 2, "no publisher 'nobody'"),
        (("--copy", "--container", "mp4"), 4, "cannot be copied"),
        (("--title", "What flows into Lake Ostrel"), 4, "words of the report"),
    ],
)
def test_bad_options_are_refused_before_work(
    extra: tuple[str, ...], code: int, fact: str, desk: Command, tmp_path: Path
) -> None:
    quick = ("--as", "movie", "--quality", "480p", "--out", tmp_path / "out")

    done = desk("pack", SAMPLE, *quick, *extra)

    assert done.code == code, done.err
    assert fact in done.err
    assert "hint: " in done.err
    assert not (tmp_path / "out").exists()


def test_a_synced_folder_is_refused_unless_allowed(desk: Command, tmp_path: Path) -> None:
    out = tmp_path / "OneDrive - Desk" / "out"

    done = desk("pack", SAMPLE, "--as", "movie", "--out", out)

    assert done.code == 4
    assert "synced cloud folder" in done.err
    assert not out.parent.exists()
    home = Command(tmp_path / "Dropbox" / "home")
    assert home("publisher", "new", "desk", "--no-passphrase").code == 4
    assert not home.home.exists()
    allow = ("--allow", "synced-folder")
    assert home("publisher", "new", "desk", "--no-passphrase", *allow).code == 0
