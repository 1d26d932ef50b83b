import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Batch, createBatch } from '../../core/batch.ts';
import { operationsOf } from '../../core/kernel.ts';
import type { Operation } from '../../core/operation.ts';
import type { Target } from '../../core/target.ts';
import { UserError } from '../../text/errors.ts';
import { observe } from '../observe.ts';
import { resolveTarget } from '../resolve.ts';
import { checkProgram } from './conformance.ts';

const program = join(import.meta.dirname, '../../../properties/support/program.mjs');
const specifier = (mode: string) => `cmd:'${process.execPath}' '${program}' ${mode}`;

const batchOfCols = (cols: number, rows = 1): Batch =>
  createBatch(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, (_, k) => k),
    new Int32Array(rows).fill(cols - 1),
  );

describe('a program', () => {
  let target: Target;
  beforeAll(async () => {
    target = await resolveTarget(specifier('wild'), { timeoutMs: 30_000, memoryBytes: 200 * 2 ** 20 });
  });
  const call = (cols: number, operation: Operation = 'softmax') =>
    observe(target, operation, batchOfCols(cols));

  it('should be called as its greeting says', () => {
    expect(target).toMatchObject({ name: 'program', profile: 'sequential', known: [], isRemote: true });
    expect(operationsOf(target.kernel)).toEqual(['softmax', 'crossEntropy']);
  });

  it('should be given the bits, and its answer be taken by the bits', async () => {
    const words = Uint32Array.of(0x7fc00001, 0x80000000, 0xff800000, 1, 0x7f800000, 0x3f800000, 0xffc00000);
    const logits = new Float32Array(words.buffer);
    const observed = await observe(target, 'softmax', { ...batchOfCols(7), rows: 1, cols: 20, logits });
    expect(observed).toMatchObject({
      status: 'bad-shape',
      detail: expect.stringMatching(/Float32Array\(7\)/),
    });
    const answer = await target.kernel.softmax?.(logits, 1, 20);
    expect(new Uint32Array((answer as Float32Array).slice().buffer)).toEqual(words);
  });

  it('should be given targets, and its loss be one number', async () => {
    expect(await observe(target, 'crossEntropy', batchOfCols(20, 3))).toEqual({
      status: 'answered',
      output: Float32Array.of(57),
    });
    expect(await call(12, 'crossEntropy')).toEqual({
      status: 'bad-shape',
      detail: 'returned 2 numbers: expected 1',
    });
  });

  it.each<[string, number, string, RegExp]>([
    ['crashes', 2, 'crashed', /^it ended \(SIGSEGV\)$/],
    ['exits', 3, 'crashed', /^it ended \(exit code 3\)$/],
    ['reports an exception', 5, 'threw', /^no GPU$/],
    ['prints', 6, 'bad-shape', /^it wrote to stdout: 10 bytes that are no frame, 'SMF hello'$/],
    ['floods stdout', 7, 'bad-shape', /^it flooded stdout: /],
    [
      'answers another request',
      8,
      'bad-shape',
      /^it sent a frame of type 2 for \d+, and request \d+ was asked/,
    ],
    ['takes all memory', 9, 'out-of-memory', /^it took more memory than 200 MiB$/],
    ['reports that there is none', 14, 'out-of-memory', /^MemoryError: Unable to allocate 4 GiB$/],
    ['dies of it', 15, 'out-of-memory', /^it ended \(SIGABRT: .*std::bad_alloc'\)$/],
    ['reports a wrong type', 10, 'bad-shape', /^returned two$/],
    [
      'speaks another version',
      11,
      'bad-shape',
      /^it speaks version 3 of the protocol: expected one of 1, 2$/,
    ],
  ])(
    'that %s should be a finding, and the calls around it be answered',
    async (_what, cols, status, detail) => {
      const calls = [20, 21, cols, 22, 23].map((each) => call(each));
      const observed = await Promise.all(calls);
      expect(observed.map((each) => each.status)).toEqual([
        'answered',
        'answered',
        status,
        'answered',
        'answered',
      ]);
      expect(observed[2]).toMatchObject({ detail: expect.stringMatching(detail) });
    },
  );

  it('should be ended when it hangs, and the calls around that be answered', async () => {
    const hasty = await resolveTarget(specifier('wild'), { timeoutMs: 1500 });
    const observed = await Promise.all(
      [20, 4, 21].map((cols) => observe(hasty, 'softmax', batchOfCols(cols))),
    );
    expect(observed.map(({ status }) => status)).toEqual(['answered', 'timed-out', 'answered']);
    expect(observed[1]).toMatchObject({ detail: 'no answer within 1.5 s' });
  });

  it('should be given twice the time where it is asked for patience, and its calls be timed', async () => {
    const hasty = await resolveTarget(specifier('wild'), { timeoutMs: 600 });
    const slow = async () => observe(hasty, 'softmax', batchOfCols(13));
    expect(await slow()).toEqual({ status: 'timed-out', detail: 'no answer within 0.6 s' });
    const timed = await hasty.patiently?.(slow);
    expect(timed).toMatchObject({ value: { status: 'answered' }, allowedMs: 600 });
    expect(timed?.longestMs).toBeGreaterThan(600);
    expect(timed?.longestMs).toBeLessThan(1200);
    const never = await hasty.patiently?.(async () => observe(hasty, 'softmax', batchOfCols(4)));
    const detail = 'no answer within 1.2 s, and 0.6 s is allowed';
    expect(never).toMatchObject({ value: { status: 'timed-out', detail }, longestMs: 0 });
    expect(await slow()).toMatchObject({ status: 'timed-out' });
  });

  it('should blame each of several calls that end it', async () => {
    const observed = await Promise.all([3, 20, 3, 2, 20].map((cols) => call(cols)));
    expect(observed.map(({ status }) => status)).toEqual([
      'crashed',
      'answered',
      'crashed',
      'crashed',
      'answered',
    ]);
  });
});

describe('a program that cannot be used', () => {
  const message = async (target: string, startMs = 5000): Promise<string> => {
    const error = await resolveTarget(target, { startMs }).catch((reason) => reason);
    expect(error).toBeInstanceOf(UserError);
    return `${error.message}\n${error.hint}`.replace(`target ${target}: `, '');
  };

  it.each([
    ['silent', /^it sent no greeting within 0.6 s\nExpected a greeting/, 600],
    ['chatty', /^it wrote 'loading the model' before its greeting\nExpected a greeting/],
    ['brief', /^it ended before its greeting \(exit code 5\)\nExpected a greeting/],
    ['foreign', /^it speaks version 3 of the protocol: expected one of 1, 2\n/],
    ['odd', /^there is no operation 'sofmax'; did you mean softmax\?\n/],
    ['empty', /^its greeting names no operations: .*\nExpected "operations": a list of some of softmax/],
    ['plain', /^its greeting is not JSON: .*hello.*\n/],
    ['hurried', /^it sent a frame of type 2 before its greeting\n/],
  ])('should be told what was expected: %s', async (mode, expected, startMs?: number) => {
    expect(await message(specifier(mode), startMs)).toMatch(expected);
  });

  it('should be told where there is none, or none that may run', async () => {
    expect(await message('cmd:./no-such-program')).toMatch(/^there is no program '.\/no-such-program'\n/);
    expect(await message(`cmd:'${program}'`)).toMatch(/' is not executable\nRun chmod \+x/);
    expect(await message('cmd: ')).toMatch(/^target cmd: {2}names no program\n/);
    expect(await message("cmd:a 'b")).toMatch(/^a ' is not closed\n/);
  });
});

describe('checkProgram', () => {
  const failures = async (mode: string) =>
    (await checkProgram(specifier(mode), {})).flatMap(({ name, failure }) =>
      failure === null ? [] : [`${name}: ${failure}`],
    );

  it('should find nothing wrong with a program that keeps to the page', async () => {
    const checks = await checkProgram(specifier('good'), {});
    expect(checks.map(({ failure }) => failure)).toEqual(new Array(6).fill(null));
  });

  it('should name what a program does that does not', async () => {
    expect(await failures('proud')).toEqual([
      'answers every operation that it offers: crossEntropy of 1 x 3: 3 numbers, expected 1',
      'refuses an operation that it does not know, and goes on: it answered with status 0: expected 1, threw',
    ]);
    expect(await failures('sulking')).toEqual([
      'ends when its input ends: it ended with exit code 4: expected exit code 0',
    ]);
    expect(await failures('wild')).toEqual([
      'answers every operation that it offers: it ended (exit code 3)',
      'answers requests in their order, with their ids: it ended (SIGSEGV)',
      'reads a frame that comes in pieces: it ended (exit code 3)',
      'refuses an operation that it does not know, and goes on: it ended (SIGSEGV)',
    ]);
  });
});
