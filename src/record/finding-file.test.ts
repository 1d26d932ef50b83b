import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf, createBatch } from '../core/batch.ts';
import { noSize } from '../core/error-size.ts';
import { fromBits, toHex } from '../float32/bits.ts';
import { UserError } from '../text/errors.ts';
import { fromBatchWords } from './batch-words.ts';
import { type FindingFile, parseFindingFile, toFindingFile } from './finding-file.ts';
import { toFinding } from './read-finding.ts';

/** The file as it is after it was written and read. */
function reread(file: FindingFile): FindingFile {
  return parseFindingFile(JSON.stringify(file), 'f.json');
}

/** The text of a finding's file in which the part at `place` is `value`; undefined leaves it out. */
function textWith(place: string, value: unknown): string {
  const file = structuredClone(toFindingFile(findingOf()));
  const keys = place.split('.');
  const last = keys.pop() ?? '';
  const owner = keys.reduce<object>((part, key) => Reflect.get(part, key), file);
  Reflect.set(owner, last, value);
  return JSON.stringify(file);
}

describe('toFindingFile', () => {
  it('should survive JSON with every float, special ones included', () => {
    const special = [
      0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x7f7fffff, 0x7f800000, 0xff800000,
    ];
    const words = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(...special, 0x7fc00000));
    fc.assert(
      fc.property(fc.array(words.map(fromBits), { minLength: 1, maxLength: 6 }), (logits) => {
        const batch = createBatch(1, logits.length, logits);
        const file = toFindingFile(findingOf({ batch, output: batch.logits, expected: batch.logits }));
        expect(reread(file)).toEqual(file);
        expect(fromBatchWords(reread(file).input)).toEqual(batch);
        expect(file.output).toEqual(logits.map(toHex));
      }),
      { seed: 11, numRuns: 200, examples: [[special.map(fromBits)]] },
    );
  });

  it.each([
    ['article', { by: 'article' }],
    ['saved', { by: 'saved', file: '12345678.json' }],
    ['generated', { by: 'generated', seed: 4294967295, case: 0, families: ['ties', 'bits'] }],
    ['climbed', { by: 'generated', seed: 1, case: 0, families: ['ties'], step: 3 }],
  ] as const)('should survive JSON with each origin: %s', (_by, origin) => {
    const file = toFindingFile(findingOf({ origin, boundary: null, output: null, index: null, detail: 'x' }));
    expect(reread(file)).toEqual(file);
    expect(file.found).toEqual({ ...origin, occurrences: 1234 });
  });

  it('should write the same text for a finding made and for one read', () => {
    const made = findingOf({
      explanation: { classes: 1, logits: [0], targets: [], upstream: [], together: null, values: 16 },
    });
    const text = JSON.stringify(toFindingFile(made));
    expect(JSON.stringify(toFindingFile(toFinding(parseFindingFile(text, 'f.json'))))).toBe(text);
  });

  it('should write what is no finite number as null', () => {
    const worst = { batch: batchOf([[89]]), ...noSize, errorUlp: 3, budgetUse: 2.5 };
    const file = toFindingFile(
      findingOf({ errorUlp: Number.NaN, budgetUse: Number.POSITIVE_INFINITY, worst }),
    );
    expect([file.errorUlp, file.budgetUse]).toEqual([null, null]);
    expect([file.worst.errorUlp, file.worst.budgetUse]).toEqual([3, 2.5]);
  });

  it('should be named by target, bucket and input, not by how it was found', () => {
    const id = (changes = {}) => toFindingFile(findingOf(changes)).id;
    expect(id()).toMatch(/^[0-9a-f]{8}$/);
    expect(id({ occurrences: 5, origin: { by: 'article' }, original: batchOf([[5]]) })).toBe(id());
    const others = [
      { bucket: 'softmax/nan/ordinary' },
      { batch: batchOf([[90]]) },
      { target: { name: 'other', specifier: './mine.mjs' } },
    ];
    expect(new Set([id(), ...others.map(id)]).size).toBe(4);
  });

  it('should hold the steps of built-in kernels alone', () => {
    const naive = toFindingFile(findingOf({ target: { name: 'naive', specifier: 'naive' } }));
    expect(naive.trace).toEqual({
      steps: [
        { op: 'exp', operands: ['42b20000'], result: '7f800000' },
        { op: 'add', operands: ['00000000', '7f800000'], result: '7f800000' },
        { op: 'div', operands: ['7f800000', '7f800000'], result: '7fc00000' },
      ],
      firstNonFinite: 0,
    });
    expect(reread(naive)).toEqual(naive);
    expect(
      toFindingFile(findingOf({ target: { name: 'naive', specifier: './naive.mjs' } })).trace,
    ).toBeNull();
  });
});

describe('parseFindingFile', () => {
  it('should read files from before there were explanations', () => {
    expect(parseFindingFile(textWith('explanation', undefined), 'f.json').explanation).toBeUndefined();
    expect(parseFindingFile(textWith('explanation', null), 'f.json').explanation).toBeNull();
  });

  it.each([
    ['schemaVersion', 3, 'f.json is of schema version 3: this softmax-fuzz reads versions 1 and 2'],
    ['schemaVersion', undefined, 'f.json, at schemaVersion: '],
    ['expected', undefined, 'f.json, at expected: '],
    ['operation', 'matmul', 'f.json, at operation: '],
    ['found.by', 'luck', 'f.json, at found'],
    ['input.logits.0', '42b2000', "f.json, at input.logits.0: '42b2000' is not a word: expected 8 hex"],
    ['input.logits.0', '0x42b20000', 'f.json, at input.logits.0: '],
    [
      'input.logits.0',
      '42b20000*0',
      'expected 8 hex digits, like 42b20000, or 4 of a 16-bit format, and a number from 1 to 999999999',
    ],
    [
      'expected.0',
      1,
      'f.json, at expected.0: 1 is not a word: expected hex digits in quotes, "42b20000" for 89',
    ],
    ['input.rows', 0, 'f.json, at input.rows: '],
    ['input.cols', 0.5, 'f.json, at input.cols: '],
    ['input.logits', [], 'f.json, at input: 0 logits do not fill 1 x 1: expected 1'],
    ['original.cols', 2, 'f.json, at original: 3 logits do not fill 1 x 2: expected 2'],
    ['input.targets', [1], 'f.json, at input: the target of row 0 is 1: expected a class index from 0 to 0'],
    ['worst.input.targets', [-1], 'f.json, at worst.input: the target of row 0 is -1'],
    ['input.targets', [0, 0], 'f.json, at input: 2 targets for 1 rows'],
    ['output', ['3f800000', '00000000'], 'f.json, at output: 2 words where softmax gives 1'],
    ['expected', [], 'f.json, at expected: 0 words where softmax gives 1'],
    ['excerpt', { length: 1, index: 1 }, 'f.json, at output: 1 words for number 1 of 1: expected one'],
    ['excerpt', { length: 2, index: 1 }, 'f.json, at output: 2 words where softmax gives 1'],
  ])('should refuse a file whose %s is %j', (place, value, message) => {
    const text = textWith(place, value);
    expect(() => parseFindingFile(text, 'f.json')).toThrow(UserError);
    expect(() => parseFindingFile(text, 'f.json')).toThrow(message);
  });

  it.each([
    ['', 'f.json is not JSON'],
    ['{"schemaVersion":1,', 'f.json is not JSON'],
    ['null', 'f.json: expected an object'],
    ['[]', 'f.json, at schemaVersion'],
    ['"text"', 'f.json: expected an object'],
  ])('should refuse the text %j', (text, message) => {
    expect(() => parseFindingFile(text, 'f.json')).toThrow(UserError);
    expect(() => parseFindingFile(text, 'f.json')).toThrow(message);
  });
});
