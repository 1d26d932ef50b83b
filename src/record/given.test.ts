import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import { operations } from '../core/operation.ts';
import { toFindingFile } from './finding-file.ts';
import { parseGiven } from './given.ts';

describe('parseGiven', () => {
  it('should read a finding with its operation', () => {
    const finding = toFindingFile(findingOf());
    expect(parseGiven(JSON.stringify(finding), 'f.json')).toEqual({
      batch: batchOf([[89]]),
      operations: ['softmax'],
      finding,
    });
  });

  it('should read a request, whose losses need targets, and vector-Jacobian products upstream values', () => {
    const request = { rows: 1, cols: 2, logits: ['42b20000', '00000000'] };
    const full = { ...request, targets: [1], upstream: ['3f800000', '00000000'] };
    expect(parseGiven(`${JSON.stringify(full)}\n`, 'r.json')).toEqual({
      batch: batchOf([[89, 0]], [1], [1, 0]),
      operations,
      finding: null,
    });
    expect(parseGiven(JSON.stringify(request), 'r.json').operations).toEqual([
      'softmax',
      'logSoftmax',
      'logSumExp',
    ]);
  });

  it('should read words, a row a line or between slashes', () => {
    const rows = batchOf([
      [89, 0],
      [-Infinity, 1],
    ]);
    for (const text of ['42b20000 00000000\nFF800000, 3f800000\n', '42b20000 00000000 / ff800000 3f800000']) {
      expect(parseGiven(text, 'words').batch).toEqual(rows);
    }
  });

  it.each([
    ['', 'words: nothing in it'],
    ['42b20000 89', "words: '89' is not an FP32 word"],
    ['42b20000 00000000\n42b20000', 'words: row 1 has 1 logits, row 0 has 2'],
    ['{"rows":1}\n{"rows":1}', /^words is not JSON: /],
    ['{"rows":1,"cols":1,"logits":[]}', 'words: 0 logits do not fill 1 x 1: expected 1'],
    ['{"schemaVersion":7}', /^words is of schema version 7: /],
  ])('should refuse %j', (text, message) => {
    expect(() => parseGiven(text, 'words')).toThrow(
      expect.objectContaining({
        name: 'UserError',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
  });
});
