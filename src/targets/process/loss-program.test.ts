import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchGenerator } from '../../arbitraries/generate.ts';
import { batchOf } from '../../core/batch.ts';
import { operationsOf } from '../../core/kernel.ts';
import { createRandom } from '../../core/random.ts';
import { lossNames, optionNames, optionsFor, withOptions } from '../../options/index.ts';
import { asTaken, takenBy } from '../../options/taken.ts';
import { createOracle } from '../../oracle/exact.ts';
import { examine } from '../examine.ts';
import { resolveTarget } from '../resolve.ts';
import { checkProgram } from './conformance.ts';

const program = join(import.meta.dirname, '../../../properties/support/loss-program.mjs');
const specifier = (mode: string) => `cmd:'${process.execPath}' '${program}' ${mode}`;

describe('a program with options of a loss', () => {
  it('should be sent all of them, and be right where it is', async () => {
    const target = await resolveTarget(specifier('right'));
    for (const operation of operationsOf(target.kernel)) {
      const taken = takenBy(target, operation);
      expect(taken).toEqual({
        names: lossNames.filter((name) => optionsFor(operation).includes(name)),
        fixed: {},
      });
      const draw = batchGenerator({ maxRows: 4, maxCols: 7, options: optionNames });
      const sent = new Set<string>();
      for (let seed = 0; seed < 80; seed++) {
        const { batch, drawn } = draw(createRandom([8, 9, 10, seed]));
        const given = asTaken(batch, taken, drawn);
        for (const name of Object.keys(given.options ?? {})) sent.add(name);
        const { violations } = await examine(target, operation, createOracle(given));
        const errors = violations.filter(({ severity }) => severity === 'error');
        expect({ seed, operation, errors }).toEqual({ seed, operation, errors: [] });
      }
      expect([...sent].sort()).toEqual([...taken.names].sort());
    }
  });

  it('should be found where it takes the first upstream value for all rows', async () => {
    const target = await resolveTarget(specifier('first'));
    const batch = withOptions(
      batchOf([
        [0, 1],
        [0, 1],
      ]),
      { reduction: 'none', upstream: [1, 3] },
    );
    const { violations } = await examine(target, 'crossEntropyGrad', createOracle(batch));
    expect(violations.map(({ row }) => row)).toContain(1);
  });

  it('should keep to the page in every option, or be told', async () => {
    const failures = async (mode: string) =>
      (await checkProgram(specifier(mode), {})).flatMap(({ name, failure }) =>
        failure === null ? [] : [`${name}: ${failure}`],
      );
    expect(await failures('right')).toEqual([]);
    expect(await failures('deaf')).toEqual([
      'takes the options that it declares, as numbers and as tensors of each shape: crossEntropy of 2 x 3: 1 numbers, expected 2',
    ]);
  });
});
