"""Make the pictures and the clip of the sample report, the same each time.

    python samples/make.py [FOLDER]

Everything is drawn; nothing was photographed. The location, device, date and name that a real
phone would leave behind are planted in the photo and the clip, so that a demo can show them go.
"""

import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw, ImageFilter, ImageFont

REPORT = Path(__file__).parent / "report"
WIDE = (960, 400)  # the clip looks at a part of this, 640x360
SECONDS = 12
GPS = "+12.3456-034.5678/"  # the middle of the Atlantic
OWNER = "Ilka's phone"
DEVICE = "Lumeo L7"  # no such phone exists
DATE = "2026-05-12T02:58:11Z"
Colour = tuple[int, int, int]


def main(folder: Path) -> None:
    """Write the two pictures and the clip into ``folder``."""
    scene = shore()
    photo(scene).save(folder / "pipe.jpg", quality=78, exif=phone_exif())
    lake_map().save(folder / "map.png", optimize=True)
    with tempfile.TemporaryDirectory() as place:
        picture = Path(place) / "scene.png"
        scene.save(picture)
        film(picture, folder / "clip.mp4")


def shore() -> Image.Image:
    """The east shore at dawn: hills, water, a works, a pipe that runs brown."""
    dice = random.Random(7)
    image = Image.new("RGB", WIDE)
    draw = ImageDraw.Draw(image)
    fade(draw, (0, 210), (92, 104, 138), (238, 190, 150))
    for level, colour in ((150, (104, 108, 132)), (172, (78, 86, 108)), (190, (52, 62, 80))):
        draw.polygon(ridge(dice, level), fill=colour)
    fade(draw, (210, WIDE[1]), (150, 140, 140), (44, 62, 82))
    ripples(draw, dice)
    works(draw)
    bank = [(520, 400), (600, 300), (700, 258), (960, 236), (960, 400)]
    draw.polygon(bank, fill=(62, 58, 48))
    outflow(draw, dice)
    image = image.filter(ImageFilter.GaussianBlur(0.8))
    label(ImageDraw.Draw(image))
    return image


def fade(draw: ImageDraw.ImageDraw, rows: tuple[int, int], top: Colour, low: Colour) -> None:
    """Rows of one colour each, from ``top`` to ``low``."""
    first, last = rows
    for y in range(first, last):
        share = (y - first) / (last - first)
        colour = tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        draw.line([(0, y), (WIDE[0], y)], fill=colour)


def ridge(dice: random.Random, level: int) -> list[tuple[float, float]]:
    """The outline of hills around a height."""
    shift = dice.uniform(0, 9)
    tops = [
        (x, level + 14 * math.sin(x / 83 + shift) + 6 * math.sin(x / 29 + 2 * shift))
        for x in range(0, WIDE[0] + 1, 8)
    ]
    return [(0, 210), *tops, (WIDE[0], 210)]


def ripples(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    """Short light lines, longer the nearer they are."""
    for _ in range(420):
        y = dice.randrange(214, WIDE[1])
        x, length = dice.randrange(WIDE[0]), (y - 200) // 4 + dice.randrange(12)
        shade = dice.randrange(96, 170)
        draw.line([(x, y), (x + length, y)], fill=(shade, shade - 6, shade))


def works(draw: ImageDraw.ImageDraw) -> None:
    """The tannery: sheds, a chimney, two lit windows."""
    draw.rectangle((690, 168, 860, 246), fill=(58, 50, 52))
    draw.polygon([(680, 170), (775, 140), (870, 170)], fill=(44, 38, 42))
    draw.rectangle((880, 96, 896, 244), fill=(50, 44, 46))
    for left in (712, 806):
        draw.rectangle((left, 190, left + 22, 206), fill=(246, 206, 120))


def outflow(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    """The pipe and what comes out of it."""
    draw.rectangle((596, 292, 668, 318), fill=(96, 92, 88))
    draw.ellipse((584, 290, 610, 320), fill=(30, 24, 20))
    draw.polygon([(588, 306), (606, 310), (590, 372), (556, 372)], fill=(112, 70, 34))
    for _ in range(300):
        reach = dice.random()
        x, y = 570 - 330 * reach, 372 + dice.gauss(0, 3 + 12 * reach)
        draw.line([(x, y), (x + 26, y)], fill=(118, 78 + dice.randrange(20), 44))


def label(draw: ImageDraw.ImageDraw) -> None:
    """Say in the picture that it is none of a real place."""
    font = ImageFont.load_default(15)
    draw.text((340, 348), "sample: no real place", fill=(226, 222, 214), font=font)


def photo(scene: Image.Image) -> Image.Image:
    """The part around the pipe, as a phone would frame it."""
    return scene.crop((320, 0, 853, 400)).resize((640, 480), Image.Resampling.LANCZOS)


def phone_exif() -> Image.Exif:
    """What a phone writes beside the picture."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = DEVICE.split()
    exif[0x0132], exif[0x013B] = DATE, OWNER
    gps = exif.get_ifd(0x8825)
    gps |= {1: "N", 2: (12.0, 20.0, 44.16), 3: "W", 4: (34.0, 34.0, 4.08)}
    return exif


def lake_map() -> Image.Image:
    """Where the samples were taken."""
    image = Image.new("RGB", (640, 400), (236, 230, 214))
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(16)
    coast = [
        (
            320 + (190 + 22 * math.sin(3 * a)) * math.cos(a),
            210 + (120 + 14 * math.sin(5 * a)) * math.sin(a),
        )
        for a in (step * math.tau / 90 for step in range(90))
    ]
    draw.polygon(coast, fill=(158, 190, 206), outline=(90, 120, 140))
    for (x, y), words in (((468, 150), "1  950"), ((300, 116), "2  410"), ((196, 246), "3  205")):
        draw.ellipse((x - 7, y - 7, x + 7, y + 7), fill=(168, 52, 40))
        draw.text((x + 12, y - 10), words, fill=(40, 40, 40), font=font)
    draw.text((270, 216), "Lake Ostrel", fill=(60, 90, 110), font=font)
    draw.text((16, 370), "sample: no real place", fill=(90, 84, 70), font=font)
    return image


def film(picture: Path, target: Path) -> None:
    """Pan over the picture with an unsteady hand, wind in the microphone."""
    hand = "scale=960:400,crop=640:360:x='160+13*t+3*sin(2.1*t)':y='20+4*sin(1.7*t)+2*sin(3.9*t)'"
    wind = f"anoisesrc=color=brown:amplitude=0.5:seed=7:sample_rate=32000:duration={SECONDS}"
    tags = {
        "location": GPS,
        "com.apple.quicktime.location.ISO6709": GPS,
        "com.apple.quicktime.model": DEVICE,
        "make": DEVICE,
        "artist": OWNER,
        "creation_time": DATE,
    }
    command = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"),
        *("-loop", "1", "-framerate", "24", "-t", str(SECONDS), "-i", str(picture)),
        *("-f", "lavfi", "-i", wind),
        *("-vf", f"{hand},format=yuv420p", "-af", "tremolo=f=0.3:d=0.6,lowpass=f=900"),
        *("-c:v", "libx264", "-preset", "veryslow", "-qp", "33", "-threads", "1"),
        *("-c:a", "aac", "-b:a", "24k", "-ac", "1"),
        *("-fflags", "+bitexact", "-flags", "+bitexact", "-movflags", "use_metadata_tags"),
        *(word for key, value in tags.items() for word in ("-metadata", f"{key}={value}")),
        *("-metadata:s:v", f"handler_name={OWNER}", "-shortest", "-f", "mp4", str(target)),
    ]
    subprocess.run(command, check=True, timeout=300)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPORT)
