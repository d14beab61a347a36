// JPEG and PNG: nothing but the parts that make the picture, and nothing behind its end. The rules
// of packager/safety/picture.py.

import { big, equal, latin, startsWith, unlatin } from "./bytes.mjs";

const PNG = latin("\x89PNG\r\n\x1a\n");
const PNG_PARTS = "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD pHYs".split(" ");
const JPEG = latin("\xff\xd8");
const [END, SCAN, COMMENT, NOTE] = [0xd9, 0xda, 0xfe, 0xe0];
const MAX_NOTES = 64 * 1024;

// Whether something is in a picture besides the picture, or it is none.
export function hides(data) {
  if (startsWith(data, PNG)) return !isPlainPng(data);
  return !(startsWith(data, JPEG) && isPlainJpeg(data));
}

function isPlainPng(data) {
  for (let at = PNG.length; at + 8 <= data.length;) {
    const length = big(data.subarray(at, at + 4));
    const kind = unlatin(data.subarray(at + 4, at + 8));
    if (!PNG_PARTS.includes(kind)) return false;
    at += 12 + length;
    if (kind === "IEND") return at === data.length && !length;
  }
  return false;
}

function isPlainJpeg(data) {
  let notes = 0;
  let at = JPEG.length;
  while (at + 2 <= data.length && data[at] === 0xff && data[at + 1] !== END) {
    const marker = data[at + 1];
    const length = big(data.subarray(at + 2, at + 4));
    if (marker === COMMENT || (marker & 0xf0) === NOTE) notes += length;
    at += 2 + length;
    if (marker === SCAN) at = afterScan(data, at);
  }
  return notes <= MAX_NOTES && equal(data.subarray(at), [0xff, END]);
}

// Where the next marker stands that is no part of the compressed data.
function afterScan(data, start) {
  for (let at = data.indexOf(0xff, start); at !== -1; at = data.indexOf(0xff, at + 1)) {
    const next = data[at + 1];
    const inside = next === undefined || next === 0 || next === 0xff || (next & 0xf8) === 0xd0;
    if (!inside) return at;
  }
  return data.length;
}
