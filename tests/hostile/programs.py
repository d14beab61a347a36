"""Programs, scripts, shortcuts, documents and archives, under every name that may travel."""

from hostile.build import ELF, EXE, HTML, LITTLE, Sample, of, zipped
from packager.safety import ALLOWED, Rule

PROGRAMS: dict[str, bytes] = {
    "windows program": EXE,
    "linux program": ELF,
    "macos program": b"\xcf\xfa\xed\xfe" + LITTLE,
    "macos old program": b"\xfe\xed\xfa\xce" + LITTLE,
    "macos fat or java class": b"\xca\xfe\xba\xbe" + LITTLE,
    "android dex": b"dex\n035\0" + LITTLE,
    "webassembly": b"\0asm\1\0\0\0" + LITTLE,
    "shell script": b"#!/bin/sh\nrm -rf ~\n",
    "python script": b"#!/usr/bin/env python3\nimport os\n",
    "batch file": b"@echo off\r\ndel /q *\r\n",
    "windows shortcut": b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0F" + LITTLE,
    "internet shortcut": b"[InternetShortcut]\r\nURL=file:///c:/windows/system32/calc.exe\r\n",
    "explorer command": b"[Shell]\r\nCommand=2\r\nIconFile=\\\\10.0.0.1\\share\\icon.ico\r\n",
    "desktop entry": b"[Desktop Entry]\nType=Application\nExec=sh -c id\n",
    "autorun": b"[autorun]\r\nopen=setup.exe\r\n",
    "set-up file": b"[Version]\r\nSignature=$CHICAGO$\r\n",
    "registry script": b"Windows Registry Editor Version 5.00\r\n",
    "html page": HTML,
    "html without doctype": b"<html><img src=x onerror=alert(1)></html>",
    "hta program": b"<hta:application id=x><script>1</script>",
    "windows script file": b"<job><script language=vbs>1</script></job>",
    "svg with script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "php": b"<?php system('id'); ?>",
    "asp": b'<% CreateObject("x") %>',
    "archived web page": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n",
    "old office with macros": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + LITTLE,
    "rtf": b"{\\rtf1{\\object\\objdata 0105}}",
    "windows help": b"ITSF\3\0\0\0" + LITTLE,
    "cabinet": b"MSCF\0\0\0\0" + LITTLE,
    "rar": b"Rar!\x1a\x07\1\0" + LITTLE,
    "7-zip": b"7z\xbc\xaf\x27\x1c\0\4" + LITTLE,
    "gzip": b"\x1f\x8b\x08\0" + LITTLE,
    "bzip2": b"BZh91AY&SY" + LITTLE,
    "xz": b"\xfd7zXZ\0" + LITTLE,
    "zstd": b"\x28\xb5\x2f\xfd" + LITTLE,
    "debian package": b"!<arch>\ndebian-binary   " + LITTLE,
    "rpm package": b"\xed\xab\xee\xdb\3\0" + LITTLE,
    "flash": b"CWS\x0a" + LITTLE,
    "pdf": b"%PDF-1.7\n%%EOF\n",
}
ARCHIVES = {
    "zip": zipped(("setup.exe", EXE)),
    "jar": zipped(("META-INF/MANIFEST.MF", b"Main-Class: A\n"), ("A.class", b"\xca\xfe\xba\xbe")),
    "apk": zipped(("AndroidManifest.xml", b"\3\0\x08\0"), ("classes.dex", b"dex\n035\0")),
    "word with macros": zipped(
        ("[Content_Types].xml", b"<Types/>"), ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    ),
    "excel with macros": zipped(
        ("[Content_Types].xml", b"<Types/>"), ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    ),
    "browser extension": zipped(("manifest.json", b"{}"), ("background.js", b"1")),
    "zip bomb": zipped(("zeros", bytes(10_000_000))),
}
ENDINGS = (
    "exe scr com pif bat cmd ps1 vbs js jse wsf hta msi lnk url scf desktop sh py jar apk app dmg "
    "iso img zip rar 7z gz html htm mht svg chm doc docm xls xlsm rtf pdf swf ass ssa avi webm webp "
    "gif heic sub idx strm pls xspf asx smil mpd ts flac ogg torrent.exe"
).split()


def samples() -> list[Sample]:
    made = []
    for suffix in sorted(ALLOWED):
        made += [
            of(f"{what} as {suffix}", f"work{suffix}", data, Rule.PROGRAM)
            for what, data in PROGRAMS.items()
        ]
        for what, data in ARCHIVES.items():
            rule = Rule.CONTENT if suffix == ".epub" else Rule.PROGRAM
            made.append(of(f"{what} as {suffix}", f"work{suffix}", data, rule))
    for ending in ENDINGS:
        made.append(of(f"a .{ending}", f"work.{ending}", b"anything", Rule.TYPE))
    return made
