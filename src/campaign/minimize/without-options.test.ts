import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../core/kernel.ts';
import { stable } from '../../kernels/stable.ts';
import { createTarget } from '../../targets/create.ts';
import { faultsOf } from '../explain/faults.ts';
import { fuzz } from '../fuzz.ts';

const taken = { options: { crossEntropy: ['classWeights', 'reduction', 'zLoss'] } } as const;

/** The stable kernel's loss, multiplied by 2 with each of these options. */
function wrongWith(...names: readonly string[]): Kernel {
  return {
    crossEntropy(logits, targets, rows, cols, options = {}) {
      const loss = stable.crossEntropy(logits, targets, rows, cols, options);
      const factor = names.some((name) => name in options) ? 2 : 1;
      return typeof loss === 'number' ? loss * factor : loss.map((each) => each * factor);
    },
  };
}

async function findingsOf(kernel: Kernel) {
  const { targets } = await fuzz([createTarget('mine', kernel, taken)], { seed: 1, runs: 40 });
  return targets[0]?.findings ?? [];
}

const optionsOf = ({ batch }: { readonly batch: { readonly options?: object } }): string[] =>
  Object.keys(batch.options ?? {});

describe('failuresWithoutOptions', () => {
  it('should find what does not need the option that the simplest input of its bucket needs', async () => {
    const findings = await findingsOf(wrongWith('classWeights', 'zLoss'));
    expect(findings.map(optionsOf)).toEqual(expect.arrayContaining([['classWeights'], ['zLoss']]));
    expect(faultsOf(findings, (each) => each).length).toBeGreaterThan(1);
  });

  it('should add nothing where one option is needed', async () => {
    const findings = await findingsOf(wrongWith('classWeights'));
    expect(new Set(findings.map(({ bucket }) => bucket)).size).toBe(findings.length);
    expect(findings.flatMap(optionsOf)).not.toContain('zLoss');
  });
});
