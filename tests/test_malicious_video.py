"""Videos made to read a file of ours or to call somebody: through the real `pack`, they do neither.

Every trick names a canary of its own and a port that listens. One process packs them all under
``strace``; no canary may be opened, no socket made, nothing of a canary may stand in any output.
The same tricks are shown to a careless ffmpeg first, which falls for several of them.
"""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sealed
from commands import throwaway
from test_box import ALL, listener, moved
from tools import tool

from packager import ffmpeg

pytestmark = [pytest.mark.slow, pytest.mark.tool, pytest.mark.swarm]
SECRET = "canary-51c0ffee"
Trick = Callable[[Path, int], bytes]
_HLS = (
    "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:9\n{more}#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n"
)
_DASH = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"'
    ' mediaPresentationDuration="PT9S"><Period><BaseURL>{url}</BaseURL><AdaptationSet'
    ' mimeType="video/mp4"><Representation id="1" bandwidth="9"><BaseURL>{url}</BaseURL>'
    "</Representation></AdaptationSet></Period></MPD>"
)


def _hls(url: str, more: str = "") -> Trick:
    return lambda canary, port: _HLS.format(
        url=url.format(canary=canary, port=port), more=more.format(canary=canary, port=port)
    ).encode()


def _text(text: str) -> Trick:
    return lambda canary, port: text.format(canary=canary, port=port).encode()


def _behind(head: bytes, trick: Trick) -> Trick:
    """A trick behind the first bytes of something that is taken."""
    return lambda canary, port: head + trick(canary, port)


def _transport(canary: Path, port: int) -> bytes:
    """An HLS playlist with the mark of MPEG-TS every 188 bytes."""
    text = bytearray(_hls("file://{canary}")(canary, port).ljust(188 * 30, b"\n"))
    text[::188] = b"G" * len(text[::188])
    return bytes(text)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _reference(url: str) -> Trick:
    """A QuickTime film that is nothing but the address of another one."""

    def make(canary: Path, port: int) -> bytes:
        address = url.format(canary=canary, port=port).encode() + b"\0"
        entry = _box(b"rdrf", bytes(4) + b"url " + struct.pack(">I", len(address)) + address)
        film = _box(b"moov", _box(b"rmra", _box(b"rmda", entry)))
        return _box(b"ftyp", b"qt  \0\0\0\0qt  ") + film

    return make


def _elsewhere(url: str) -> Trick:
    """A film whose samples are said to stand at an address (``dref`` of type ``url``)."""

    def make(canary: Path, port: int) -> bytes:
        data = bytearray(sealed.film_bytes("mp4"))
        address = url.format(canary=canary, port=port).encode() + b"\0"
        while (at := data.find(b"url \0\0\0\1")) >= 0:
            data[at + 7] = 0
            data[at + 8 : at + 8] = address
            for kind in (b"url ", b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
                place = data.rindex(kind, 0, at + 4) - 4
                (size,) = struct.unpack(">I", data[place : place + 4])
                data[place : place + 4] = struct.pack(">I", size + len(address))
        return bytes(data)

    return make


def _alias(canary: Path, port: int) -> bytes:
    del port
    return moved(sealed.film_bytes("mp4"), canary)


_FILE, _WEB = "file://{canary}", "http://127.0.0.1:{port}/x.ts"
TRICKS: dict[str, tuple[str, Trick]] = {
    "hls file": ("mp4", _hls(_FILE)),
    "hls bare name": ("mp4", _hls("{canary}")),
    "hls web": ("mp4", _hls(_WEB)),
    "hls tcp": ("mkv", _hls("tcp://127.0.0.1:{port}")),
    "hls key file": ("mp4", _hls(_WEB, '#EXT-X-KEY:METHOD=AES-128,URI="{canary}"\n')),
    "hls key web": ("mp4", _hls(_FILE, '#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1:{port}/"\n')),
    "hls map": ("mp4", _hls(_WEB, '#EXT-X-MAP:URI="{canary}"\n')),
    "hls subfile": ("mp4", _hls("subfile,,start,0,end,64,,:{canary}")),
    "hls concat": ("mp4", _hls("concat:{canary}|http://127.0.0.1:{port}/")),
    "hls data": ("mp4", _hls("data:text/plain;base64,I0VYVE0zVQ==")),
    "hls crypto": ("mp4", _hls("crypto:{canary}")),
    "hls with spaces": ("mp4", _behind(b"\xef\xbb\xbf\r\n ", _hls(_FILE))),
    "hls behind id3": ("mp3", _behind(b"ID3\3\0\0\0\0\0\0", _hls(_FILE))),
    "hls behind riff": ("avi", _behind(b"RIFF\xff\0\0\0AVI ", _hls(_FILE))),
    "hls behind ogg": ("ogg", _behind(b"OggS\0\2" + bytes(20), _hls(_FILE))),
    "hls behind ebml": ("mkv", _behind(b"\x1aE\xdf\xa3\x80", _hls(_FILE))),
    "hls behind ftyp": ("mp4", _behind(_box(b"ftyp", b"isom\0\0\0\0"), _hls(_FILE))),
    "hls in transport": ("ts", _transport),
    "hls master": ("mp4", _text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{canary}\n")),
    "ffconcat file": ("mp4", _text("ffconcat version 1.0\nfile {canary}\n")),
    "ffconcat web": ("mkv", _text("ffconcat version 1.0\nfile http://127.0.0.1:{port}/\n")),
    "ffconcat subfile": ("mkv", _text("ffconcat version 1.0\nfile subfile,,start,0,end,9,,:{canary}\n")),
    "dash file": ("mp4", _text(_DASH.replace("{url}", "file://{canary}"))),
    "dash web": ("mp4", _text(_DASH.replace("{url}", "http://127.0.0.1:{port}/"))),
    "sdp": ("mp4", _text("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n")),
    "metadata": ("mp4", _text(";FFMETADATA1\ntitle={canary}\n")),
    "winamp playlist": ("mp4", _text("[playlist]\nFile1={canary}\nFile2=http://127.0.0.1:{port}/\n")),
    "asx": ("mp4", _text('<asx version="3.0"><entry><ref href="http://127.0.0.1:{port}/"/></entry></asx>')),
    "smil": ("mp4", _text('<smil><body><video src="file://{canary}"/></body></smil>')),
    "xspf": ("mp4", _text('<playlist xmlns="http://xspf.org/ns/0/"><trackList><track><location>file://{canary}</location></track></trackList></playlist>')),
    "svg": ("mp4", _text('<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{canary}"/></svg>')),
    "avisynth": ("mp4", _text('DirectShowSource("{canary}")\n')),
    "reference film file": ("mov", _reference(_FILE)),
    "reference film web": ("mov", _reference(_WEB)),
    "dref url file": ("mp4", _elsewhere(_FILE)),
    "dref url web": ("mp4", _elsewhere(_WEB)),
    "dref alias": ("mov", _alias),
}  # fmt: skip
FALLEN_FOR = {"hls file", "hls bare name", "hls web", "ffconcat file", "ffconcat web"}
IGNORED = {"dref url file", "dref url web"}  # our decoder takes the samples from the file itself
DRIVER = """
import json, sys
from packager import cli
print(json.dumps([cli.run(arguments) for arguments in json.load(sys.stdin)]))
"""


def lay(folder: Path, port: int) -> dict[str, tuple[Path, Path]]:
    """The evil file and the canary of every trick."""
    made = {}
    for number, (name, (suffix, make)) in enumerate(TRICKS.items()):
        room = folder / f"{number:02}"
        room.mkdir(parents=True)
        canary = room / f"canary{number:02}.ts"
        canary.write_text(f"#EXTM3U\n{SECRET}\n" * 40, encoding="ascii")
        evil = room / f"clip.{suffix}"
        evil.write_bytes(make(canary, port))
        made[name] = evil, canary
    return made


def traced(trace: Path, command: list[str], given: str) -> "subprocess.CompletedProcess[str]":
    watch = [tool("strace"), "-f", "-qq", "--seccomp-bpf", "-e", "trace=%network,open,openat"]
    return subprocess.run(
        [*watch, "-o", str(trace), *command], input=given, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip


def test_a_careless_ffmpeg_falls_for_them(tmp_path: Path) -> None:
    fell = set()
    open_all = [
        str(ffmpeg.binary()),
        "-nostdin",
        "-rw_timeout",
        "900000",
        "-protocol_whitelist",
        ALL,
    ]
    as_list = ["-f", "concat", "-safe", "0"]
    as_stream = ["-f", "hls", "-allowed_extensions", "ALL", "-extension_picky", "0"]
    with listener() as (port, came):
        for name, (evil, canary) in lay(tmp_path, port).items():
            how = as_list if name.startswith("ffconcat") else as_stream
            if name in FALLEN_FOR:
                command = [*open_all, *how, "-i", str(evil), "-f", "null", "-"]
                traced(tmp_path / "trace", command, "")
                trace = (tmp_path / "trace").read_text(encoding="utf-8", errors="replace")
                if canary.name in trace or f"htons({port})" in trace:
                    fell.add(name)

    assert fell == FALLEN_FOR
    assert came


def test_pack_and_probe_fall_for_none(tmp_path: Path) -> None:
    desk = throwaway(tmp_path / "home")
    with listener() as (port, came):
        made = lay(tmp_path / "tricks", port)
        jobs = [
            ["--home", str(desk.home), "pack", str(evil), "--as", "movie", "--language", "en",
             "--quality", "480p", "--out", str(evil.parent / "out")]
            for evil, _ in made.values()
        ]  # fmt: skip
        done = traced(tmp_path / "trace", [sys.executable, "-c", DRIVER], json.dumps(jobs))
    assert came == []
    trace = (tmp_path / "trace").read_text(encoding="utf-8", errors="replace")
    codes = dict(zip(made, json.loads(done.stdout.splitlines()[-1]), strict=True))

    assert {
        name: code for name, code in codes.items() if code != (0 if name in IGNORED else 4)
    } == {}
    assert "canary" not in trace.replace(str(tmp_path), ""), "a canary was opened"
    assert "AF_INET" not in trace
    assert SECRET not in done.stdout + done.stderr
    assert done.stderr.count("error: ") == len(TRICKS) - len(IGNORED)
    for name, (evil, canary) in made.items():
        out = {evil.parent / "out"} if name in IGNORED else set()
        assert set(evil.parent.iterdir()) == {evil, canary} | out, "something was left behind"
        for path in evil.parent.glob("out/**/*"):
            assert path.is_dir() or SECRET.encode() not in path.read_bytes()


def test_a_cover_or_a_subtitle_tricks_nobody_either(tmp_path: Path) -> None:
    desk = throwaway(tmp_path / "home")
    with listener() as (port, came):
        made = lay(tmp_path / "tricks", port)
        report = tmp_path / "report"
        report.mkdir()
        (report / "clip.mp4").write_bytes(sealed.film_bytes("mp4"))
        front = "language: en\nmedia: [clip.mp4]\nsubtitles: [evil.srt]"
        (report / "report.md").write_text(f"---\n{front}\n---\nwords\n", encoding="utf-8")
        (report / "evil.srt").write_bytes(made["hls file"][0].read_bytes())
        clean = tmp_path / "clean.mp4"
        clean.write_bytes(sealed.film_bytes("mp4"))
        base = ["--home", str(desk.home), "pack"]
        words = ["--as", "movie", "--quality", "480p", "--out", str(tmp_path / "out")]
        cover = ["--cover", str(made["ffconcat file"][0]), "--cover-licence", "none"]
        jobs = [
            [*base, str(report), *words],
            [*base, str(clean), "--language", "en", *words, *cover],
        ]
        done = traced(tmp_path / "trace", [sys.executable, "-c", DRIVER], json.dumps(jobs))
    assert came == []
    trace = (tmp_path / "trace").read_text(encoding="utf-8", errors="replace")

    assert json.loads(done.stdout.splitlines()[-1]) == [4, 4]
    assert "canary" not in trace
    assert "AF_INET" not in trace
    assert not (tmp_path / "out").exists()
