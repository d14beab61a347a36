"""Sizes and speeds as people write them: ``50 GB``, ``1.5 GiB``, ``2 MB/s``, ``16 Mbit/s``.

A size is a whole number of bytes. A speed is bytes per second; None is no limit, 0 is nothing.
"""

import re
from decimal import Decimal

Speed = int | None
MAX_SIZE = 2**60
_NUMBER = r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,6})?)"
_SIZE = re.compile(rf"{_NUMBER} ?(?P<unit>B|[kKMGT]B|[KMGT]iB)")
_SPEED = re.compile(rf"{_NUMBER} ?(?P<unit>B|[kKMGT]B|[KMGT]iB|[kKMG]?bit)/s")
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_KIB = 1024
_BITS = 8


def parse_size(untrusted_text: str) -> int:
    """Bytes; ValueError with a fact that completes ``it is ...``."""
    return _read(_SIZE, untrusted_text, "a size such as 50 GB, 500 MB or 1.5 GiB")


def parse_speed(untrusted_text: str) -> Speed:
    """Bytes per second, ``off`` is 0, ``unlimited`` is None; ValueError as ``parse_size``."""
    if untrusted_text in {"off", "unlimited"}:
        return 0 if untrusted_text == "off" else None
    wanted = "a speed such as 2 MB/s or 16 Mbit/s, or off, or unlimited"
    if not (found := _read(_SPEED, untrusted_text, wanted)):
        raise ValueError("off, if nothing may be sent at all")
    return found


def human(size: int) -> str:
    """A size in the largest unit that keeps it above one, with one digit after the point."""
    unit = min((max(size, 1).bit_length() - 1) // 10, len(_UNITS) - 1)
    return f"{size / _KIB**unit:.1f} {_UNITS[unit]}" if unit else f"{size} B"


def human_speed(speed: Speed) -> str:
    """A speed in words."""
    if speed is None:
        return "unlimited"
    return f"{human(speed)}/s" if speed else "off"


def _read(pattern: re.Pattern[str], untrusted_text: str, wanted: str) -> int:
    match = pattern.fullmatch(untrusted_text)
    if match is None:
        raise ValueError(wanted)
    value = Decimal(match["number"]) * _factor(match["unit"])
    if value > MAX_SIZE:
        raise ValueError(wanted)
    return int(value)


def _factor(unit: str) -> Decimal:
    power = "bkmgt".index(unit[0].lower()) if unit not in {"B", "bit"} else 0
    base = _KIB if "i" in unit.removesuffix("bit") else 1000
    return Decimal(base**power) / (_BITS if unit.endswith("bit") else 1)
