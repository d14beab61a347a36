"""Entries of a ZIP archive from outside; pure. Whoever reads them ends with ``BROKEN``."""

import struct
import zipfile
import zlib

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    OSError,
    EOFError,
    RuntimeError,  # encrypted, or packed in a way that nobody uses
)
"""What the library raises for an archive that is not one, or for an entry that is not there."""


def entry(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """An entry of at most ``most`` bytes, packed or not: either length may lie; else BROKEN."""
    told = archive.getinfo(name)
    if max(told.file_size, told.compress_size) > most:
        raise ValueError(name)
    return archive.read(told)
