"""Plans and materials for films of a few seconds, and eyes that look at the result."""

import io
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import av
import clips
from PIL import Image

from packager import film
from packager.clip import clip_of
from packager.disguise.items import Chapter, Container, FilmItem, Page, Part, PartKind, Poster
from packager.subtitles import Cue
from packager.values import Language, RelativePath

SCRIPT = """[Script Info]
ScriptType: v4.00+
PlayResX: 640
PlayResY: 360
WrapStyle: 2

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, BorderStyle, Outline, Alignment, Encoding
Style: A,Noto Sans,40,&H00FFFFFF,0,1,0,5,-1

[Events]
Format: Layer, Start, End, Style, Text
Dialogue: 0,0:00:00.00,0:01:00.00,A,%s
"""
CUES = (Cue(0, 1500, ("Первая",)), Cue(1600, 9_000_000, ("Последняя",)))


def plan(
    container: Container = Container.MP4,
    *,
    clips: int = 1,
    cover: bool = False,
    copy: bool = False,
    frame: tuple[int, int] = (640, 360),
    seed: bytes = b"v" * 32,
) -> FilmItem:
    parts = [
        Part(PartKind.POSTER, Fraction(1)),
        Part(PartKind.CARD, Fraction(2), (Page("card", ()),)),
        *(Part(PartKind.REPORT, media=index) for index in range(clips)),
        Part(PartKind.END, Fraction(1), (Page("end", ()),)),
    ]
    if cover:
        parts.append(Part(PartKind.COVER))
    return FilmItem(
        path=RelativePath(f"name.{container}"),
        container=container,
        language=Language.RU,
        seed=seed,
        frame=frame,
        copy=copy,
        parts=tuple(parts),
        chapters=(Chapter("Глава 1", 0), Chapter("Глава 2; = # \\", 2)),
        poster=Poster("title", "line", b"seed", Language.RU),
    )


def materials(plan: FilmItem, paths: list[Path], cover: Path | None = None) -> film.Materials:
    backdrop = io.BytesIO()
    Image.new("RGB", plan.frame, (120, 40, 20)).save(backdrop, "png")
    ours = {PartKind.REPORT: None, PartKind.COVER: None}
    return film.Materials(
        stories=(tuple(clip_of(path) for path in paths),),
        scripts=tuple(ours.get(p.kind, SCRIPT % f"Привет {p.kind}") for p in plan.parts),
        backdrop=backdrop.getvalue(),
        cover=clip_of(cover) if cover else None,
        subtitles=((Language.RU, CUES),),
    )


def make(work: Path, plan: FilmItem, paths: list[Path], cover: Path | None = None) -> film.Film:
    work.mkdir()
    return film.make(plan, materials(plan, paths, cover), work, lambda _: None)


def pictures(path: Path) -> list[str]:
    """Digests of all decoded pictures, by a decoder in this process."""
    with av.open(str(path)) as media:
        return [
            sha256(b"".join(bytes(plane) for plane in frame.planes)).hexdigest()
            for frame in media.decode(video=0)
        ]


def look(path: Path, second: float) -> Image.Image:
    """The picture that shows at a second of a film."""
    with av.open(str(path)) as media:
        shown = None
        for frame in media.decode(video=0):
            if shown is not None and (frame.time or 0) > second:
                break
            shown = frame
        assert shown is not None
        picture = shown.to_image()  # type: ignore[no-untyped-call]
        assert isinstance(picture, Image.Image)
        return picture


def traces(path: Path) -> list[str]:
    """What a camera or an encoder left in a file, in any spelling that tools use."""
    data = path.read_bytes()
    return [
        word
        for word in (*clips.PLANTED, *clips.MUXER_TRACES)
        for coding in ("utf-8", "utf-16-le", "utf-16-be")
        if word.encode(coding) in data
    ]
