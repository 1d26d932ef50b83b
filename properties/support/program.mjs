/** A program that speaks the protocol by the page alone, and goes wrong as its argument and the number of columns say. */
import { readSync, writeSync } from 'node:fs';

const [, , mode = 'good'] = process.argv;

const bytesOf = (numbers) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);

function send(type, id, status, floats, text, version = 1) {
  const header = [
    0x5a464d53,
    version,
    type,
    id,
    0,
    0,
    0,
    status,
    floats.length,
    0,
    0,
    Buffer.byteLength(text),
  ];
  writeSync(1, Buffer.concat([bytesOf(Uint32Array.from(header)), bytesOf(floats), Buffer.from(text)]));
}

function read(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const count = readSync(0, bytes, at, length - at);
    if (count === 0) process.exit(mode === 'sulking' ? 4 : 0);
    at += count;
  }
  return bytes;
}

const none = new Float32Array();
const greetings = {
  silent: () => read(1),
  chatty: () => console.log('loading the model'),
  brief: () => process.exit(5),
  foreign: () => send(0, 0, 0, none, '{}', 3),
  odd: () => send(0, 0, 0, none, '{"operations":["sofmax"]}'),
  empty: () => send(0, 0, 0, none, '{"name":"empty"}'),
  plain: () => send(0, 0, 0, none, 'hello'),
  hurried: () => send(2, 0, 0, none, ''),
};
const greet = () =>
  send(0, 0, 0, none, '{"name":"program","operations":["crossEntropy","softmax"],"profile":"sequential"}');
(greetings[mode] ?? greet)();

for (;;) {
  const word = new Uint32Array(new Uint8Array(read(48)).buffer);
  const [, , , id, operation, , cols] = word;
  const logits = new Float32Array(new Uint8Array(read(4 * word[8])).buffer);
  const targets = new Int32Array(new Uint8Array(read(4 * word[9])).buffer);
  read(4 * word[10] + word[11]);
  const answer = (floats) => send(2, id, 0, floats, '');
  if (mode === 'wild') {
    if (cols === 2) process.kill(process.pid, 'SIGSEGV');
    if (cols === 3) process.exit(3);
    if (cols === 4) for (;;);
    if (cols === 5) send(2, id, 1, none, 'no \n GPU');
    if (cols === 6) writeSync(1, 'SMF hello\n');
    if (cols === 7) for (;;) writeSync(1, 'no frame at all'.repeat(1000));
    if (cols === 8) send(2, id + 1, 0, none, '');
    if (cols === 9) for (const held = []; ; ) held.push(new Float32Array(1e6).fill(1));
    if (cols === 10) send(2, id, 2, none, 'returned two');
    if (cols === 13) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900);
    if (cols === 14) send(2, id, 1, none, 'MemoryError: Unable to allocate 4 GiB');
    if (cols === 15) {
      writeSync(2, "terminate called after throwing an instance of 'std::bad_alloc'\n");
      process.abort();
    }
    if (cols === 11) send(2, id, 0, none, '', 3);
    if (cols === 5 || cols === 10 || cols === 14) continue;
  }
  if (mode === 'proud' || operation === 1) answer(logits.map((x) => (cols === 1 && x !== 1e30 ? 1 : x)));
  else if (operation === 4)
    answer(
      Float32Array.of(
        targets.reduce((a, b) => a + b, 0),
        ...(cols === 12 ? [1] : []),
      ),
    );
  else send(2, id, 1, none, `there is no operation ${operation}`);
}
