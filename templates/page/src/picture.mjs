// JPEG and PNG: nothing but the parts that make the picture, each as long as it must be. The rules
// of packager/safety/picture.py.

import { big, concat, equal, latin, startsWith, unlatin } from "./bytes.mjs";

const MAX_PIXELS = 40_000_000;
const JPEG = latin("\xff\xd8");
const [END, SCAN] = [0xd9, 0xda];
const FRAMES = [0xc0, 0xc1, 0xc2];
const MAX_SCANS = 100;
const MAX_WORK = 600_000_000; // pixels of all scans together
const PNG = latin("\x89PNG\r\n\x1a\n");
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
const LENGTHS = {
  gAMA: [4],
  cHRM: [32],
  sRGB: [1],
  sBIT: [1, 2, 3, 4],
  pHYs: [9],
  bKGD: [1, 2, 6],
  IEND: [0],
  IHDR: [13],
};
const PALETTES = { PLTE: 768, tRNS: 256 };
const ADAM7 = "0088 4088 0448 2044 0224 1022 0112";

// Whether something is in a picture besides the picture, or it is none.
export async function hides(data) {
  if (startsWith(data, PNG)) return !(await isPlainPng(data));
  return !(startsWith(data, JPEG) && isPlainJpeg(data));
}

async function isPlainPng(data) {
  let at = PNG.length;
  let size = 0;
  const packed = [];
  const seen = [""];
  while (at + 12 <= data.length && seen[seen.length - 1] !== "IEND") {
    const length = big(data.subarray(at, at + 4));
    const kind = unlatin(data.subarray(at + 4, at + 8));
    const body = data.subarray(at + 8, at + 8 + length);
    const check = data.subarray(at + 8 + length, at + 12 + length);
    if (check.length < 4 || crc32(data.subarray(at + 4, at + 8 + length)) !== big(check))
      return false;
    const again = seen.includes(kind) && !(kind === "IDAT" && seen[seen.length - 1] === kind);
    if (again || (kind === "IHDR") !== (seen.length === 1) || !fits(kind, length)) return false;
    if (kind === "IHDR") size = unpackedSize(body);
    if (kind === "IDAT") packed.push(body);
    seen.push(kind);
    at += 12 + length;
  }
  const ends = seen[seen.length - 1] === "IEND" && at === data.length;
  return ends && size > 0 && (await unpacksTo(concat(...packed), size));
}

const fits = (kind, length) =>
  kind in PALETTES
    ? length > 0 && length <= PALETTES[kind]
    : kind === "IDAT" || (LENGTHS[kind] || []).includes(length);

function unpackedSize(head) {
  const [width, height] = [big(head.subarray(0, 4)), big(head.subarray(4, 8))];
  const [depth, colour, method, filters, interlaced] = head.subarray(8);
  const known = (DEPTHS[colour] || []).includes(depth) && !(method | filters) && interlaced <= 1;
  if (!known || !(width * height > 0 && width * height <= MAX_PIXELS)) return 0;
  let total = 0;
  for (const pass of (interlaced ? ADAM7 : "0011").split(" ")) {
    const [left, top, right, down] = Array.from(pass, Number);
    const columns = Math.ceil((width - left) / right);
    const rows = Math.ceil((height - top) / down);
    const bits = columns * depth * CHANNELS[colour];
    if (columns > 0 && rows > 0) total += rows * (1 + Math.ceil(bits / 8));
  }
  return total;
}

async function unpacksTo(packed, size) {
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const reader = stream.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size -= part.value.length;
      if (size < 0) return false;
    }
  } catch {
    return false;
  }
  return size === 0;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit += 1) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});

function crc32(data) {
  let sum = 0xffffffff;
  for (const byte of data) sum = CRC[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function isPlainJpeg(data) {
  let at = JPEG.length;
  let [frames, scans, pixels] = [0, 0, 0];
  while (data[at] === 0xff && !(data[at + 1] === END)) {
    const marker = data[at + 1];
    const length = big(data.subarray(at + 2, at + 4));
    const body = data.subarray(at + 4, at + 2 + length);
    if (length < 2 || body.length !== length - 2 || !isPlainSegment(marker, body)) return false;
    frames += FRAMES.includes(marker);
    if (FRAMES.includes(marker)) pixels = big(body.subarray(1, 3)) * big(body.subarray(3, 5));
    scans += marker === SCAN;
    at += 2 + length;
    if (marker === SCAN) {
      const next = afterScan(data, at);
      if (next === at || next === data.length) return false;
      at = next;
    }
  }
  const fits = frames === 1 && scans > 0 && scans <= MAX_SCANS && scans * pixels <= MAX_WORK;
  return fits && equal(data.subarray(at), [0xff, END]);
}

function isPlainSegment(marker, body) {
  if (FRAMES.includes(marker)) {
    const pixels = big(body.subarray(1, 3)) * big(body.subarray(3, 5));
    const counted = body.length > 5 && body.length === 6 + 3 * body[5];
    return counted && [1, 3].includes(body[5]) && pixels > 0 && pixels <= MAX_PIXELS;
  }
  if (marker === SCAN) return body.length > 0 && body.length === 4 + 2 * body[0];
  return marker in TABLES && TABLES[marker](body);
}

const TABLES = {
  0xe0: (body) =>
    body.length === 14 && startsWith(body, latin("JFIF\0\x01")) && !(body[12] | body[13]),
  0xee: (body) => body.length === 12 && startsWith(body, latin("Adobe\0")),
  0xdd: (body) => body.length === 2,
  0xdb: (body) => {
    let at = 0;
    while (at < body.length) {
      if ((body[at] & 15) > 3 || body[at] >> 4 > 1) return false;
      at += 1 + 64 * (1 + (body[at] >> 4));
    }
    return at === body.length && at > 0;
  },
  0xc4: (body) => {
    let at = 0;
    while (at + 17 <= body.length) {
      if (body[at] & 0xec) return false;
      at += 17 + body.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
    }
    return at === body.length && at > 0;
  },
};

// Where the next marker stands that is no part of the compressed data.
function afterScan(data, start) {
  for (let at = data.indexOf(0xff, start); at !== -1; at = data.indexOf(0xff, at + 1)) {
    const next = data[at + 1];
    if (next !== undefined && next !== 0 && (next & 0xf8) !== 0xd0) return at;
  }
  return data.length;
}
