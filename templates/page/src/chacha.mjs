// ChaCha20 (RFC 8439) with a zero nonce from block 0. A key never serves twice.

const CONSTANT = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
const ROUNDS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

export function whiten(key, data) {
  const view = new DataView(key.buffer, key.byteOffset, 32);
  const words = Array.from({ length: 8 }, (_, at) => view.getUint32(4 * at, true));
  const state = Uint32Array.from([...CONSTANT, ...words, 0, 0, 0, 0]);
  const out = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 64, state[12] += 1) {
    const stream = block(state);
    const end = Math.min(64, data.length - at);
    for (let n = 0; n < end; n += 1)
      out[at + n] = data[at + n] ^ (stream[n >> 2] >>> (8 * (n & 3)));
  }
  return out;
}

function block(state) {
  const x = Uint32Array.from(state);
  for (let round = 0; round < 10; round += 1)
    for (const [a, b, c, d] of ROUNDS) quarter(x, a, b, c, d);
  return x.map((word, at) => word + state[at]);
}

function quarter(x, a, b, c, d) {
  step(x, a, b, d, 16);
  step(x, c, d, b, 12);
  step(x, a, b, d, 8);
  step(x, c, d, b, 7);
}

function step(x, a, b, d, turn) {
  x[a] += x[b];
  const mixed = x[d] ^ x[a];
  x[d] = (mixed << turn) | (mixed >>> (32 - turn));
}
