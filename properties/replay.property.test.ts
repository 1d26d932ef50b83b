/** The laws of replaying: a finding that was written, read and run again is the finding, bit for bit. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf, createBatch } from '../src/core/batch.ts';
import type { Finding } from '../src/core/finding.ts';
import type { Kernel } from '../src/core/kernel.ts';
import type { OptionName } from '../src/core/options.ts';
import { bucketOf } from '../src/core/violation.ts';
import { fromBits, toHexWords } from '../src/float32/bits.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { type FindingFile, parseFindingFile, toFindingFile } from '../src/record/finding-file.ts';
import { replay } from '../src/record/replay.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { createTarget } from '../src/targets/create.ts';
import { resultOf } from './support/campaigns.ts';
import { findingOf } from './support/findings.ts';

const naive = builtinTarget('naive');

/** Of every kind of answer one. */
const operations = ['softmax', 'logSumExp', 'crossEntropy', 'crossEntropyGrad'] as const;

/** The file as it is after it was written and read. */
function reread(finding: Finding): FindingFile {
  return parseFindingFile(JSON.stringify(toFindingFile(finding)), 'finding');
}

describe('every finding of a campaign', () => {
  let findings: readonly Finding[];
  beforeAll(async () => {
    ({ findings } = await resultOf(naive, { seed: 3, runs: 40, operations }));
    expect(findings.length).toBeGreaterThan(15);
  });

  it('should fail again, in its bucket and with its bits', async () => {
    for (const finding of findings) {
      const again = await replay(reread(finding), naive);
      expect([finding.bucket, again.outcome, again.sameBits]).toEqual([finding.bucket, 'same-bucket', true]);
      expect(again.violations.map(bucketOf)).toContain(finding.bucket);
      expect(toHexWords(again.expected)).toEqual(toHexWords(finding.expected as Float32Array));
    }
  });

  it('should hold the same trace, and the kernel answer what its last steps say', async () => {
    let kept = 0;
    for (const finding of findings) {
      const file = reread(finding);
      const { trace, output } = await replay(file, naive);
      expect(output).not.toBeNull();
      if (file.trace === null) {
        expect(trace?.steps.length).toBeGreaterThan(2000); // Too long to be kept.
        continue;
      }
      kept++;
      expect(file.trace?.steps.length).toBeGreaterThan(0);
      expect(trace?.steps.map(({ op, result }) => [op, ...toHexWords([result])])).toEqual(
        file.trace?.steps.map(({ op, result }) => [op, result]),
      );
      expect(toHexWords(trace?.output ?? [])).toEqual(toHexWords(output ?? []));
    }
    expect(kept).toBeGreaterThan(findings.length / 2);
  });

  it('should pass on a kernel that answers exactly', async () => {
    for (const finding of findings) {
      const answer = createOracle(finding.batch).answer(finding.operation).rounded;
      const exact = {
        [finding.operation]: () => (finding.operation === 'crossEntropy' ? answer[0] : answer),
      };
      const options = { [finding.operation]: Object.keys(finding.batch.options ?? {}) as OptionName[] };
      const again = await replay(reread(finding), createTarget('exact', exact as Kernel, { options }));
      expect([finding.bucket, again.outcome]).toEqual([finding.bucket, 'passes']);
    }
  });
});

describe('replay', () => {
  const special = [
    0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000,
  ];
  const words = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(...special, 0x7fc00000));

  it('should give the kernel the very bits of the finding, of every class', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(words.map(fromBits), { minLength: 1, maxLength: 5 }), async (logits) => {
        const seen: string[][] = [];
        const softmax = (given: Float32Array) => {
          seen.push(toHexWords(given));
          return given;
        };
        const batch = createBatch(1, logits.length, logits);
        const file = reread(findingOf({ batch, output: batch.logits, expected: batch.logits }));
        const { sameBits } = await replay(file, createTarget('identity', { softmax }));
        expect(seen).toEqual([toHexWords(logits)]);
        expect(sameBits).toBe(true);
      }),
      { seed: 12, numRuns: 150, examples: [[special.map(fromBits)]] },
    );
  });

  const file = reread(findingOf());
  const answering = (value: number, name = 'other') =>
    createTarget(name, { softmax: () => Float32Array.of(value) });

  it('should tell the recorded failure from another and from none', async () => {
    const outcomes = [Number.NaN, Number.POSITIVE_INFINITY, 1].map(async (value) => {
      const { outcome, sameBits } = await replay(file, answering(value));
      return [outcome, sameBits];
    });
    expect(await Promise.all(outcomes)).toEqual([
      ['same-bucket', true],
      ['another-bucket', false],
      ['passes', false],
    ]);
  });

  it('should count a warning only where a warning was recorded', async () => {
    const [p, q] = createOracle(batchOf([[1, 0]])).answer('softmax').rounded;
    const softmax = () => Float32Array.of(p, q * (1 + 2 ** -21));
    const slightlyOff = createTarget('other', { softmax }, { profile: 'strict' });
    const finding = { batch: batchOf([[1, 0]]), output: null, expected: Float32Array.of(p, q) };
    const error = reread(findingOf({ ...finding, bucket: 'softmax/inaccurate/ordinary' }));
    const bucket = 'softmax/inaccurate/ordinary/warning';
    const warning = reread(findingOf({ ...finding, severity: 'warning', bucket }));
    expect((await replay(error, slightlyOff)).violations.map(bucketOf)).toEqual([bucket]);
    expect((await replay(error, slightlyOff)).outcome).toBe('passes');
    expect((await replay(warning, slightlyOff)).outcome).toBe('same-bucket');
  });

  it('should judge the finding’s own target by the profile that it was judged by, another by its own', async () => {
    const profileOf = async (specifier: string) =>
      (await replay(file, createTarget('mine', naive.kernel, { profile: 'wgsl' }, specifier))).target.profile;
    expect(await profileOf('./mine.mjs')).toBe('default');
    expect(await profileOf('./other.mjs')).toBe('wgsl');
  });

  it('should refuse a target without the operation', async () => {
    const target = createTarget('other', { logSumExp: naive.kernel.logSumExp as Kernel['logSumExp'] & {} });
    await expect(replay(file, target)).rejects.toMatchObject({
      name: 'UserError',
      message: 'other has no softmax',
      hint: 'It offers logSumExp.',
    });
  });
});
