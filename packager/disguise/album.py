"""The look of a music album: numbered MP3s with tags and cover, a playlist, the cover beside them.

The first track opens with what this is, spoken; the report goes on over tracks as long as songs,
and the last one carries sources, links and how to pass it on. Music that the journalist may use
comes behind it.
"""

from dataclasses import dataclass

from packager.disguise import naming, telling
from packager.disguise.base import Notice, Options, Plan, Readme, Story
from packager.disguise.items import Poster, Segment, SoundItem, SoundTags
from packager.disguise.telling import Passage
from packager.values import Language, RelativePath

COVER_SIZE = (1000, 1000)
QUALITY = "MP3 V0"  # a fixed rate would be filled up: a voice needs less than songs
KBIT = 145  # a second, about what LAME's V0 gives speech
_SHORTEST, _LONGEST = 170.0, 340.0  # seconds of a track
_LEAST = 100.0  # what still passes for one


@dataclass(frozen=True, slots=True)
class _Record:
    """What all tracks share."""

    language: Language
    variant: bytes
    artist: str
    year: int
    tracks: int
    cover: Poster

    def track(
        self, number: int, segments: tuple[Segment, ...], story: int | None = None
    ) -> SoundItem:
        """One song of it, counted from 1."""
        song = naming.track(self.language, self.variant, number)
        tags = SoundTags(
            title=song.shown,
            artist=self.artist,
            album=self.cover.title,
            album_artist=self.artist,
            track=number,
            tracks=self.tracks,
            year=self.year,
            genre=naming.genre("album", self.variant),
        )
        return SoundItem(
            path=RelativePath(f"{naming.track_file(number, song.filed)}.mp3"),
            language=self.language,
            seed=naming.seed(self.variant, f"track {number}"),
            segments=segments,
            chapters=(),
            tags=tags,
            cover=self.cover,
            kbit=KBIT,
            channels=2,
            story=story,
        )


def plan(stories: tuple[Story, ...], notice: Notice, options: Options, variant: bytes) -> Plan:
    """Lay out an album that tells ``stories``.

    Raises InputRefused when there is nothing to listen to.
    """
    language = stories[0].report.main.language
    artist = naming.artist(language, variant)
    album = _title(options, language, variant)
    year = naming.year(variant) if options.year is None else options.year
    cover = Poster(album.shown, artist.shown, naming.seed(variant, "poster"), language)
    tracks = _tracks(stories, notice)
    count = len(tracks) + options.cover
    record = _Record(language, variant, artist.shown, year, count, cover)
    items = [
        record.track(number, telling.segments(one), telling.story_of(one))
        for number, one in enumerate(tracks, start=1)
    ]
    if options.cover:
        items.append(record.track(count, telling.covered(stories)))
    name = naming.album_folder(artist.filed, album.filed, year, QUALITY)
    texts = options.readme is not Readme.NONE
    return Plan(
        disguise="album",
        language=language,
        name=name,
        title=album.filed,
        year=year,
        variant=variant,
        items=tuple(items),
        poster=cover,
        poster_file=RelativePath("cover.jpg"),
        poster_size=COVER_SIZE,
        readme_file=RelativePath("ReadMe.txt") if texts else None,
        nfo_file=None,
        playlist_file=RelativePath(
            f"{naming.safe_words(album.filed, naming.MAX_RELEASE_BYTES)}.m3u8"
        ),
    )


def _tracks(stories: tuple[Story, ...], notice: Notice) -> tuple[tuple[Passage, ...], ...]:
    """What each track tells; an ending too short for a song goes with the last one."""
    told = telling.told(stories, notice, notice.opening("album"))
    tracks = telling.cut(told, _SHORTEST, _LONGEST)
    ending = telling.ending(stories, notice)
    if len(tracks) > 1 and telling.seconds(ending) < _LEAST:
        return (*tracks[:-1], (*tracks[-1], *ending))
    return (*tracks, ending)


def _title(options: Options, language: Language, variant: bytes) -> naming.Title:
    if options.title is None:
        return naming.album(language, variant)
    return naming.Title(options.title, options.title)
