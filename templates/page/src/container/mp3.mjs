// MP3: an ID3v2 tag, audio frames, and then one APEv2 tag whose one item `Dummy` is the seal.

import { big, equal, latin, little, startsWith, text } from "../bytes.mjs";

const APE = text("APETAGEX");
const TAG = 32; // header, and footer
const ITEM = 14; // u32 size, u32 flags, "Dummy", 0
const DUMMY = latin("Dummy\0");
const HAS_HEADER = 0x80000000;
const IS_HEADER = 0x20000000;
const MAX_FRAMES = 4_000_000;
const RATES = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
};
const SAMPLES = { 3: [44100, 48000, 32000], 2: [22050, 24000, 16000], 0: [11025, 12000, 8000] };

export const kind = "mp3";
export const armoured = true;
export const matches = (head) =>
  equal(head.subarray(0, 3), text("ID3")) || (head[0] === 0xff && head[1] >= 0xe0);

export async function walk(readAt, size) {
  let at = await behindId3(readAt);
  for (let count = 0; count < MAX_FRAMES && at < size; count += 1) {
    const length = frameLength(await readAt(at, 4));
    if (!length) break;
    at += length;
  }
  const slot = slotOf(await readAt(at, TAG + ITEM), at);
  if (!slot) return { slots: [], end: at };
  return { slots: [slot], end: slot.start + slot.length + TAG };
}

// A tag whose footer ends exactly at the end of the file.
export function atTail(tail, start, size) {
  const footer = tail.subarray(-TAG);
  if (footer.length < TAG || !startsWith(footer, APE)) return null;
  const at = tail.length - little(footer.subarray(12, 16)) - TAG;
  const slot = at >= 0 ? slotOf(tail.subarray(at, at + TAG + ITEM), start + at) : null;
  return slot && slot.start + slot.length + TAG === size ? slot : null;
}

function slotOf(data, at) {
  if (data.length < TAG + ITEM || !startsWith(data, APE)) return null;
  const length = little(data.subarray(TAG, TAG + 4));
  const whole = little(data.subarray(12, 16)) === ITEM + length + TAG;
  const one = little(data.subarray(8, 12)) === 2000 && little(data.subarray(16, 20)) === 1;
  const flags = little(data.subarray(20, 24)) === HAS_HEADER + IS_HEADER;
  const item = little(data.subarray(TAG + 4, TAG + 8)) === 0 && equal(data.subarray(TAG + 8), DUMMY);
  return whole && one && flags && item ? { start: at + TAG + ITEM, length, suffix: TAG } : null;
}

async function behindId3(readAt) {
  const head = await readAt(0, 10);
  if (head.length < 10 || !equal(head.subarray(0, 3), text("ID3"))) return 0;
  const size = head.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 127), 0);
  return 10 + size + (head[5] & 0x10 ? 10 : 0);
}

// Bytes of the layer III frame that starts here; 0 where none does.
function frameLength(data) {
  if (data.length < 4 || (big(data.subarray(0, 2)) & 0xffe6) !== 0xffe2) return 0;
  const version = (data[1] >> 3) & 3;
  const rate = RATES[version === 3 ? 1 : 2][data[2] >> 4];
  const samples = (SAMPLES[version] || [])[(data[2] >> 2) & 3];
  if (!rate || !samples) return 0;
  return Math.floor(((version === 3 ? 144 : 72) * rate * 1000) / samples) + ((data[2] >> 1) & 1);
}
