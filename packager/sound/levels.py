"""How loud a piece is, and what brings it to where speech belongs.

Every piece is brought to one mean loudness; a limiter holds back what would clip then. That is what
audiobook shops ask for (mean between -23 and -18 dB, peaks below -3), and simple enough to be the
same on every machine: the gain is rounded to a tenth.
"""

import math
import re

TARGET = -20.0  # dB below full scale, the mean
CEILING = 0.7  # of full scale: -3.1 dB
_MOST, _LEAST = 30.0, -20.0  # dB: beyond it, noise would be all that is raised
_RMS = re.compile(r"^lavfi\.astats\.Overall\.RMS_level=(-?(?:[0-9.]+|inf|nan))$", re.MULTILINE)


def gain(untrusted_levels: str) -> float:
    """How many dB to raise a piece; ``untrusted_levels`` is what ffmpeg's ``astats`` wrote."""
    found = _RMS.findall(untrusted_levels)
    level = float(found[-1]) if found else -math.inf
    if not math.isfinite(level):
        return 0.0
    return round(min(_MOST, max(_LEAST, TARGET - level)), 1)
