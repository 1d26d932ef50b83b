/** Failures that a new target shows only after other calls: found with these, as few and as simple as they can be. */
import { describe, expect, it } from 'vitest';
import { fuzz } from '../src/campaign/fuzz.ts';
import type { Discovered } from '../src/campaign/minimize/discovered.ts';
import { minimize } from '../src/campaign/minimize/minimize.ts';
import { createSequences, type Sequences } from '../src/campaign/minimize/sequences.ts';
import { createBatch } from '../src/core/batch.ts';
import type { Call } from '../src/core/call.ts';
import { noSize } from '../src/core/error-size.ts';
import type { Finding } from '../src/core/finding.ts';
import type { Kernel } from '../src/core/kernel.ts';
import type { Declaration, Target } from '../src/core/target.ts';
import { complete } from '../src/kernels/zoo/parts.ts';
import {
  afterAnother,
  cachedMaximum,
  type Stateful,
  seventhCall,
  staleSum,
} from '../src/kernels/zoo/stateful.ts';
import { parseFindingFile, toFindingFile } from '../src/record/finding-file.ts';
import { parseGiven } from '../src/record/given.ts';
import { minimizeGiven } from '../src/record/minimize.ts';
import { toFinding } from '../src/record/read-finding.ts';
import { replay } from '../src/record/replay.ts';
import { formatCalls } from '../src/report/call.ts';
import { createTarget } from '../src/targets/create.ts';
import { reloadable } from '../src/targets/reload.ts';
import { startOver } from '../src/targets/start-over.ts';

/** A target that can be made new, and how often it has been called. */
function renewable(name: string, make: () => Kernel, declared: Declaration = {}) {
  let calls = 0;
  const load = (): Target =>
    createTarget(
      name,
      Object.fromEntries(
        Object.entries(make()).map(([operation, answer]) => [
          operation,
          (...given: unknown[]) => {
            calls++;
            return answer(...given);
          },
        ]),
      ),
      { profile: 'sequential', nonFinite: false, ...declared },
    );
  return { target: reloadable(load(), async () => load()), calls: () => calls };
}

const targetOf = ({ name, make }: Stateful): Target => renewable(name, make).target;

async function findingsOf(target: Target, runs: number, seed = 1): Promise<readonly Finding[]> {
  const { targets } = await fuzz([target], { seed, runs, generation: { maxCols: 70, maxRows: 3 } });
  return targets[0].findings;
}

/** A call with a row of this length. */
function callOf(cols: number): Call {
  return { operation: 'softmax', batch: createBatch(1, cols, new Float32Array(cols)) };
}

/** Its calls and its answer: `softmax([0 ×33]); softmax([0]) → 0.5`. */
function told(finding: Finding): string {
  return `${formatCalls(finding)} → ${finding.output}`;
}

describe('a failure that needs calls before it', () => {
  it.each([
    [staleSum, 'softmax/inaccurate/ordinary', 'softmax([0 ×33]); softmax([0]) → 0.5'],
    [cachedMaximum, 'softmax/nan/exp-overflow', 'softmax([0]); softmax([89]) → NaN'],
    [seventhCall, 'softmax/inaccurate/ordinary', 'softmax([0]) ×6; softmax([0]) → 0.3'],
    [afterAnother, 'softmax/zeroed/ordinary', 'logSumExp([0, 0, 0, 0, 0]); softmax([0]) → 0'],
  ])('should be told with these, of $name', async (kernel, bucket, expected) => {
    const findings = await findingsOf(targetOf(kernel), 60);
    const finding = findings.find((each) => each.bucket === bucket);
    expect(finding && told(finding).replace(/0\.3\d+/, '0.3')).toBe(expected);
    expect(finding).toMatchObject({ severity: 'error', shrink: { minimal: true } });
  });

  it('should be replayed and shrunk further from its file, by the target and by one that is mended', async () => {
    const target = targetOf(staleSum);
    const finding = (await findingsOf(target, 60)).find(({ before }) => before !== undefined) as Finding;
    const text = JSON.stringify(toFindingFile(finding));
    const file = parseFindingFile(text, 'a file');
    expect(toFinding(file).before).toEqual(finding.before);
    expect(file.before).toMatchObject([
      { operation: 'softmax', input: { rows: 1, cols: 33, logits: new Array(33).fill('00000000') } },
    ]);
    const mended = createTarget('mended', complete(), { profile: 'sequential' });
    for (let time = 0; time < 2; time++)
      expect(await replay(file, target)).toMatchObject({ outcome: 'same-bucket', sameBits: true });
    expect(await replay(file, mended)).toMatchObject({ outcome: 'passes' });

    const options = { source: 'a file', keepShape: false };
    const large = {
      ...finding,
      before: [
        { operation: 'softmax' as const, batch: { ...finding.batch, logits: Float32Array.of(5) } },
        ...(finding.before ?? []).map((call) => ({
          ...call,
          batch: { ...call.batch, logits: call.batch.logits.map((_, k) => k % 3) },
        })),
      ],
    };
    const given = parseGiven(JSON.stringify(toFindingFile(large)), 'a file');
    const again = await minimizeGiven(given, target, options);
    expect(again.findings.map(told)).toEqual([told(finding)]);
    expect((await minimizeGiven(given, mended, options)).findings).toEqual([]);
    expect(toFindingFile(large).id).not.toBe(file.id);
  });

  it('should be shrunk without them where another target fails with the last call alone', async () => {
    const finding = (await findingsOf(targetOf(staleSum), 60)).find(({ before }) => before) as Finding;
    const half = renewable('half', () => ({ softmax: (logits) => logits.map(() => 0.5) })).target;
    const given = parseGiven(JSON.stringify(toFindingFile(finding)), 'a file');
    const { findings } = await minimizeGiven(given, half, { source: 'a file', keepShape: false });
    expect(findings.map(told)).toEqual(['softmax([0]) → 0.5']);
    expect(findings[0].before).toBeUndefined();
  });

  it('should refuse the file for a target that lacks an operation of the calls', async () => {
    const finding = (await findingsOf(targetOf(afterAnother), 60)).find(({ before }) => before) as Finding;
    const { softmax } = complete();
    await expect(replay(toFindingFile(finding), createTarget('mine', { softmax }))).rejects.toThrow(
      'mine has no logSumExp, which this finding calls first',
    );
  });
});

describe('a failure that does not repeat even so', () => {
  const random = (declared?: Declaration): Target => {
    let state = 1;
    const { softmax } = complete();
    const make = (): Kernel => ({
      softmax(logits, rows, cols) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // It goes on when all is loaded anew.
        const answer = softmax(logits, rows, cols);
        return state < 2 ** 29 ? answer.fill(0.3) : answer;
      },
    });
    return renewable('random', make, declared).target;
  };

  it('should be an error of a kernel that has not declared it', async () => {
    const found = await findingsOf(random(), 200);
    expect(found.map(({ bucket }) => bucket)).toContain('softmax/nondeterministic');
  });

  it('should else be a warning that says how often of how many', async () => {
    const found = await findingsOf(random({ repeatable: false }), 100);
    expect(found.map(({ bucket, before }) => [bucket, before])).toEqual([
      ['softmax/nondeterministic/warning', undefined],
    ]);
    expect(found[0].detail).toMatch(
      /in \d of \d further calls with the same input, and in \d of 3 of a fresh load of the module/,
    );
  });

  it.each([
    ['are found', 3],
    ['are too many', 90],
  ])('should take no more than 2,000 calls of a target, where those before it %s', async (_what, most) => {
    /** The calls that it takes to minimize forty failures of one target; the calls that each needs are among its earlier ones. */
    const callsFor = async (sequences: Sequences | null): Promise<number> => {
      const { target, calls } = renewable('late', () => {
        const { softmax } = complete();
        let made = 0;
        return {
          softmax: (logits, rows, cols) =>
            ++made > most ? new Float32Array(rows * cols) : softmax(logits, rows, cols),
        };
      });
      const earlier = Array.from({ length: 64 }, (_, k) => callOf(k + 1));
      for (let k = 0; k < 40; k++) {
        const { batch } = callOf(k + 1);
        const discovered: Discovered = {
          signature: { operation: 'softmax', kind: 'zeroed', trigger: 'ordinary', severity: 'error' },
          batch,
          earlier: () => earlier,
          origin: { by: 'article' },
          weight: 1,
          worst: { batch, ...noSize },
          weights: new Map(),
          occurrences: 1,
        };
        await startOver(target, []);
        await minimize(target, discovered, { generation: {}, sequences });
      }
      return calls();
    };
    const more = (await callsFor(createSequences())) - (await callsFor(null));
    expect(more).toBeGreaterThan(300);
    expect(more).toBeLessThanOrEqual(2000);
  });
});
