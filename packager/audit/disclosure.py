"""Whether readers are told what a release is, before the report starts."""

from collections.abc import Iterator

from packager.audit import checks
from packager.audit.facts import Release
from packager.audit.finding import Finding

_UNTOLD = {
    ".mkv": "our card is not among its first pictures, in none of our languages",
    ".epub": "our notice is not on its first pages, in none of our languages",
    ".mp3": "its first seconds are not our notice, in none of our languages",
}
_UNSEEN = {
    ".mkv": "nobody looked for the card among its pictures",
    ".epub": "nobody read its first pages",
    ".mp3": "nobody listened whether its first words say what it is",
}
_LIKE = {".mp4": ".mkv", ".m4a": ".mp3", ".m4b": ".mp3"}


def findings(release: Release) -> Iterator[Finding]:
    """What tells nothing, and what nobody could look at; of songs, the first one tells for all."""
    for file in (*release.films, *release.books, *release.sounds[:1]):
        kind = _LIKE.get(file.suffix, file.suffix)
        if file.told is False:
            yield checks.MISSING_DISCLOSURE.at(file.path, _UNTOLD[kind])
        elif file.told is None:
            yield checks.CANNOT_CHECK.at(file.path, file.problem or _UNSEEN[kind])
    if release.reviewed is False and release.language:
        fact = f"no native reader has checked our words in {release.language} yet"
        yield checks.UNREVIEWED.at(release.name, fact)
