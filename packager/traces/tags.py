"""Sort named values by what they tell: tags of pictures, films and sounds."""

import re
from collections.abc import Iterable, Iterator, Mapping

from packager.traces.finding import Trace, What, trace

_STRUCTURE = frozenset(
    "major_brand minor_version compatible_brands language vendor_id duration orientation"
    " xresolution yresolution resolutionunit ycbcrpositioning colorspace exifversion exifoffset"
    " componentsconfiguration flashpixversion exifimagewidth exifimageheight imagewidth"
    " imagelength bitspersample compression photometricinterpretation samplesperpixel rowsperstrip"
    " stripoffsets stripbytecounts planarconfiguration gpsinfo gpsversionid jpegifoffset"
    " jpegifbytecount exifinteroperabilityoffset interopindex interopversion sampleformat"
    " tilewidth tilelength tileoffsets tilebytecounts predictor xmlpacket iptcnaa inter"
    " interlace gamma dpi jfif jfif_version jfif_unit jfif_density loop background transparency"
    " version duration extension bits_per_sample newsubfiletype subfiletype fillorder"
    " interop interoperabilityindex srgb".split()
)
_QUIET = frozenset(
    {"", "VideoHandler", "SoundHandler", "SubtitleHandler", "Timed Text", "DataHandler", "und"}
)
_WORDS: Mapping[What, tuple[str, ...]] = {
    What.LOCATION: tuple(
        "gps location loci xyz iso6709 city country state province sublocation altitude latitude"
        " longitude place geo region".split()
    ),
    What.DEVICE: tuple(
        "serial make model lens camera firmware device imei body android manufacturer hardware"
        " makernote reel sensor uniqueimage imageuniqueid".split()
    ),
    What.TIME: ("date", "time", "creation", "year", "modified", "tdrc", "tyer", "idit"),
    What.SOFTWARE: tuple(
        "encod software tool application compressor producer history processing writer handler"
        " program codec service converter".split()
    ),
    What.COMPUTER: ("path", "filename", "file_name", "hostcomputer", "url", "directory"),
    What.PERSON: tuple(
        "artist author creator owner copyright byline by-line credit contact title comment"
        " description album performer composer name caption keyword subject publisher director"
        " rights person user email label headline source instruction".split()
    ),
    What.COLOUR: ("icc", "profile"),
    What.PICTURE: ("thumb", "preview"),
}
_XMP = re.compile(r"([\w-]+:[\w-]+)\s*=\s*[\"']([^\"']+)[\"']|<([\w-]+:[\w-]+)[^<>]*>([^<>]+)</")


def of_tags(where: str, tags: Iterable[tuple[str, str]]) -> Iterator[Trace]:
    """A trace for each tag that is more than structure."""
    for key, value in tags:
        plain = key.lower().replace(" ", "")
        if plain in _STRUCTURE or plain.startswith("_statistics"):
            continue
        if plain == "handler_name" and value in _QUIET:
            continue
        if value.strip():
            yield trace(sort(key), f"{where}: {key}", value)


def sort(key: str) -> What:
    """What a tag of this name tells."""
    plain = key.lower()
    for what, words in _WORDS.items():
        if any(word in plain for word in words):
            return what
    return What.OTHER


def of_xmp(where: str, untrusted_text: str) -> Iterator[Trace]:
    """Every property of an XMP packet; the packet itself where none can be read."""
    found = {
        (one[1] or one[3], (one[2] or one[4]).strip())
        for one in _XMP.finditer(untrusted_text[: 1 << 20])
    }
    told = [
        (key, value)
        for key, value in sorted(found)
        if value and not key.startswith(("xmlns:", "xml:")) and key not in {"rdf:about", "x:xmptk"}
    ]
    if not told:
        yield trace(What.HIDDEN, where, "an XMP packet")
    for key, value in told[:100]:
        yield trace(sort(key), f"{where}: {key}", value)
