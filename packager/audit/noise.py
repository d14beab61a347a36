"""Bytes that carry nothing: padding and repetition among picture and sound."""

from collections.abc import Iterator

from packager.audit import checks
from packager.audit.facts import Release
from packager.audit.finding import Finding

BLOCK = 64 * 1024
LEAST = 7.0  # bits a byte: real video has 7.99, filler 0.1 to 0.5, silence and stills between
RUN = 4096  # bytes of one value
_SHARE = 0.02  # of the blocks


def findings(release: Release) -> Iterator[Finding]:
    """What looks like filler."""
    for file in release.files:
        noise = file.noise
        if noise is None:
            continue
        if noise.run is not None:
            fact = f"at byte {noise.run} one value is repeated for over {RUN} bytes"
            yield checks.PADDING.at(file.path, fact)
        elif noise.dull > max(1, noise.blocks * _SHARE):
            fact = (
                f"{noise.dull} of {noise.blocks} blocks carry little (the least"
                f" {noise.least:.2f} bits a byte; the first at byte {noise.first})"
            )
            yield checks.PADDING.at(file.path, fact)
