"""Pictures of the report: every kind read, nothing but pixels written, bad ones refused by name."""

import io
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageStat, PngImagePlugin
from tools import tool

from packager import pictures
from packager.errors import InputRefused, MachineFailed

pytestmark = [pytest.mark.slow, pytest.mark.tool]
pillow_heif.register_heif_opener()
CANARY = "canary-51ab"


def scene(size: tuple[int, int] = (240, 160)) -> Image.Image:
    """A picture with a red upper left and a blue lower right."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.paste((220, 30, 30), (0, 0, size[0] // 3, size[1] // 3))
    picture.paste((30, 30, 220), (size[0] * 2 // 3, size[1] * 2 // 3, *size))
    return picture


def tags(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, CANARY, CANARY
    exif.get_ifd(0x8825)[29] = "2024:05:06"
    return exif


def saved(path: Path, kind: str, **options: object) -> Path:
    scene().save(path, kind, **options)
    return path


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def unlike(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of one size, in levels."""
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other)).mean) / 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_every_kind_becomes_a_clean_one(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path / "any.name", kind, exif=tags())
    found = pictures.clean(path, 1000)
    assert (found.width, found.height) == (240, 160)
    assert CANARY.encode() not in found.data
    picture = opened(found.data)
    assert picture.mode == "RGB"
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert unlike(picture, scene()) < 6
    assert pictures.clean(path, 1000) == found


def test_exiftool_finds_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", "JPEG", exif=tags(), comment=CANARY)
    path.write_bytes(path.read_bytes() + CANARY.encode())
    (tmp_path / "clean.jpg").write_bytes(pictures.clean(path, 1000).data)
    words = [tool("exiftool"), "-a", "-G1", "-s", str(tmp_path / "clean.jpg")]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    groups = {line.split("]")[0].strip("[ ") for line in said.splitlines()}
    assert groups <= {"ExifTool", "System", "File", "JFIF", "Composite"}
    assert CANARY not in said


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(tmp_path: Path, orientation: int) -> None:
    turned = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = scene() if turned is None else scene().transpose(turned)
    stored.save(tmp_path / "a.png", exif=tags(orientation))
    found = pictures.clean(tmp_path / "a.png", 1000)
    assert unlike(opened(found.data), scene()) < 3


def test_the_longer_side_is_held(tmp_path: Path) -> None:
    scene((900, 300)).save(tmp_path / "a.jpg")
    found = pictures.clean(tmp_path / "a.jpg", 300)
    assert (found.width, found.height) == opened(found.data).size == (300, 100)


def test_photographs_become_jpegs_and_drawings_stay_png(tmp_path: Path) -> None:
    Image.effect_noise((300, 200), 90).convert("RGB").save(tmp_path / "photo.png")
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "plan.png")
    assert pictures.clean(tmp_path / "photo.png", 1000).suffix == "jpg"
    assert pictures.clean(tmp_path / "plan.png", 1000).suffix == "png"


def test_colours_are_those_of_every_screen(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    scene().save(tmp_path / "srgb.png", icc_profile=lab)
    assert unlike(opened(pictures.clean(tmp_path / "srgb.png", 500).data), scene()) < 3
    scene().save(tmp_path / "odd.png", icc_profile=b"no profile at all")
    assert unlike(opened(pictures.clean(tmp_path / "odd.png", 500).data), scene()) < 3


def flat_colour(path: Path) -> tuple[int, ...]:
    pixel = opened(pictures.clean(path, 500).data).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return tuple(round(level / 10) for level in pixel)


def test_unusual_pixels(tmp_path: Path) -> None:
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.new("I;16", (30, 20), 0x8000).save(tmp_path / "deep.png")
    Image.new("CMYK", (30, 20), (0, 255, 255, 0)).save(tmp_path / "print.jpg")
    Image.new("1", (30, 20), 1).save(tmp_path / "bits.tiff")
    assert flat_colour(tmp_path / "clear.png") == (26, 26, 26)
    assert flat_colour(tmp_path / "deep.png") == (13, 13, 13)
    assert flat_colour(tmp_path / "print.jpg") == (25, 0, 0)
    assert flat_colour(tmp_path / "bits.tiff") == (26, 26, 26)


def test_the_first_picture_of_a_moving_one(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "lime")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert flat_colour(tmp_path / "a.gif") == (26, 0, 0)


def bomb(path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(path, "PNG")


def broken(path: Path) -> None:
    path.write_bytes(saved(path, "JPEG").read_bytes()[:700])


def broken_png(path: Path) -> None:
    path.write_bytes(saved(path, "PNG").read_bytes()[:300])


def drawing_with_commands(path: Path) -> None:
    path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")


def zipped_bomb(path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("a", "a" * 60_000_000, zip=True)
    scene().save(path, "PNG", pnginfo=notes)


def empty(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (bomb, "too many pixels: 20000 x 20000"),
        (broken, "damaged"),
        (broken_png, "damaged"),
        (zipped_bomb, "damaged"),
        (drawing_with_commands, "no picture"),
        (empty, "no picture"),
    ],
)
def test_refusals_name_the_file(tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
    make(tmp_path / "the one.jpg")
    with pytest.raises(InputRefused, match=f"^the one.jpg: .*{words}") as caught:
        pictures.clean(tmp_path / "the one.jpg", 1000)
    assert caught.value.hints


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_a_decoder_that_crashes_hangs_or_babbles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "a.jpg", "JPEG")
    monkeypatch.setattr(pictures, "CHILD", ("-c", "import os; os.kill(os.getpid(), 11)"))
    with pytest.raises(InputRefused, match=r"a\.jpg: it makes the decoder crash"):
        pictures.clean(path, 100)
    for said in ('print("[]")', 'print("{}")', 'print("x" * 80_000_000)', "pass"):
        monkeypatch.setattr(pictures, "CHILD", ("-c", said))
        with pytest.raises(InputRefused, match=r"a\.jpg: "):
            pictures.clean(path, 100)
    monkeypatch.setattr(pictures, "CHILD", ("-c", "import no_such_library"))
    with pytest.raises(MachineFailed):
        pictures.clean(path, 100)
    monkeypatch.setattr(pictures, "CHILD", ("-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(pictures, "PATIENCE", 0.3)
    with pytest.raises(InputRefused, match="hang"):
        pictures.clean(path, 100)


def test_the_decoder_stands_behind_walls(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    path = saved(tmp_path / "a.heic", "HEIF")
    code = (
        "import sys; from pathlib import Path; from packager import pictures;"
        "pictures.clean(Path(sys.argv[1]), 100)"
    )
    words = [tool("strace"), "-f", "-qq", "-e", "trace=openat,open,execve,socket,prctl"]
    subprocess.run(
        [*words, "-o", tmp_path / "log/all", sys.executable, "-c", code, path], check=True
    )
    lines = (tmp_path / "log/all").read_text("utf-8", "replace").splitlines()
    walls = next(at for at, line in enumerate(lines) if "PR_SET_SECCOMP" in line)
    child = lines[walls].split()[0]
    behind = [line for line in lines[walls:] if line.split()[0] == child and "open" in line]
    assert not [line for line in behind if " = -1" not in line]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"]), st.data())
def test_damage_is_a_picture_or_a_refusal(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    path = saved(tmp_path / "a", kind)
    whole = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(20, len(whole) - 1), max_size=20)):
        whole[at] ^= 0x55
    path.write_bytes(whole)
    with suppress(InputRefused):
        assert pictures.clean(path, 100).width <= 100
