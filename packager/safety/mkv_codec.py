"""Matroska: what a codec is told before its first frame (CodecPrivate, RFC 9559, 27.1)."""

from packager.safety import programs
from packager.safety.limits import MAX_CODEC
from packager.safety.mp4_leaf import is_avc, is_hevc

_AVC, _HEVC = b"V_MPEG4/ISO/AVC", b"V_MPEGH/ISO/HEVC"
_FLAC, _VORBIS = b"A_FLAC", b"A_VORBIS"
_FLAC_HEAD = (b"fLaC\0\0\0\x22", b"fLaC\x80\0\0\x22")
_VORBIS_HEAD = b"\x02\x1e"  # three packets, the first of 30 bytes
_MOST = {  # bytes: more than any of them writes
    _AVC: MAX_CODEC,
    _HEVC: MAX_CODEC,
    b"V_VP8": 64,
    b"V_VP9": 64,
    b"V_AV1": 1024,
    b"A_OPUS": 300,
    _FLAC: 1024,
    _VORBIS: MAX_CODEC,
    b"S_TEXT/UTF8": 0,
}
_LEAST_ROOM = 128  # for AAC, MP3, AC-3


def problem(codec: bytes, data: bytes) -> str | None:
    """What is wrong with the ``data`` of a track of this codec, or None."""
    if len(data) > _MOST.get(codec, _LEAST_ROOM):
        return f"{len(data)} bytes for a codec that needs fewer"
    fits = {
        _AVC: is_avc(data),
        _HEVC: is_hevc(data),
        _FLAC: data.startswith(_FLAC_HEAD),
        _VORBIS: data.startswith(_VORBIS_HEAD) and b"\x01vorbis" in data[:64],
    }.get(codec, True)
    if data and (not fits or programs.holds(data)):
        return "something else than its codec needs"
    return None
