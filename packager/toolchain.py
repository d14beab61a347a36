"""The parts of this computer that the bytes of a release depend on."""

import platform
import zlib
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, version

from packager import ffmpeg

_PARTS = (
    "magnitizdat",
    "Pillow",
    "manimgx-fonts",
    "manimgx-fonts-cjk",
    "espeakng-loader",
    "pillow-heif",
    "segno",
    "jinja2",
)


def toolchain() -> dict[str, str]:
    """Their versions, by name; a part that is not there is left out."""
    parts = {name: found for name in _PARTS if (found := _version(name))}
    parts["machine"] = f"{platform.system()} {platform.machine()}"
    parts["zlib"] = zlib.ZLIB_RUNTIME_VERSION
    with ffmpeg.binary().open("rb") as file:
        parts["ffmpeg"] = file_digest(file, "sha256").hexdigest()
    return parts


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
