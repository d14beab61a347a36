"""The torrent format: a whole ``.torrent`` from hashes, a magnet link, and a strict reader.

What is written holds names, sizes, hashes, trackers and web seeds; no date, creator, comment or
local path. It is byte for byte what libtorrent 2.1 writes (see ``order`` for the one exception).
"""

from packager.torrent.addresses import tracker_url, webseed_url
from packager.torrent.bencode import Value, decode, encode
from packager.torrent.layout import FileHashes, Kind, Span, piece_length, v1_layout
from packager.torrent.link import Link, read_link
from packager.torrent.metainfo import InfoHashes, Metainfo, info_hashes, magnet, read, read_info
from packager.torrent.writer import build

__all__ = [
    "FileHashes",
    "InfoHashes",
    "Kind",
    "Link",
    "Metainfo",
    "Span",
    "Value",
    "build",
    "decode",
    "encode",
    "info_hashes",
    "magnet",
    "piece_length",
    "read",
    "read_info",
    "read_link",
    "tracker_url",
    "v1_layout",
    "webseed_url",
]
