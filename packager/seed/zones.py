"""Time zones of this computer."""

from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LOCAL = Path("/etc/localtime")


def zone_of(name: str) -> tzinfo:
    """A time zone by name; the empty name is this computer's. ValueError if there is none."""
    try:
        if name:
            return ZoneInfo(name)
        with _LOCAL.open("rb") as file:
            return ZoneInfo.from_file(file, key="local")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if not name:
            return UTC  # a computer that names no zone
        raise ValueError("the name of a time zone, such as Europe/Vilnius") from None
