import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, temporaryFolders } from '../../properties/support/command.ts';
import { findingOf } from '../../properties/support/findings.ts';
import { type Shard, whole } from '../campaign/explore/shard.ts';
import type { FuzzOptions } from '../campaign/fuzz.ts';
import type { CampaignState } from '../campaign/state.ts';
import { batchOf } from '../core/batch.ts';
import { noSize } from '../core/error-size.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { readState, resumeJournal, startJournal } from './journal.ts';
import { packageVersion, planOf } from './state-file.ts';

const makeFolder = temporaryFolders();
const targets = [builtinTarget('naive')];
const options: FuzzOptions = {
  seed: 1,
  runs: 50,
  operations: ['softmax'],
  generation: { cols: 3, rows: undefined },
};

const state: CampaignState = {
  finished: false,
  elapsedMs: 1234,
  done: [
    [-1, 7],
    [9, 12],
  ],
  tallies: [
    {
      cases: 11,
      elements: 99,
      accuracies: new Map([
        [
          'softmax',
          {
            ulps: new Map([[-4, 3]]),
            uses: new Map([[-8, 3]]),
            worstUlp: { error: 1.5, case: -1, index: 2, cols: 3, logits: Float32Array.of(0, 1, -2) },
            worstUse: { error: 0.4, case: 7, index: 20, cols: 70, logits: null },
          },
        ],
      ]),
      places: new Map([
        [
          'softmax',
          {
            gaps: new Map([
              [0, { numbers: 3, wrong: 0, worstUlp: 1.5, allowedUlp: 4, worstUse: Number.POSITIVE_INFINITY }],
            ]),
            lengths: new Map([
              [
                17,
                { numbers: 0, wrong: 2, worstUlp: -1, allowedUlp: Number.POSITIVE_INFINITY, worstUse: -1 },
              ],
            ]),
          },
        ],
      ]),
      coverage: new Map([[40, { numbers: 2, wrong: 0, worstUlp: 0.5, allowedUlp: 2, worstUse: 0.25 }]]),
      repeats: { asked: 7, same: 6 },
      discoveries: new Map([
        [
          'softmax/nan/exp-overflow',
          {
            signature: { operation: 'softmax', kind: 'nan', trigger: 'exp-overflow', severity: 'error' },
            simplest: { case: -1, step: 0, finite: true, rows: 1, cols: 3, cells: 2, ...noSize, weight: 0.5 },
            worst: { case: 9, step: 3, ...noSize },
            first: -1,
            occurrences: 4,
            weights: new Map([
              [-4, 3],
              [7, 1],
            ]),
          },
        ],
      ]),
    },
  ],
};

/** A folder with the journal of a campaign that was killed. */
function interrupted(shard: Shard = whole): string {
  const folder = makeFolder();
  const journal = startJournal(folder, planOf(targets, options), shard);
  journal.keep(0, 'softmax/nan/exp-overflow', findingOf());
  journal.save(state);
  return folder;
}

const resume = (folder: string, changes: Partial<FuzzOptions> = {}, shard = whole) =>
  resumeJournal(folder, planOf(targets, { ...options, ...changes }), shard);

describe('startJournal', () => {
  it('should begin anew, whatever an earlier run has left', () => {
    const folder = interrupted();
    const journal = startJournal(folder, planOf(targets, options), whole);
    expect(journal.state).toBeNull();
    expect(journal.finding(0, 'softmax/nan/exp-overflow')).toBeNull();
    expect(filesIn(folder)).toEqual(['shrunk']);
  });
});

describe('resumeJournal', () => {
  it('should go on where the last one ended, to the bit', () => {
    const journal = resume(interrupted());
    expect(journal.state).toEqual(state);
    expect(journal.finding(0, 'softmax/nan/exp-overflow')).toEqual(findingOf());
    expect(journal.finding(0, 'softmax/zeroed/ordinary')).toBeNull();
  });

  it('should begin anew where there is nothing to resume', () => {
    expect(resume(makeFolder()).state).toBeNull();
  });

  it('should remove the half files of a killed process', () => {
    const folder = interrupted();
    mkdirSync(join(folder, 'findings'));
    for (const file of ['state.json.1.tmp', 'shrunk/x.json.1.tmp', 'findings/0a.json.99.tmp'])
      writeFileSync(join(folder, file), '{"half');
    resume(folder);
    expect(filesIn(folder).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it.each<[string, Partial<FuzzOptions>, string]>([
    ['the seed', { seed: 2 }, 'its seed is 1, not 2'],
    ['the number of runs', { runs: 60 }, 'its runs is 50, not 60'],
    ['the time in its place', { runs: undefined, maxTimeMs: 9 }, 'its runs is 50, not null'],
    [
      'the operations',
      { operations: ['logSumExp'] },
      'its targets.0.operations.0 is "softmax", not "logSumExp"',
    ],
    ['the shapes', { generation: { cols: 4 } }, 'its generation.cols is 3, not 4'],
    [
      'a shape that was not fixed',
      { generation: { cols: 3, rows: 1 } },
      'its generation.rows is undefined, not 1',
    ],
    [
      'the saved batches',
      { saved: [{ file: 'a.json', batch: batchOf([[1]]) }] },
      'its saved.0 is undefined, not {',
    ],
  ])('should refuse another campaign: %s', (_what, changes, difference) => {
    const folder = interrupted();
    expect(() => resume(folder, changes)).toThrow(`state.json is of another campaign: ${difference}`);
  });

  it('should refuse another shard, other targets and another version', () => {
    const folder = interrupted();
    expect(() => resume(folder, {}, { index: 1, count: 2 })).toThrow('its shard.count is 1, not 2');
    const strict = planOf([{ ...targets[0], profile: 'strict' }], options);
    expect(() => resumeJournal(folder, strict, whole)).toThrow(
      'its targets.0.profile is "sequential", not "strict"',
    );

    const path = join(folder, 'state.json');
    const earlier = readFileSync(path, 'utf8').replace(/,"sha256":"\w+"/, '');
    writeFileSync(path, earlier.replace(packageVersion, '0.0.1'));
    expect(() => resume(folder)).toThrow(
      `state.json is of softmax-fuzz 0.0.1, and this is ${packageVersion}`,
    );
  });

  it('should take time for no part of the campaign', () => {
    expect(resume(interrupted(), { maxTimeMs: 5 }).state).toEqual(state);
  });
});

describe('readState', () => {
  it('should say what is wrong with a file that is no state', () => {
    const folder = interrupted();
    const path = join(folder, 'state.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, -9));
    expect(() => readState(folder)).toThrow('state.json is not JSON');
    writeFileSync(path, text.replace('"cases":11', '"cases":12'));
    expect(() => readState(folder)).toThrow(
      'state.json was changed or damaged since it was written: it does not fit its sha256',
    );
    const earlier = text.replace(/,"sha256":"\w+"/, '');
    writeFileSync(path, earlier);
    expect(readState(folder)).toMatchObject({ tallies: [{ cases: 11 }] });
    writeFileSync(path, earlier.replace('"cases":11', '"cases":-11'));
    expect(() => readState(folder)).toThrow('state.json, at tallies.0.cases: ');
  });
});
