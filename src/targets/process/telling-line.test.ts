import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { tellingLine } from './telling-line.ts';

const native = ` 1: 0xb9c1b0 node::Abort() [node]
 2: 0xcb5b0e v8::internal::FatalError
----- JavaScript stack trace -----

1: abort (node:internal/process/per_thread:164:11)
2: /tmp/kernel.mjs:3:11
`;

describe('tellingLine', () => {
  it.each([
    ['', ''],
    ['loading\nready\n', 'ready'],
    ['kernel: no device found, error 3\nbye', 'kernel: no device found, error 3'],
    [
      "file:///k.mjs:3\n  throw new RangeError('too wide');\n        ^\n\nRangeError: too wide\n    at softmax (file:///k.mjs:3:9)\n    at process.abort (node:internal)\n\nNode.js v20.19.0\n",
      'RangeError: too wide',
    ],
    [`RangeError: too wide\n${native}`, 'RangeError: too wide'],
    [
      `<--- Last few GCs --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n${native}`,
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    ],
    [
      'Traceback (most recent call last):\n  File "k.py", line 3, in softmax\n    raise ValueError("no error here")\nRuntimeError: CUDA error: an illegal memory access\nCUDA kernel errors might be reported later.\nCompile with TORCH_USE_CUDA_DSA.\n',
      'RuntimeError: CUDA error: an illegal memory access',
    ],
    [
      "terminate called after throwing an instance of 'std::runtime_error'\n  what():  no such row\nAborted (core dumped)\n",
      "terminate called after throwing an instance of 'std::runtime_error' what():  no such row",
    ],
    [
      "\nthread 'main' panicked at src/main.rs:2:5:\nindex out of bounds: the len is 3\nstack backtrace:\n   0: std::panicking\nnote: run with `RUST_BACKTRACE=1`\n",
      "thread 'main' panicked at src/main.rs:2:5: index out of bounds: the len is 3",
    ],
    [
      '==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60\n    #0 0x4 in softmax k.c:3\n==7==ABORTING\n',
      '==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60',
    ],
    [
      "k: k.c:3: softmax: Assertion `n > 1' failed.\nAborted\n",
      "k: k.c:3: softmax: Assertion `n > 1' failed.",
    ],
    ['free(): invalid pointer\n', 'free(): invalid pointer'],
    [
      'Error in softmax(x) : \n  subscript out of bounds\nCalls: main -> softmax\nExecution halted\n',
      'Error in softmax(x) : subscript out of bounds',
    ],
    ['    at process.abort (node:internal)\n', 'at process.abort (node:internal)'],
  ])('should find in %j what says most', (text, line) => {
    expect(tellingLine(text)).toBe(line);
  });

  it('should find what a program of Node really says', () => {
    const said = (code: string) => tellingLine(spawnSync(process.execPath, ['-e', code]).stderr.toString());
    expect(said("throw new TypeError('wrong');")).toBe('TypeError: wrong');
    expect(said("console.error('RangeError: too wide'); process.abort();")).toBe('RangeError: too wide');
  });
});
