"""The last run: join the pieces, bring them to one loudness, encode, and write tags and cover."""

import re
from collections.abc import Callable
from pathlib import Path

import ffmpeg as builder

from packager import ffmpeg
from packager.disguise.items import SoundItem
from packager.ffmpeg import Stream
from packager.sound import levels
from packager.sound.materials import Laid, Piece
from packager.sound.pieces import PIECE, SAMPLE_RATE, laid_out

_CHAPTERS = f"{PIECE}-chapters.txt"
_COVER = f"{PIECE}-cover.jpg"
_SPECIAL = re.compile(r"([=;#\\\n])")
_CLEAN: dict[str, object] = {
    "map_metadata:g": -1,
    "map_metadata:s": -1,  # those of chapters stay: their titles are ours
    "dn": None,
    "fflags": "+bitexact",
    "flags:a": "+bitexact",
    "ar": SAMPLE_RATE,
    "c:v": "copy",
    "disposition:v:0": "attached_pic",
}


def encode(
    item: SoundItem,
    laid: Laid,
    cover: bytes,
    target: str,
    work: Path,
    progress: Callable[[float], None],
) -> None:
    """Write ``target`` in the folder ``work``."""
    (work / _COVER).write_bytes(cover)
    (work / _CHAPTERS).write_text(_marks(item, laid), "utf-8")
    joined = builder.concat(
        *(_levelled(piece, item.channels) for piece in laid.pieces), n=len(laid.pieces), v=0, a=1
    )
    picture = ffmpeg.made(_COVER, "image2", pattern_type="none")
    marks = ffmpeg.made(_CHAPTERS, "ffmetadata")
    kind = _m4b(item) if item.path.suffix == ".m4b" else _mp3(item)
    output = builder.output(
        joined,
        picture["v:0"],
        marks["d?"],
        target,
        **_CLEAN,
        **kind,
        **_tags(item),
        map_chapters="",
    )
    seconds = laid.starts[-1]
    ffmpeg.run(output, work=work, seconds=seconds, progress=progress, chapters=_CHAPTERS)


def _levelled(piece: Piece, channels: int) -> Stream:
    heard = ffmpeg.made(piece.name, "wav")
    even = (
        laid_out(heard, channels)
        .filter("volume", f"{piece.gain}dB")
        .filter("alimiter", limit=levels.CEILING, level=0, latency=1)
    )
    return even.filter("apad", pad_len=round(piece.pause * SAMPLE_RATE)) if piece.pause else even


def _mp3(item: SoundItem) -> dict[str, object]:
    return {
        "c:a": "libmp3lame",
        "q:a": 0,  # V0, the best of its variable rates
        "ac": item.channels,
        "format": "mp3",
        "id3v2_version": 3,
        "write_id3v1": 0,
        "metadata:s:v:0": "comment=Cover (front)",
    }


def _m4b(item: SoundItem) -> dict[str, object]:
    return {
        "c:a": "aac",
        "aac_coder": "fast",  # the other takes three times as long, and speech gains nothing
        "b:a": f"{item.kbit}k",
        "ac": item.channels,
        "format": "ipod",
        "brand": "M4B ",
        "movflags": "+faststart",
        "empty_hdlr_name": 1,
        "metadata:s:a:0": f"language={item.language.iso_639_2}",
    }


def _tags(item: SoundItem) -> dict[str, str]:
    tags = item.tags
    said = [
        f"title={tags.title}",
        f"artist={tags.artist}",
        f"album={tags.album}",
        f"album_artist={tags.album_artist}",
        f"track={tags.track}/{tags.tracks}",
        f"date={tags.year}",
        f"genre={tags.genre}",
    ]
    if item.path.suffix == ".m4b":
        said.append("media_type=2")
    return {f"metadata:g:{number}": one for number, one in enumerate(said)}


def _marks(item: SoundItem, laid: Laid) -> str:
    """Chapter marks as ffmpeg reads them."""
    begins = [round(laid.starts[chapter.part] * 1000) for chapter in item.chapters]
    ends = [*begins[1:], round(laid.starts[-1] * 1000)][: len(begins)]
    lines = [";FFMETADATA1"]
    for chapter, begin, end in zip(item.chapters, begins, ends, strict=True):
        title = _SPECIAL.sub(r"\\\1", chapter.title)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={begin}", f"END={end}", f"title={title}"]
    return "\n".join(lines) + "\n"
