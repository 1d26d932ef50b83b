import { describe, expect, it } from 'vitest';
import {
  batchSize,
  duration,
  logitCount,
  operationList,
  runCount,
  seedNumber,
  spellInfinity,
  workerCount,
} from './options.ts';

describe('duration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['1h', 3_600_000],
    ['0s', 0],
  ])('should read %s', (text, ms) => {
    expect(duration(text)).toBe(ms);
  });

  it.each(['', '30', 's', '-1s', '1 s', '1d', '1e3s', '1m30s'])("should refuse '%s'", (text) => {
    expect(() => duration(text)).toThrow('Expected a duration like 30s, 5m or 1h.');
  });

  it('should refuse what no timer waits for', () => {
    expect(duration('596h')).toBeLessThan(2 ** 31);
    expect(() => duration('597h')).toThrow('Expected a duration of at most 24 days, 576h.');
  });
});

describe('seedNumber', () => {
  it('should take any 32 bits, signed or not', () => {
    expect(['-2147483648', '0', '-1', '4294967295'].map(seedNumber)).toEqual([
      -2147483648, 0, -1, 4294967295,
    ]);
  });

  it.each(['-2147483649', '4294967296', '1.5', '1e3', 'x', ''])("should refuse '%s'", (text) => {
    expect(() => seedNumber(text)).toThrow('Expected an integer from -2147483648 to 4294967295.');
  });
});

describe('workerCount', () => {
  it('should take 64 processes on any machine, and not thousands', () => {
    expect(['1', '64'].map(workerCount)).toEqual([1, 64]);
    for (const text of ['0', '-1', '1.5', '']) expect(() => workerCount(text)).toThrow('at least 1');
    expect(() => workerCount('100000')).toThrow(/Expected at most \d+: more than one a core gain nothing/);
  });
});

describe('logitCount', () => {
  it('should take what an array can hold', () => {
    expect(['1', '268435456'].map(logitCount)).toEqual([1, 2 ** 28]);
    for (const text of ['0', '268435457', '1e3', ''])
      expect(() => logitCount(text)).toThrow('Expected an integer from 1 to 268435456.');
  });
});

describe('batchSize and runCount', () => {
  it('should take integers in their range alone', () => {
    expect([batchSize('1'), batchSize('100000'), runCount('0')]).toEqual([1, 100_000, 0]);
    for (const text of ['0', '-1', '1.5', '', '100001', '1e3'])
      expect(() => batchSize(text)).toThrow('from 1 to 100000');
    for (const text of ['-1', '1.5', '', 'x'])
      expect(() => runCount(text)).toThrow('Expected an integer of at least 0.');
  });
});

describe('operationList', () => {
  it('should read names between commas, and name the nearest of a wrong one', () => {
    expect(operationList('softmax, logSumExp')).toEqual(['softmax', 'logSumExp']);
    expect(() => operationList('softmax,crossentropy')).toThrow(
      "there is no operation 'crossentropy'; did you mean crossEntropy?",
    );
    expect(() => operationList('')).toThrow("there is no operation ''");
  });
});

describe('spellInfinity', () => {
  it('should write what commander would take for an option as a word', () => {
    expect(['-inf', '-Infinity', '-INF', 'inf', '-i', '--inf', '-1'].map(spellInfinity)).toEqual([
      'ff800000',
      'ff800000',
      'ff800000',
      'inf',
      '-i',
      '--inf',
      '-1',
    ]);
  });
});
