"""Films whose picture is copied: the same pictures, seen by two decoders, and no complaint."""

import json
import subprocess
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import clips
import films
import pytest
from hostile.build import ebml
from tools import tool

from packager import film, inspection, probe
from packager.container import mkv
from packager.disguise.items import Container
from packager.errors import InputRefused

pytestmark = [pytest.mark.slow, pytest.mark.tool]

COPIED = {
    "plain.mp4": (320, 180),
    "plain.mkv": (320, 180),
    "long.mp4": (320, 180),
    "surround.mp4": (320, 180),
    "silent.mp4": (320, 180),
    "ntsc.mp4": (320, 180),
    "fast.mp4": (320, 180),
    "variable.mp4": (320, 180),
    "timecode.mov": (320, 180),
    "anamorphic.mp4": (360, 288),
    "baseline.mp4": (320, 180),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp() / "clips"
    folder.mkdir(exist_ok=True)
    return folder


def frames(path: Path, work: Path) -> list[str]:
    """Digests of all pictures, by the ffmpeg program."""
    report = work / "frames.txt"
    clips.run(
        ["-i", str(path), "-map", "0:V:0", "-fps_mode", "passthrough", "-f", "framemd5"], report
    )
    lines = report.read_text().splitlines()
    return [line.rsplit(",", 1)[1].strip() for line in lines if not line.startswith("#")]


def inside(few: list[str], many: list[str]) -> int:
    """How often a run of pictures stands in a film without a gap."""
    return sum(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))


@pytest.mark.parametrize("name", COPIED)
def test_every_picture_of_the_clip_is_the_same(tmp_path: Path, shelf: Path, name: str) -> None:
    clip = clips.make(name, shelf)
    plan = films.plan(Container.MKV, copy=True, frame=COPIED[name], cover=name == "long.mp4")
    cover = clips.make("film.mp4", shelf) if name == "long.mp4" else None
    made = films.make(tmp_path / "w", plan, [clip], cover)
    assert clips.problems(made.path) == ""
    assert inside(frames(clip, tmp_path), frames(made.path, tmp_path)) == 1
    assert inside(films.pictures(clip), films.pictures(made.path)) == 1
    assert films.look(made.path, 2).getpixel((5, 5)) == pytest.approx((16, 20, 24), abs=4)
    assert films.traces(made.path) == []
    assert abs(probe.facts(made.path).duration - made.starts[-1]) < Fraction(1, 5)


def test_each_still_is_of_its_own_part(tmp_path: Path, shelf: Path) -> None:
    """Pages stand longer than a clip's pictures, and none may be taken for the next one."""
    plan = films.plan(Container.MKV, copy=True, frame=COPIED["plain.mp4"])
    made = films.make(tmp_path / "w", plan, [clips.make("plain.mp4", shelf)])
    middles = [(start + end) / 2 for start, end in pairwise(made.starts[:4])]
    for keys in (False, True):
        taken = film.stills(made.path, middles, tmp_path, keys=keys)
        alone = [film.stills(made.path, [one], tmp_path, keys=keys)[0] for one in middles]
        assert list(taken) == alone
        assert len(set(taken)) == len(middles)


def test_the_same_again_is_the_same_file(tmp_path: Path, shelf: Path) -> None:
    paths = [clips.make("plain.mp4", shelf), clips.make("front.mp4", shelf)]
    plan = films.plan(Container.MKV, copy=True, frame=(320, 180), clips=2)
    made = [films.make(tmp_path / name, plan, paths) for name in "ab"]
    assert len({sha256(one.path.read_bytes()).digest() for one in made}) == 1
    for clip in paths:
        assert inside(frames(clip, tmp_path), frames(made[0].path, tmp_path)) >= 1
    assert clips.problems(made[0].path) == ""


@pytest.mark.tool
@pytest.mark.parametrize("name", ["plain.mp4", "plain.mkv", "timecode.mov"])
def test_mkvmerge_has_nothing_to_say(tmp_path: Path, shelf: Path, name: str) -> None:
    plan = films.plan(Container.MKV, copy=True, frame=(320, 180))
    made = films.make(tmp_path / "w", plan, [clips.make(name, shelf)])
    told = json.loads(
        subprocess.run(
            [tool("mkvmerge"), "-J", str(made.path)], check=True, capture_output=True
        ).stdout
    )
    assert told["warnings"] == told["errors"] == told["global_tags"] == told["track_tags"] == []
    assert [track["type"] for track in told["tracks"]] == ["video", "audio", "subtitles"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("vp9.webm", "vp9"),
        ("deep.mkv", "HDR"),
        ("turned.mp4", "on its side"),
        ("camera.mts", "MP4, MOV and MKV"),
    ],
)
def test_what_cannot_be_copied(shelf: Path, name: str, why: str) -> None:
    facts = probe.facts(clips.make(name, shelf))
    assert why in (film.copy_problem([facts], Container.MKV) or "")


def test_what_was_cut_off_does_not_come_back(tmp_path: Path, shelf: Path) -> None:
    """A trimmed clip still holds the pictures before its first, a cropped one its margins."""
    whole = str(clips.make("silent.mp4", shelf))
    trimmed = clips.run(["-ss", "1.5", "-i", whole, "-c", "copy"], tmp_path / "trimmed.mp4")
    crop = "h264_metadata=crop_left=64"
    cropped = clips.run(["-i", whole, "-c", "copy", "-bsf:v", crop], tmp_path / "cropped.mp4")
    plan = films.plan(Container.MKV, copy=True, frame=(320, 180))
    for clip, why in ((trimmed, "trimmed"), (cropped, "cropped")):
        with pytest.raises(InputRefused, match=why) as caught:
            films.make(tmp_path / why, plan, [clip])
        assert "--copy" in caught.value.hints[0]
    kept = films.pictures(Path(trimmed))
    cut = set(films.pictures(Path(whole))) - set(kept)
    assert cut, "or nothing would be proved"
    said = " ".join(one.value for one in inspection.inspect(trimmed))
    assert "pictures that were cut off" in said


def children(data: bytes) -> list[tuple[str, bytes]]:
    """Name and body of the elements that stand in these bytes."""
    found, at = [], 0
    while at < len(data):
        name, length, head = mkv.element(lambda start, size: data[start : start + size], at)
        assert length is not None
        found.append((name.hex(), data[at + head : at + head + length]))
        at += head + length
    return found


def with_more(name: str, body: bytes) -> bytes:
    """An element of a film, with data beside each of its blocks."""
    match name:
        case "1f43b675" | "1654ae6b":
            return ebml(name, b"".join(with_more(*one) for one in children(body)))
        case "ae":
            return ebml(name, body + ebml("55ee", b"\1"))
        case "a3":
            more = ebml("a6", ebml("ee", b"\1") + ebml("a5", b"QUILL" * 4))
            return ebml("a0", ebml("a1", body) + ebml("75a1", more))
        case _:
            return ebml(name, body)


def test_data_beside_the_blocks_is_refused(tmp_path: Path) -> None:
    """BlockAdditions of Matroska, which ffmpeg hands from one file to the next."""
    drawn = "-f lavfi -i testsrc2=s=320x180:r=25:d=1 -pix_fmt yuv420p -c:v libx264"
    film_file = clips.run(drawn.split(), tmp_path / "plain.mkv")
    (_, head), (_, segment) = children(film_file.read_bytes())
    kept = [one for one in children(segment) if one[0] in {"1549a966", "1654ae6b", "1f43b675"}]
    clip = tmp_path / "more.mkv"
    body = b"".join(with_more(*one) for one in kept)
    clip.write_bytes(ebml("1a45dfa3", head) + ebml("18538067", body))
    plan = films.plan(Container.MKV, copy=True, frame=(320, 180))
    with pytest.raises(InputRefused, match="beside its pictures"):
        films.make(tmp_path / "w", plan, [clip])


def test_a_parameter_set_ends_where_its_meaning_does(tmp_path: Path) -> None:
    mark = b"QUILL" * 4
    drawn = "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -pix_fmt yuv420p -c:v libx264 -bf 0"
    stream = clips.run(drawn.split(), tmp_path / "film.h264")
    units = stream.read_bytes().split(b"\0\0\1")
    longer = [one.rstrip(b"\0") + mark + b"\0" if one[:1] == b"\x67" else one for one in units]
    stream.write_bytes(b"\0\0\1".join(longer))
    clip = clips.run(["-r", "25", "-i", str(stream), "-c", "copy"], tmp_path / "film.mp4")
    assert mark in clip.read_bytes(), "or nothing would be proved"
    plan = films.plan(Container.MKV, copy=True, frame=(320, 180))
    made = films.make(tmp_path / "w", plan, [clip])
    assert mark not in made.path.read_bytes()
    assert inside(films.pictures(clip), films.pictures(made.path)) == 1


def test_what_does_not_go_together(tmp_path: Path, shelf: Path) -> None:
    one = probe.facts(clips.make("plain.mp4", shelf))
    other = probe.facts(clips.make("fast.mp4", shelf))
    assert film.copy_problem([one, one], Container.MKV) is None
    assert "differ" in (film.copy_problem([one, other], Container.MKV) or "")
    assert "MKV" in (film.copy_problem([one], Container.MP4) or "")
    plan = films.plan(Container.MKV, copy=True, frame=(320, 180))
    with pytest.raises(InputRefused, match="vp9") as caught:
        films.make(tmp_path / "w", plan, [clips.make("vp9.webm", shelf)])
    assert "--copy" in caught.value.hints[0]


def test_a_seam_that_would_show_is_refused(tmp_path: Path, shelf: Path) -> None:
    """A clip that starts between key frames has nothing to be decoded by."""
    whole = clips.make("plain.mp4", shelf)
    torn = clips.run(
        ["-i", str(whole), "-c", "copy", "-bsf:v", "noise=drop=lt(n\\,5)"], tmp_path / "torn.mkv"
    )
    plan = films.plan(Container.MKV, copy=True, frame=(320, 180))
    with pytest.raises(InputRefused):
        films.make(tmp_path / "w", plan, [torn])
    assert not list((tmp_path / "w").glob("film*"))


def test_a_clip_cut_short_while_we_work_is_refused(tmp_path: Path, shelf: Path) -> None:
    clip = tmp_path / "front.mp4"
    clip.write_bytes(clips.make("front.mp4", shelf).read_bytes())
    plan = films.plan(Container.MKV, copy=True, frame=(320, 180))
    ready = films.materials(plan, [clip])
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size * 2 // 3])
    (tmp_path / "w").mkdir()
    with pytest.raises(InputRefused):
        film.make(plan, ready, tmp_path / "w", lambda _: None)
    assert not list((tmp_path / "w").glob("film*"))
