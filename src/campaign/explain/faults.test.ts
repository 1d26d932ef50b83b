import { describe, expect, it } from 'vitest';
import { recordedOf } from '../../../properties/support/findings.ts';
import { batchOf } from '../../core/batch.ts';
import type { Finding } from '../../core/finding.ts';
import { kernelWith } from '../../hypotheses/steps.ts';
import { createTarget } from '../../targets/create.ts';
import { fuzz } from '../fuzz.ts';
import { faultsOf } from './faults.ts';

const finding = (
  bucket: string,
  row: readonly number[],
  shows: readonly string[] = [],
  known = false,
): Finding =>
  recordedOf({
    bucket,
    batch: batchOf([[...row]]),
    shows,
    known,
    severity: bucket.endsWith('/warning') ? 'warning' : 'error',
  }).finding;

const bucketsOf = (findings: readonly Finding[]): string[][] =>
  faultsOf(findings, (each) => each).map(({ lead, others }) => [lead, ...others].map(({ bucket }) => bucket));

describe('faultsOf', () => {
  it('should put what one input shows behind the simplest input, whichever shows the other', () => {
    expect(
      bucketsOf([
        finding('softmax/nan/exp-overflow', [0, 89]),
        finding(
          'logSoftmax/nan/exp-overflow',
          [89],
          ['logSoftmax/nan/exp-overflow', 'softmax/nan/exp-overflow'],
        ),
        finding(
          'crossEntropy/nan/exp-overflow',
          [1, 89],
          ['softmax/nan/exp-overflow', 'logSoftmax/nan/exp-overflow'],
        ),
        finding('softmax/zeroed/ordinary', [0, -3]),
      ]),
    ).toEqual([
      ['logSoftmax/nan/exp-overflow', 'softmax/nan/exp-overflow', 'crossEntropy/nan/exp-overflow'],
      ['softmax/zeroed/ordinary'],
    ]);
  });

  it('should put what hangs together by scaling behind the simplest, however many steps away', () => {
    const connected = (bucket: string, row: readonly number[], buckets: readonly string[]): Finding => ({
      ...finding(bucket, row),
      connected: [bucket, ...buckets],
    });
    expect(
      bucketsOf([
        connected('softmax/nan/underflow', [-89], ['softmax/zeroed/ordinary']),
        connected('softmax/inaccurate/ordinary', [1], ['softmax/zeroed/ordinary']),
        connected('softmax/zeroed/ordinary', [0, 52], []),
        connected('softmax/nan/high-offset', [3e38], []),
      ]),
    ).toEqual([
      ['softmax/inaccurate/ordinary', 'softmax/nan/underflow', 'softmax/zeroed/ordinary'],
      ['softmax/nan/high-offset'],
    ]);
  });

  it('should make one of inputs that differ in all signs', () => {
    expect(
      bucketsOf([
        finding('softmax/nan/high-offset', [2e38, 0]),
        finding('softmax/nan/low-offset', [-2e38, 0]),
        finding('softmax/zeroed/low-offset', [-3e38, 0]),
      ]),
    ).toEqual([['softmax/nan/high-offset', 'softmax/nan/low-offset'], ['softmax/zeroed/low-offset']]);
    // Zeros are what they are without their signs.
    expect(bucketsOf([finding('softmax/crashed', [0]), finding('softmax/bad-shape', [0])])).toHaveLength(2);
  });

  it('should keep two buckets of one answer together, though a cause explains one of them', () => {
    const causes = [{ words: 'subtracts no maximum', confirmed: 5 }];
    const both = ['softmax/inaccurate/ordinary', 'softmax/zeroed/ordinary'];
    const ofOne = (bucket: string, changes: Partial<Finding>): Finding => ({
      ...finding(bucket, [0, 1], both),
      ...changes,
    });
    const [inaccurate, zeroed] = both as [string, string];
    expect(bucketsOf([ofOne(inaccurate, { causes }), ofOne(zeroed, { causes: [] })])).toHaveLength(1);
  });

  it('should lead with an error, however simple the input of a warning is', () => {
    const both = ['softmax/nan/ordinary', 'softmax/zeroed/ordinary/warning'];
    expect(
      bucketsOf([
        finding('softmax/zeroed/ordinary/warning', [1], both),
        finding('softmax/nan/ordinary', [1, 2, 3]),
      ]),
    ).toEqual([both]);
  });

  it('should lead with finite logits where a law is broken by infinite ones too', () => {
    const broken = (row: readonly number[], changes: Partial<Finding>) => ({
      ...finding('softmax/invariance/layout', row),
      property: 'layout' as const,
      kind: 'invariance' as const,
      ...changes,
    });
    const [{ lead, others }] = faultsOf(
      [broken([0, Number.POSITIVE_INFINITY], { weight: Number.NaN }), broken([0, 0], { weight: 0.5 })],
      (each) => each,
    );
    expect([lead, ...others].map(({ batch }) => batch.logits[1])).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it('should keep what is known apart from what is new', () => {
    const both = ['softmax/nan/ordinary', 'logSoftmax/nan/ordinary'];
    expect(
      bucketsOf([
        finding('softmax/nan/ordinary', [1], both, true),
        finding('logSoftmax/nan/ordinary', [1], both),
      ]),
    ).toEqual([['logSoftmax/nan/ordinary'], ['softmax/nan/ordinary']]);
  });

  it('should keep two apart of which one has a known mistake that the other has not, though its input shows both', () => {
    const caused = (each: Finding, ...words: readonly string[]): Finding => ({
      ...each,
      causes: words.map((name) => ({ words: name, confirmed: 2 })),
    });
    const shown = 'crossEntropy/out-of-range/ordinary';
    const cut = finding('softmax/zeroed/ordinary', [0, 31], ['softmax/zeroed/ordinary', shown]);
    const negated = finding(shown, [0, 0]);
    const together = [[cut.bucket, shown]];
    const apart = [[shown], [cut.bucket]];
    expect(bucketsOf([cut, negated])).toEqual(together);
    expect(bucketsOf([caused(cut, 'a'), caused(negated, 'b')])).toEqual(apart);
    expect(bucketsOf([caused(cut), caused(negated, 'b')])).toEqual(apart);
    expect(bucketsOf([caused(cut, 'a', 'b'), caused(negated, 'b')])).toEqual(together);
    expect(bucketsOf([caused(cut), caused(negated)])).toEqual(together);
  });

  it('should tell each cause of a kernel of two mistakes once', async () => {
    const kernel = kernelWith({
      max: () => 0,
      terms: (weights) => weights.filter((_, i) => i % 8 !== 7),
    });
    const { softmax, logSumExp } = kernel;
    const run = await fuzz([createTarget('two', { softmax, logSumExp })], { seed: 1, runs: 300 });
    const causes = faultsOf(run.targets[0].findings, (each) => each).flatMap(
      ({ cause }) => cause?.words ?? [],
    );
    expect(causes).toEqual(['subtracts no maximum', 'leaves every 8th logit out of the sum']);
  });

  it('should have two findings of one bucket as one', () => {
    expect(bucketsOf([finding('softmax/nan/ordinary', [1]), finding('softmax/nan/ordinary', [2])])).toEqual([
      ['softmax/nan/ordinary', 'softmax/nan/ordinary'],
    ]);
  });
});
