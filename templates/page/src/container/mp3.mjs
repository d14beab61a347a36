// MP3: an ID3v2 tag, audio frames, and then one APEv2 tag whose one item `Dummy` is the seal.
//
// The item is a list of two texts, the first empty: many programs show the first.

import { concat, equal, latin, little, startsWith, text } from "../bytes.mjs";

const TAG = 32; // header, and footer
const ITEM = 15; // u32 size, u32 flags, "Dummy", 0, 0
const HEADER = TAG + ITEM;
const MAX_ROOM = 2 ** 31;
const WINDOW = 1024 * 1024;
const KBITS = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
};
const RATES = { 3: [44100, 48000, 32000], 2: [22050, 24000, 16000], 0: [11025, 12000, 8000] };

export const armoured = true;
export const matches = (head) => startsWith(head, text("ID3")) || frameLength(head, 0) > 0;

export async function walk(readAt, size) {
  const start = await audioStart(readAt);
  if (start === null) return { slots: [], end: 0 };
  const at = await audioEnd(readAt, start, size);
  const length = roomOf(await readAt(at, HEADER));
  if (at === start || length === null) return { slots: [], end: at };
  const slot = { start: at + HEADER, length, suffix: TAG };
  return { slots: [slot], end: slot.start + length + TAG };
}

// The tag whose footer is the end of the file.
export async function atTail(readAt, size, limit) {
  const footer = await readAt(Math.max(0, size - TAG), TAG);
  const length = little(footer.subarray(12, 16)) - ITEM - TAG;
  const start = size - TAG - length;
  if (length < 0 || length > limit || start < HEADER) return null;
  const fits = roomOf(await readAt(start - HEADER, HEADER)) === length;
  return fits ? { start, length, suffix: TAG } : null;
}

// The length of the one item, if the header is exactly that of a tag with nothing else.
function roomOf(data) {
  if (data.length < HEADER) return null;
  const room = little(data.subarray(TAG, TAG + 4)) - 1;
  return room >= 0 && room <= MAX_ROOM && equal(data, headerOf(room)) ? room : null;
}

function headerOf(room) {
  const tag = [2000, ITEM + room + TAG, 1, 0xa0000000, 0, 0].map(littleBytes);
  return concat(
    text("APETAGEX"),
    ...tag,
    littleBytes(room + 1),
    littleBytes(0),
    latin("Dummy\0\0"),
  );
}

function littleBytes(number) {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, number, true);
  return data;
}

// Where the ID3v2 tag at the head ends; 0 without one, null for a broken one.
async function audioStart(readAt) {
  const head = await readAt(0, 10);
  if (!startsWith(head, text("ID3"))) return 0;
  if (head.length < 10 || head.subarray(6).some((byte) => byte > 0x7f)) return null;
  const size = head.subarray(6).reduce((sum, byte) => sum * 128 + byte, 0);
  return 10 + size + (head[5] & 0x10 ? 10 : 0);
}

// Where the frames that start at `at` end; beyond `size` if the last one is cut off.
async function audioEnd(readAt, at, size) {
  while (at < size) {
    const data = await readAt(at, WINDOW);
    let offset = 0;
    while (offset + 4 <= data.length) {
      const length = frameLength(data, offset);
      if (!length) return at + offset;
      offset += length;
    }
    if (!offset) return at;
    at += offset;
  }
  return at;
}

// Bytes of the layer III frame that starts at `at`; 0 where none does.
function frameLength(data, at) {
  if (at + 4 > data.length || data[at] !== 0xff || (data[at + 1] & 0xe6) !== 0xe2) return 0;
  const version = (data[at + 1] >> 3) & 3;
  const kbit = KBITS[version === 3 ? 1 : 2][data[at + 2] >> 4];
  const rate = (RATES[version] || [])[(data[at + 2] >> 2) & 3];
  if (!kbit || !rate) return 0;
  return Math.floor(((version === 3 ? 144000 : 72000) * kbit) / rate) + ((data[at + 2] >> 1) & 1);
}
