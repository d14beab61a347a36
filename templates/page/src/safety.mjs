// Would a file that no seal lists be refused beside a release? The rules of packager/safety/.

import { latin, little, startsWith, unlatin } from "./bytes.mjs";
import { suffixOf } from "./names.mjs";

const KIB = 1024;
const MAX_TEXT = KIB * KIB;
const MAX_PICTURE = 20 * KIB * KIB;
const MAX_SIZE = 4 * KIB * KIB * KIB - 1;
const MAX_PATH = 200;
export const HEAD = MAX_TEXT + 1;
export const TAIL = 64 * KIB + 64;

const TEXTS = [".txt", ".nfo", ".srt", ".vtt", ".fb2"];
const PICTURES = [".jpg", ".png"];
const MEDIA = [".mp4", ".mkv", ".m4a", ".m4b", ".mp3", ".epub"];
const ALLOWED = [...MEDIA, ...PICTURES, ...TEXTS];
const LITTER = [
  [/^\.DS_Store$/, "\0\0\0\x01Bud1"],
  [/^\._.+$/s, "\0\x05\x16\x07\0\x02\0\0"], // AppleDouble
  [/^Thumbs\.db$/, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
];
const RUNNABLE = (
  "7z apk app bat chm cmd com cpl dll dmg exe gz hta htm html img inf iso jar js lnk msi pdf " +
  "pif ps1 py rar reg scr sh svg swf tar url vbs wsf zip"
).split(" ");
const PROGRAMS = [
  "MZ",
  "\x7fELF",
  "\xfe\xed\xfa\xce",
  "\xfe\xed\xfa\xcf",
  "\xce\xfa\xed\xfe",
  "\xcf\xfa\xed\xfe",
  "\xca\xfe\xba\xbe",
  "dex\n",
  "\0asm",
  "#!",
  "L\0\0\0\x01\x14\x02\0",
  "Rar!\x1a\x07",
  "7z\xbc\xaf\x27\x1c",
  "\x1f\x8b",
  "BZh",
  "\xfd7zXZ\0",
  "\x28\xb5\x2f\xfd",
  "MSCF",
  "ITSF",
  "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
  "%PDF",
  "{\\rtf",
  "FWS",
  "CWS",
].map(latin);
const ZIP = latin("PK\x03\x04");
const ZIP_END = latin("PK\x05\x06");
const SCRIPTS = [
  "<!doctype html",
  "<html",
  "<svg",
  "<?php",
  "<%",
  "@echo",
  "windows registry editor",
  "[internetshortcut]",
  "[desktop entry]",
  "[script info]",
];
const STEERING =
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff\u{e0000}-\u{e007f}]/u;
const MP4 = /^....ftyp(isom|iso[2456]|mp4[12]|avc1|M4[ABV] )/s;
const HEADS = {
  ".mp4": MP4,
  ".m4a": MP4,
  ".m4b": MP4,
  ".mkv": /^\x1aE\xdf\xa3.{0,60}\x42\x82\x88matroska/s,
  ".mp3": /^(ID3[\x03\x04]\0|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xf0-\xff])/s,
  ".jpg": /^\xff\xd8\xff/,
  ".png": /^\x89PNG\r\n\x1a\n\0\0\0\rIHDR/,
  ".epub": /^PK\x03\x04.{26}mimetypeapplication\/epub\+zip/s,
  ".vtt": /^(\xef\xbb\xbf)?WEBVTT[ \t\n\r\f\v]/,
  ".srt": /^(\xef\xbb\xbf)?[ \t\n\r\f\v]*\d+[ \t]*\r?\n\d+:\d\d:\d\d,\d{3} --> /,
  ".fb2": /^(\xef\xbb\xbf)?[ \t\n\r\f\v]*(<\?xml[^>]*\?>)?[ \t\n\r\f\v]*<FictionBook[ \t\n\r\f\v>]/,
  ".txt": /^/,
  ".nfo": /^/,
};

// Whether any rule refuses it. `head`: its first HEAD bytes; `tail`: its last TAIL bytes.
export function refuses(path, size, head, tail) {
  const suffix = suffixOf(path);
  if (Array.from(path).length > MAX_PATH || !ALLOWED.includes(suffix) || hasTwoTypes(path))
    return true;
  if (size > limit(suffix) || size === 0) return true;
  return isProgram(head, suffix) || isNotItsName(suffix, size, head, tail);
}

export const isPicture = (path) => PICTURES.includes(suffixOf(path));

function hasTwoTypes(path) {
  const parts = path.slice(path.lastIndexOf("/") + 1).split(".");
  const inner = parts.length > 2 ? parts[parts.length - 2].trim().toLowerCase() : "";
  return RUNNABLE.includes(inner) || ALLOWED.includes(`.${inner}`);
}

function limit(suffix) {
  if (TEXTS.includes(suffix)) return MAX_TEXT;
  return PICTURES.includes(suffix) ? MAX_PICTURE : MAX_SIZE;
}

function isProgram(head, suffix) {
  if (PROGRAMS.some((magic) => startsWith(head, magic))) return true;
  if (startsWith(head, ZIP) && suffix !== ".epub") return true;
  const start = unlatin(head.subarray(0, 200)).replace(/^\xef\xbb\xbf/, "");
  const words = start.replace(/^[\s\x1c-\x1f\x85]+/, "").toLowerCase();
  return SCRIPTS.some((word) => words.startsWith(word));
}

function isNotItsName(suffix, size, head, tail) {
  const isText = TEXTS.includes(suffix);
  if (!HEADS[suffix].test(unlatin(head.subarray(0, isText ? MAX_TEXT : 256)))) return true;
  return isText ? isBadText(suffix, head) : hasTrailer(suffix, tail);
}

function isBadText(suffix, head) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(head);
  } catch {
    return true;
  }
  if (STEERING.test(text) || text.toLowerCase().includes("<script")) return true;
  return suffix === ".fb2" && /<!(DOCTYPE|ENTITY)|<\?xml-stylesheet/.test(text);
}

// Something follows the end of the file proper.
function hasTrailer(suffix, tail) {
  const end = unlatin(tail.subarray(-16));
  if (suffix === ".jpg" && !end.endsWith("\xff\xd9")) return true;
  if (suffix === ".png" && !end.endsWith("\0\0\0\0IEND\xaeB`\x82")) return true;
  return suffix !== ".epub" && endsAsZip(tail);
}

// A ZIP's last record, whose comment reaches just to the end.
function endsAsZip(tail) {
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    const comment = little(tail.subarray(at + 20, at + 22));
    if (startsWith(tail.subarray(at), ZIP_END) && at + 22 + comment === tail.length) return true;
  }
  return false;
}

// The first bytes of what macOS and Windows drop into folders; undefined for other names.
export const litterMagic = (name) => LITTER.find(([fits]) => fits.test(name))?.[1];
