/** A loss and its gradient with all options, in a program that speaks version 2 of the protocol by the page alone; `first` takes the first upstream value for all rows. */
import { readSync, writeSync } from 'node:fs';

const [, , mode = 'right'] = process.argv;

function send(type, id, operation, status, json, floats = new Float32Array()) {
  const text = Buffer.from(JSON.stringify(json));
  const header = [0x5a464d53, 2, type, id, operation, 0, 0, status, text.length, floats.byteLength, 0, 0];
  writeSync(
    1,
    Buffer.concat([Buffer.from(Uint32Array.from(header).buffer), text, Buffer.from(floats.buffer)]),
  );
}

function read(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0, count; at < length; at += count) {
    count = readSync(0, bytes, at, length - at);
    if (count === 0) process.exit();
  }
  return new Uint8Array(bytes).buffer;
}

const arrays = { f32: Float32Array, i32: Int32Array };

function readRequest() {
  const [, , , id, operation, rows, cols, , jsonBytes, arrayBytes] = new Uint32Array(read(48));
  const { tensors = [], options = {} } = JSON.parse(Buffer.from(read(jsonBytes)).toString());
  const bytes = read(arrayBytes);
  const given = { ...options };
  let at = 0;
  for (const { name, type, shape } of tensors) {
    const length = shape.reduce((a, b) => a * b, 1);
    given[name] = new arrays[type](bytes, at, length);
    at += 4 * length;
  }
  return { id, operation, rows, cols, given };
}

const known =
  'logits targets reduction ignoreIndex classWeights rowWeights labelSmoothing zLoss probabilities upstream'.split(
    ' ',
  );

/** The losses of rows, their gradients, and what a mean divides both parts by. */
function rowsOf(rows, cols, given) {
  const {
    logits,
    targets,
    ignoreIndex,
    classWeights,
    rowWeights,
    labelSmoothing: e = 0,
    zLoss = 0,
    probabilities,
  } = given;
  const weight = (j) => classWeights?.[j] ?? 1;
  return Array.from({ length: rows }, (_, r) => {
    const x = logits.subarray(r * cols, (r + 1) * cols);
    const target = targets?.[r];
    const own = rowWeights?.[r] ?? 1;
    if (probabilities === undefined && target === ignoreIndex)
      return { loss: 0, square: 0, gradient: () => 0, weight: 0, count: 0 };
    const max = x.reduce((a, b) => Math.max(a, b), -Infinity);
    const logSum = Math.log(x.reduce((sum, each) => sum + Math.exp(each - max), 0));
    const lse = max + logSum;
    const p = (j) => Math.exp(x[j] - max - logSum);
    const isDense = probabilities !== undefined || e !== 0;
    const q = Array.from(x, (_, j) => {
      const t = probabilities === undefined ? Number(j === target) : probabilities[r * cols + j];
      return own * weight(j) * ((1 - e) * t + e / cols);
    });
    const total = q.reduce((a, b) => a + b, 0);
    return {
      loss: q.reduce(
        (sum, each, j) => (isDense || j === target ? sum + each * (max - x[j] + logSum) : sum),
        0,
      ),
      square: zLoss === 0 ? 0 : own * zLoss * lse * lse,
      gradient: (j, share, ofSquare) =>
        share * (total * p(j) - q[j]) + (zLoss === 0 ? 0 : ofSquare * 2 * own * zLoss * lse * p(j)),
      weight: own * (probabilities === undefined ? weight(target) : 1),
      count: own,
    };
  });
}

function answerOf({ operation, rows, cols, given }) {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no option ${unknown}`);
  const { reduction = 'mean', upstream = 1 } = given;
  const all = rowsOf(rows, cols, given);
  const sum = (of) => all.reduce((total, each) => total + of(each), 0);
  const divisor = reduction === 'mean' ? sum(({ weight }) => weight) : 1;
  const count = reduction === 'mean' ? sum((each) => each.count) : 1;
  if (operation === 4) {
    if (reduction === 'none' && mode !== 'deaf')
      return { shape: [rows], floats: Float32Array.from(all, ({ loss, square }) => loss + square) };
    const squares = sum(({ square }) => square);
    const loss = sum((each) => each.loss) / divisor + (squares === 0 ? 0 : squares / count);
    return { shape: [], floats: Float32Array.of(loss) };
  }
  const u = (r) => (typeof upstream === 'number' ? upstream : upstream[mode === 'first' ? 0 : r]);
  const floats = Float32Array.from({ length: rows * cols }, (_, k) => {
    const r = Math.floor(k / cols);
    return all[r].gradient(k % cols, u(r) / divisor, u(r) / count);
  });
  return { shape: [rows, cols], floats };
}

const taken = known.slice(2);
send(0, 0, 0, 0, {
  name: 'losses',
  operations: ['crossEntropy', 'crossEntropyGrad'],
  options: { crossEntropy: taken.filter((name) => name !== 'upstream'), crossEntropyGrad: taken },
});
for (;;) {
  const request = readRequest();
  const { id, operation } = request;
  try {
    if (operation !== 4 && operation !== 5) throw new Error(`there is no operation ${operation}`);
    const { shape, floats } = answerOf(request);
    send(2, id, operation, 0, { tensors: [{ name: 'answer', type: 'f32', shape }] }, floats);
  } catch ({ message }) {
    send(2, id, operation, 1, { message });
  }
}
