// Would a file that no seal lists be refused beside a release? The rules of packager/safety/.

import { indexOf, latin, little, startsWith, unlatin } from "./bytes.mjs";
import { isPlainBook } from "./fb2.mjs";
import { suffixOf } from "./names.mjs";
import { hides } from "./picture.mjs";
import { isPlaylist, isSrt, isVtt } from "./texts.mjs";

const KIB = 1024;
const MAX_TEXT = KIB * KIB;
export const MAX_PICTURE = 20 * KIB * KIB;
const MAX_SIZE = 4 * KIB * KIB * KIB - 1;
const MAX_PATH = 200;
const MAX_BOOK = 32 * KIB * KIB;
export const HEAD = 4 * KIB;
export const TAIL = 128 * KIB;

const TEXTS = [".txt", ".nfo", ".srt", ".vtt", ".m3u", ".m3u8"];
const BOOKS = [".fb2"];
const PICTURES = [".jpg", ".png"];
const MEDIA = [".mp4", ".mkv", ".m4a", ".m4b", ".mp3", ".epub"];
const ALLOWED = [...MEDIA, ...PICTURES, ...TEXTS, ...BOOKS];
const LITTER = [
  [/^\.DS_Store$/, "\0\0\0\x01Bud1"],
  [/^\._.+$/s, "\0\x05\x16\x07\0\x02\0\0"], // AppleDouble
  [/^Thumbs\.db$/, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
];
const RUNNABLE = (
  "7z aab ace apk app appimage appref-ms arj bat bz2 cab chm cmd com cpl deb dex dll dmg docm " +
  "exe gz hta htm html img inf ipa iso jar jnlp js jse lnk lzh mht mhtml msi msp mst ova pdf " +
  "php pif pkg ps1 psd1 psm1 py pyw rar reg rpm rtf scf scr sct sh shb shs ssa svg swf tar tgz " +
  "url vb vbe vbs vhd vhdx wsc wsf wsh xbap xhtml xlsm xpi xz zip"
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
  "!<arch>\n",
  "\xed\xab\xee\xdb",
].map(latin);
const ZIP = latin("PK\x03\x04");
const ZIP_END = latin("PK\x05\x06");
const ZIP_RECORD = latin("PK\x01\x02");
const PDF = latin("%PDF-");
const SCRIPTS = [
  "<!doctype html",
  "<html",
  "<svg",
  "<hta:",
  "<job",
  "<package",
  "<?php",
  "<%",
  "@echo",
  "windows registry editor",
  "regedit4",
  "[internetshortcut]",
  "[shell]",
  "[autorun]",
  "[version]",
  "[desktop entry]",
  "[script info]",
  "mime-version:",
];
const FORCING =
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/u;
const PLAYED = ["#EXTM3U", "#EXT-X-", "ffconcat", "[playlist]", "[Reference]", "v=0\r\n", "v=0\n"];
const MARKED = /^[\s\x1c-\x1f\x85]*<|<\?xml|<!(?:doctype|entity)/i;
const PDF_WITHIN = 1024;
const STEERING =
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/u;
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
  ".vtt": /^(\xef\xbb\xbf)?WEBVTT\r?\n/,
  ".srt": /^(\xef\xbb\xbf)?\d+\r?\n\d+:\d\d:\d\d,\d{3} --> /,
  ".fb2": /^(\xef\xbb\xbf)?(<\?xml[^>]*\?>)?[ \t\n\r\f\v]*<FictionBook[ \t\n\r\f\v>]/,
};

// Whether any rule refuses it before it is read as a whole. `head`: its first HEAD bytes; `tail`:
// its last TAIL bytes.
export function refuses(path, size, head, tail) {
  const suffix = suffixOf(path);
  if (Array.from(path).length > MAX_PATH || !ALLOWED.includes(suffix) || hasTwoTypes(path))
    return true;
  if (size > limit(suffix) || size === 0) return true;
  if (isProgram(head, suffix) || (suffix in HEADS && !HEADS[suffix].test(unlatin(head))))
    return true;
  return indexOf(head.subarray(0, PDF_WITHIN), PDF) !== -1 || endsAsZip(tail);
}

// Whether what stands in a whole file refuses it. `exists` knows the paths of the folder.
export async function holdsMore(path, data, exists) {
  const suffix = suffixOf(path);
  if (PICTURES.includes(suffix)) return hides(data);
  const text = decoded(data);
  const steering = suffix === ".fb2" ? FORCING : STEERING;
  if (text === null || steering.test(text)) return true;
  if (suffix === ".fb2") return !(await isPlainBook(text, (part) => FORCING.test(part)));
  if (suffix === ".srt") return !isSrt(text);
  if (suffix === ".vtt") return !isVtt(text);
  if (suffix.startsWith(".m3u")) return !isPlaylist(text, path, exists);
  return text.toLowerCase().includes("<script") || MARKED.test(text) || PLAYED.some((w) => text.trimStart().startsWith(w));
}

function hasTwoTypes(path) {
  const ending = (name) => (name.includes(".") ? name.split(".").pop().trim().toLowerCase() : "");
  if (path.split("/").slice(0, -1).some((folder) => RUNNABLE.includes(ending(folder)))) return true;
  const parts = path.slice(path.lastIndexOf("/") + 1).split(".");
  const inner = parts.length > 2 ? parts[parts.length - 2].trim().toLowerCase() : "";
  return RUNNABLE.includes(inner) || ALLOWED.includes(`.${inner}`);
}

function limit(suffix) {
  if (TEXTS.includes(suffix)) return MAX_TEXT;
  if (BOOKS.includes(suffix)) return MAX_BOOK;
  return PICTURES.includes(suffix) ? MAX_PICTURE : MAX_SIZE;
}

function isProgram(head, suffix) {
  if (PROGRAMS.some((magic) => startsWith(head, magic))) return true;
  if (startsWith(head, ZIP) && suffix !== ".epub") return true;
  const start = unlatin(head.subarray(0, 200)).replace(/^\xef\xbb\xbf/, "");
  const words = start.replace(/^[\s\x1c-\x1f\x85]+/, "").toLowerCase();
  return SCRIPTS.some((word) => words.startsWith(word));
}

// The text without its byte order mark; null where it is none.
function decoded(data) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  } catch {
    return null;
  }
}

// A ZIP's last record near the end, with its directory before it or a comment to the end.
function endsAsZip(tail) {
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (!startsWith(tail.subarray(at), ZIP_END)) continue;
    const size = little(tail.subarray(at + 12, at + 16));
    const comment = little(tail.subarray(at + 20, at + 22));
    const listed = size > 0 && size <= at && startsWith(tail.subarray(at - size), ZIP_RECORD);
    if (listed || at + 22 + comment === tail.length) return true;
  }
  return false;
}

// How many zeros a file must hold that torrent clients write between others; null for others.
export function paddingSize(path) {
  const fits = /^\.pad\/(0|[1-9][0-9]{0,9})$/.exec(path);
  return fits ? Number(fits[1]) : null;
}

// The first bytes of what macOS and Windows drop into folders; undefined for other names.
// What stands beside a file has its ending, and runs as it does.
export function litterMagic(name) {
  const beside = name.startsWith("._") ? suffixOf(name.slice(2)) : "";
  return beside && !ALLOWED.includes(beside)
    ? undefined
    : LITTER.find(([fits]) => fits.test(name))?.[1];
}
