"""Every check there is: its name, what it looks for, its threshold, its source and its one fix.

``docs/audit.md`` holds the same table; scripts rely on the names.
"""

from packager.audit.finding import Check, Group, Severity

_B, _U, _S, _F = Group.BETRAYS, Group.UNREAL, Group.UNSAFE, Group.FRAGILE
_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_OUR_OWN = "our own rule"

# Errors: they stop a release

UNSAFE_FILE = Check(
    "unsafe-file",
    _S,
    _ERROR,
    "a file that `packager safety` refuses",
    "the closed list of `packager safety`",
    "nothing here can run",
    "take it out of the folder, or make it again",
)
FILE_NAME = Check(
    "file-name",
    _F,
    _ERROR,
    "a name that FAT32, exFAT or Windows cannot hold, or two names that are one there",
    "120 bytes a name, 200 characters a path, no reserved name or character",
    "FAT32, exFAT, Windows; promise 1",
    "rename it with plain letters, digits, spaces, dots and dashes",
)
FILE_SIZE = Check(
    "file-size",
    _F,
    _ERROR,
    "a file that no USB stick holds, or a text or picture of absurd size",
    "media 4 GiB - 1, pictures 20 MiB, texts 1 MiB",
    "FAT32",
    "make it smaller: a lower --quality, or two parts",
)
MISSING_DISCLOSURE = Check(
    "missing-disclosure",
    _S,
    _ERROR,
    "no card, first spoken words or first page that say what this is",
    "the card within the first 20 seconds; the notice on the first pages of a book",
    "promise 2",
    "pack it again; readers must learn what it is before the report starts",
)
REPORT_WORDS = Check(
    "report-words",
    _B,
    _ERROR,
    "titles, names, outlets and addresses of the report in names, tags, chapters, texts, torrent",
    "none",
    "promise 5",
    "choose another --title or --variant",
)
TITLE_WORD = Check(
    "title-word",
    _B,
    _WARNING,
    "one rare word of a report's title in a name or tag",
    "words of six letters and more",
    "promise 5",
    "choose another --variant, if it is no accident",
)
AUTHOR_METADATA = Check(
    "author-metadata",
    _B,
    _ERROR,
    "tags and streams that our files never have: places, devices, dates, authors, telemetry",
    "the tags and streams of our own files",
    "tell A8, A9, A10, A12",
    "pack it again from the report: packing leaves such things out",
)

# What betrays

COPIED_PICTURE = Check(
    "copied-picture",
    _B,
    _WARNING,
    "the camera's picture, frame for frame",
    "--copy",
    "tell A19",
    "leave --copy out to break part of that",
)
THUMBNAIL = Check(
    "thumbnail-shows-report",
    _B,
    _WARNING,
    "the report in the pictures that galleries take",
    "0, 10, 33 and 50 % of the film",
    "ffmpegthumbnailer (10 %); tell A15",
    "a longer film behind it (--cover FILM) moves the report away from there",
)
PLAIN_THUMBNAIL = Check(
    "plain-thumbnail",
    _U,
    _WARNING,
    "pages of text in the pictures that galleries take of a film or episode",
    "70 % of a picture in five greys that lie together, at 10, 33 or 50 %",
    "tell A15",
    "pictures or clips at these places, or a longer film behind (--cover FILM)",
)
FULL_README = Check(
    "full-readme",
    _B,
    _WARNING,
    "a ReadMe that says what the release is",
    "--readme full",
    "promise 5",
    "it is the campaign's way, chosen knowingly; --readme neutral betrays nothing",
)
ENCODER_NAME = Check(
    "encoder-name",
    _B,
    _WARNING,
    "names of encoders and muxers left in a file",
    "none in tags, none in the first and last 8 MiB",
    "tell A9",
    "pack it again: packing washes them out",
)
FILE_TIMES = Check(
    "file-times",
    _B,
    _WARNING,
    "files of one release with different times",
    "one time for all",
    "tell A10",
    "hand over the folder as packed; copying with `cp -p` keeps its times",
)
TORRENT_FIELDS = Check(
    "torrent-fields",
    _B,
    _WARNING,
    "a torrent that says when, by whom or with what it was made",
    "no creation date, created by, comment, source, publisher, or file attributes",
    "tell A14",
    "use the .torrent that packager wrote",
)

# What is unreal

NAME_FORM = Check(
    "name-form",
    _U,
    _WARNING,
    "a name that is not in the form of its kind",
    "film: title, year, size, source, sound, codec, group; others: artist or author, title, number",
    "tell A1",
    "leave --title out, or give one of plain words",
)
NAME_TOKENS = Check(
    "name-tokens",
    _U,
    _WARNING,
    "a name that promises another size, codec or sound than the file has",
    "equal; for cropped heights the class of the width counts",
    "tell A2",
    "rename it as it is, or pack it again",
)
NAME_REFUSED = Check(
    "name-refused",
    _U,
    _WARNING,
    "names that the programs which sort downloads refuse: samples, hashes",
    "'sample' or 'proof'; 24 to 40 letters and digits alone",
    "Sonarr NotSampleSpecification, RejectHashedReleasesRegexes; SABnzbd PR 3475",
    "choose another --title",
)
SHORT_FILM = Check(
    "short-film",
    _U,
    _WARNING,
    "a film, or a part of a series, that is taken for a sample",
    "600 s; 300 s where half an hour is expected",
    "Sonarr, Radarr DetectSample.cs",
    "add a film you may use with --cover",
)
LENGTH_BAND = Check(
    "length-band",
    _U,
    _WARNING,
    "a length that its kind does not have",
    "film 60 to 210 min, episode 15 to 75, lesson 2 to 30, track 1.5 to 12, album 20 to 90,"
    " audiobook 20 min to 15 h",
    "our collected bands, widened",
    "choose another disguise, or add what is missing with --cover",
)
RATE_BAND = Check(
    "rate-band",
    _U,
    _WARNING,
    "too few or too many bytes for its length and size of picture",
    "MiB a minute or kb/s, see the bands below",
    "Sonarr Quality.cs, TRaSH, Lidarr; our collected bands",
    "another --quality, or a cover film of real pictures",
)
SIZE_BAND = Check(
    "size-band",
    _U,
    _WARNING,
    "a book whose size its kind does not have",
    "0.1 to 20 MB",
    "0.3 to 5 MB are usual, widened",
    "pictures and a cover bring it up; smaller pictures bring it down",
)
FLAT_RATE = Check(
    "flat-rate",
    _U,
    _WARNING,
    "a picture that takes the same bytes all along",
    "coefficient of variation over 10 s windows below 0.2",
    "tell A5",
    "encode by quality, not by a constant rate",
)
DEAD_ZONE = Check(
    "dead-zone",
    _U,
    _WARNING,
    "long stretches in which the picture takes next to nothing, as slides do",
    "under 5 % of the mean for more than 60 s, the first and last minute apart",
    "tell A5",
    "put pictures or clips between pages of text, or take the course disguise",
)
PADDING = Check(
    "padding",
    _U,
    _WARNING,
    "bytes that carry nothing, among picture and sound",
    "blocks of 64 KiB under 7 bits a byte: more than 2 % of them; or 4 KiB of one byte",
    "tell A6 (real video 7.99, filler 0.1 to 0.5)",
    "make it longer or better instead of filling it up",
)
COVER_ART = Check(
    "cover-art",
    _U,
    _WARNING,
    "no poster or cover, or one of odd size",
    "300 to 3000 pixels; a square for sound",
    "what such releases have",
    "pack it again; the cover is drawn for you",
)
SOUND_TAGS = Check(
    "sound-tags",
    _U,
    _WARNING,
    "songs without tags, or with tags that their names contradict",
    "title, artist, album, album artist, track, year, genre",
    "mutagen and ffprobe read the same",
    "pack it again; the tags are written for you",
)
BOOK_MARKS = Check(
    "audiobook-marks",
    _U,
    _WARNING,
    "an audiobook that players do not shelve as one",
    "M4B brand, media type 2, chapters",
    "ffmpeg, mutagen, exiftool",
    "pack it again as an audiobook",
)
BOOK_DATA = Check(
    "book-data",
    _U,
    _WARNING,
    "a book without title, author, language or contents, or not those of its name",
    "all of them; no date, generator or scripts",
    "epubcheck",
    "pack it again as a book",
)
SERIES_GAP = Check(
    "series-gap",
    _U,
    _WARNING,
    "episodes, lessons or tracks that are missing or stand twice",
    "numbers without gaps",
    "what such releases have",
    "pack all of them, in one order",
)
SERIES_UNEVEN = Check(
    "series-uneven",
    _U,
    _WARNING,
    "episodes that are unlike each other",
    "sizes within 25 % of the mean; one codec, size and rate of picture",
    "what such releases have",
    "reports of like length, or a cover film for the short ones",
)
NO_COVER_FILM = Check(
    "no-cover-film",
    _U,
    _WARNING,
    "no film behind the report",
    "--cover",
    "promise 2",
    "add one you may use with --cover FILM",
)

# What is fragile

OLD_PICTURE = Check(
    "old-device-picture",
    _F,
    _WARNING,
    "a picture that an old television or phone does not play",
    "H.264 up to high, level 4.1, 8-bit 4:2:0, 1920x1088, 30 pictures a second, upright",
    "tell A11; Blu-ray level 4.1",
    "leave --copy out: it will be encoded anew",
)
OLD_SOUND = Check(
    "old-device-sound",
    _F,
    _WARNING,
    "sound that an old television or phone does not play",
    "AAC-LC or MP3, one or two channels, 48 kHz",
    "what old players take",
    "leave --copy out: it will be encoded anew",
)
OLD_CONTAINER = Check(
    "old-device-container",
    _F,
    _WARNING,
    "a container that old phones do not open",
    "mp4, mp3, m4b, epub",
    "what old players take",
    "pack with --container mp4",
)
TORRENT_FORM = Check(
    "torrent-form",
    _F,
    _WARNING,
    "a torrent that some clients refuse, or that seeders avoid",
    "v1, a folder, not private, files sorted, no .pad, pieces of a power of two, at most 4000",
    "tell A14; what old players take",
    "use the v1 .torrent that packager wrote",
)
TORRENT_FILES = Check(
    "torrent-files",
    _F,
    _WARNING,
    "a torrent of other files than those in the folder",
    "the same name, files and sizes",
    "tell A14",
    "keep the folder as it was packed, or take the .torrent that belongs to it",
)
UNREVIEWED = Check(
    "unreviewed-language",
    _F,
    _WARNING,
    "our own words in a language that no native reader has checked",
    "`reviewed_by` in templates/notice",
    "promise 2",
    "docs/audit.md says how to become a reviewer",
)
CANNOT_CHECK = Check(
    "cannot-check",
    _F,
    _NOTE,
    "what this audit could not look at",
    "-",
    _OUR_OWN,
    "look at it yourself",
)

CHECKS: tuple[Check, ...] = (
    UNSAFE_FILE,
    FILE_NAME,
    FILE_SIZE,
    MISSING_DISCLOSURE,
    REPORT_WORDS,
    TITLE_WORD,
    AUTHOR_METADATA,
    COPIED_PICTURE,
    THUMBNAIL,
    PLAIN_THUMBNAIL,
    FULL_README,
    ENCODER_NAME,
    FILE_TIMES,
    TORRENT_FIELDS,
    NAME_FORM,
    NAME_TOKENS,
    NAME_REFUSED,
    SHORT_FILM,
    LENGTH_BAND,
    RATE_BAND,
    SIZE_BAND,
    FLAT_RATE,
    DEAD_ZONE,
    PADDING,
    COVER_ART,
    SOUND_TAGS,
    BOOK_MARKS,
    BOOK_DATA,
    SERIES_GAP,
    SERIES_UNEVEN,
    NO_COVER_FILM,
    OLD_PICTURE,
    OLD_SOUND,
    OLD_CONTAINER,
    TORRENT_FORM,
    TORRENT_FILES,
    UNREVIEWED,
    CANNOT_CHECK,
)
NAMES = tuple(check.name for check in CHECKS)
MILD = frozenset(check.name for check in CHECKS if check.severity is not Severity.ERROR)
