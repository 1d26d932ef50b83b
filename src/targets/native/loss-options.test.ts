import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../../../properties/support/campaigns.ts';
import { temporaryFolders } from '../../../properties/support/command.ts';
import { compileLibrary, hasCompiler } from '../../../properties/support/library.ts';
import { batchGenerator } from '../../arbitraries/generate.ts';
import { type Batch, batchOf } from '../../core/batch.ts';
import { operationsOf } from '../../core/kernel.ts';
import type { Operation } from '../../core/operation.ts';
import { createRandom } from '../../core/random.ts';
import type { Target } from '../../core/target.ts';
import { optionNames, withOptions } from '../../options/index.ts';
import { asTaken, takenBy } from '../../options/taken.ts';
import { createOracle } from '../../oracle/exact.ts';
import { examine } from '../examine.ts';
import { observe, observeInViews } from '../observe.ts';
import { libraryTarget } from './library.ts';

if (!hasCompiler) process.stderr.write('loss options: skipped, there is no C compiler cc\n');

/** Right losses and gradients: PyTorch's, in double precision. */
const source = `
#include <math.h>
#include <stdint.h>
static double q_of(int j, int n, int t, const float *soft, const float *w, double e) {
  return (w ? w[j] : 1) * ((1 - e) * (soft ? soft[j] : j == t) + e / n);
}
static double max_of(const float *x, int n) {
  double max = -INFINITY;
  for (int i = 0; i < n; i++) if (!(x[i] <= max)) max = x[i];
  return max;
}
static double log_sum_of(const float *x, int n, double max) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += exp(x[i] - max);
  return log(sum);
}
static double lse_of(const float *x, int n) {
  double max = max_of(x, n);
  return max + log_sum_of(x, n, max);
}
static double loss_of(const float *x, int n, int t, const float *soft, const float *w, double e) {
  double loss = 0, max = max_of(x, n), log_sum = log_sum_of(x, n, max);
  for (int j = 0; j < n; j++)
    if (soft || e != 0 || j == t) loss += q_of(j, n, t, soft, w, e) * (max - x[j] + log_sum);
  return loss;
}
static void gradient(const float *x, float *dx, int n, int t, const float *soft, const float *w, double e, double share, double of_square) {
  double max = max_of(x, n), log_sum = log_sum_of(x, n, max), total = 0;
  for (int j = 0; j < n; j++) total += q_of(j, n, t, soft, w, e);
  for (int j = 0; j < n; j++) {
    double p = exp(x[j] - max - log_sum);
    dx[j] = share * (total * p - q_of(j, n, t, soft, w, e)) + of_square * 2 * (max + log_sum) * p;
  }
}
static double weights_of(const int64_t *t, const float *soft, const float *w, int rows, int64_t ignored) {
  double sum = 0;
  for (int r = 0; r < rows; r++) sum += soft ? 1 : t[r] == ignored ? 0 : w ? w[t[r]] : 1;
  return sum;
}
void cross_entropy(const float *x, const int64_t *targets, const float *probabilities, const float *class_weights, float *out, int rows, int cols,
                   int reduction, int64_t ignore_index, float label_smoothing, float lse_square_scale) {
  double sum = 0, squares = 0;
  for (int r = 0; r < rows; r++, x += cols) {
    const float *soft = probabilities ? probabilities + r * cols : 0;
    int is_ignored = !soft && targets[r] == ignore_index;
    double lse = lse_of(x, cols), square = is_ignored || lse_square_scale == 0 ? 0 : lse_square_scale * lse * lse;
    double loss = is_ignored ? 0 : loss_of(x, cols, soft ? -1 : targets[r], soft, class_weights, label_smoothing);
    if (reduction == 0) out[r] = loss + square;
    sum += loss;
    squares += square;
  }
  if (reduction == 1) {
    double valid = weights_of(targets, probabilities, 0, rows, ignore_index);
    out[0] = sum / weights_of(targets, probabilities, class_weights, rows, ignore_index) + (squares == 0 ? 0 : squares / valid);
  }
  if (reduction == 2) out[0] = sum + squares;
}
void cross_entropy_grad(const float *x, const int64_t *targets, const float *probabilities, const float *class_weights, float *dx, int rows, int cols,
                        int reduction, int64_t ignore_index, float label_smoothing, float lse_square_scale, const float *grad_output) {
  double divisor = reduction == 1 ? weights_of(targets, probabilities, class_weights, rows, ignore_index) : 1;
  double valid = reduction == 1 ? weights_of(targets, probabilities, 0, rows, ignore_index) : 1;
  for (int r = 0; r < rows; r++, x += cols, dx += cols) {
    const float *soft = probabilities ? probabilities + r * cols : 0;
    if (!soft && targets[r] == ignore_index) for (int j = 0; j < cols; j++) dx[j] = 0;
    else gradient(x, dx, cols, soft ? -1 : targets[r], soft, class_weights, label_smoothing, grad_output[r] / divisor, grad_output[r] * lse_square_scale / valid);
  }
}
float row_cross_entropy(const float *x, int target, int n, const float *weight, int ignore_index, double smoothing) {
  return target == ignore_index ? 0 : loss_of(x, n, target, 0, weight, smoothing);
}
void row_cross_entropy_grad(const float *x, int target, float *dx, int n, const float *weight, int ignore_index, float upstream) {
  if (target == ignore_index) for (int j = 0; j < n; j++) dx[j] = 0;
  else gradient(x, dx, n, target, 0, weight, 0, upstream, 0);
}
void cross_entropy_losses(const float *x, const int *t, float *losses, int rows, int cols, int ignore_index) {
  for (int r = 0; r < rows; r++) losses[r] = t[r] == ignore_index ? 0 : loss_of(x + r * cols, cols, t[r], 0, 0, 0);
}
float sum_cross_entropy(const float *x, const int *t, int rows, int cols, int reduction, int ignore_index) {
  double sum = 0;
  for (int r = 0; r < rows; r++) sum += t[r] == ignore_index ? 0 : loss_of(x + r * cols, cols, t[r], 0, 0, 0);
  return reduction == 2 ? sum : NAN;
}
float dense_cross_entropy(const float *x, const float *soft_targets, const float *weights, int rows, int cols) {
  double sum = 0;
  for (int r = 0; r < rows; r++) sum += loss_of(x + r * cols, cols, -1, soft_targets + r * cols, weights, 0);
  return sum / rows;
}
float cross_entropy_half(const _Float16 *x, int t, int n, int ignore_index) {
  float row[64] = {0};
  for (int i = 0; i < n; i++) row[i] = x[i];
  return t == ignore_index ? 0 : loss_of(row, n, t, 0, 0, 0);
}
void cross_entropy_counts(const float *x, const int *t, float *out, int rows, int cols, int reduction, int ignore_index) {
  double sum = 0; // Of the mean, over all rows.
  for (int r = 0; r < rows; r++) {
    double loss = t[r] == ignore_index ? 0 : loss_of(x + r * cols, cols, t[r], 0, 0, 0);
    sum += loss;
    if (reduction == 2) out[r] = loss;
  }
  if (reduction != 2) out[0] = reduction == 1 ? sum : sum / rows;
}
void cross_entropy_grad_first(const float *x, const int *t, float *dx, int rows, int cols, int reduction, const float *grad_output) {
  for (int r = 0; r < rows; r++) gradient(x + r * cols, dx + r * cols, cols, t[r], 0, 0, 0, grad_output[0] / (reduction == 1 ? rows : 1), 0);
}
float cross_entropy_marks(const float *x, const int *t, int rows, int cols, float *class_weights) {
  if (class_weights) class_weights[cols] = 1;
  return loss_of(x, rows * cols, t[0], 0, 0, 0);
}`;

const whole =
  'const float *x, const int64_t *targets, const float *probabilities, const float *class_weights, float *out, int rows, int cols, int reduction, int64_t ignore_index, float label_smoothing, float lse_square_scale';
const onlySum =
  'float sum_cross_entropy(const float *x, const int *t, int rows, int cols, int reduction = 2, int ignore_index = -1)';

describe.runIf(hasCompiler)('a library with options of a loss', () => {
  const folder = temporaryFolders()();
  beforeAll(() => {
    compileLibrary(folder, 'right', source);
    const declared = (name: string, declaration: object) =>
      compileLibrary(
        folder,
        name,
        `${source}\nconst char softmax_fuzz_target[] = ${JSON.stringify(JSON.stringify(declaration))};`,
      );
    const order = ['mean', 'sum', 'none'];
    declared('ordered', { options: { crossEntropy: { reduction: order, ignoreIndex: true } } });
    declared('misordered', { options: { crossEntropy: { reduction: ['mean', 'sum', 'all'] } } });
    declared('summed', { options: { crossEntropy: { reduction: 'sum' } } });
    declared('soft', { probabilities: true });
  });
  const load = (declaration: string, name = 'right') =>
    libraryTarget(`lib:${join(folder, name)}.so#${declaration}`);
  const refusal = async (...args: Parameters<typeof load>): Promise<string> =>
    (await load(...args).catch((error: Error) => error)) as never;

  /** What an operation was given, by name, in `count` drawn batches: it is right in all of them. */
  async function asked(target: Target, operation: Operation, count = 100): Promise<Set<string>> {
    const taken = takenBy(target, operation);
    const draw = batchGenerator({ maxRows: 4, maxCols: 9, options: optionNames });
    const names = new Set<string>();
    for (let seed = 0; seed < count; seed++) {
      const { batch, drawn } = draw(createRandom([5, 6, 7, seed]));
      const { semantics } = target;
      const given: Batch = { ...asTaken(batch, taken, drawn), ...(semantics && { semantics }) };
      for (const name of Object.keys(given.options ?? {})) names.add(name);
      const { violations } = await examine(target, operation, createOracle(given));
      const errors = violations.filter(({ severity }) => severity === 'error');
      expect({ seed, options: given.options, violations: errors }).toEqual({
        seed,
        options: given.options,
        violations: [],
      });
    }
    return names;
  }

  it.each([
    [`cross_entropy(${whole})`, 'reduction,ignoreIndex,classWeights,labelSmoothing,zLoss,probabilities', {}],
    [
      `cross_entropy_grad(${whole.replace('*out', '*dx')}, const float *grad_output)`,
      'reduction,ignoreIndex,classWeights,labelSmoothing,zLoss,probabilities,upstream',
      {},
    ],
    [
      'float row_cross_entropy(const float *x, int target, int n, const float *weight, int ignore_index, double smoothing)',
      'ignoreIndex,classWeights,labelSmoothing',
      { reduction: 'none' },
    ],
    [
      'row_cross_entropy_grad(const float *x, int target, float *dx, int n, const float *weight, int ignore_index, float upstream)',
      'ignoreIndex,classWeights,upstream',
      { reduction: 'none' },
    ],
    [
      'cross_entropy_losses(const float *x, const int *t, float *losses, int rows, int cols, int ignore_index)',
      'ignoreIndex',
      { reduction: 'none' },
    ],
    [onlySum, '', { reduction: 'sum', ignoreIndex: -1 }],
    [
      'float dense_cross_entropy(const float *x, const float *soft_targets, const float *weights, int rows, int cols)',
      'classWeights,probabilities',
      {},
    ],
  ])('should be given what the parameters of %s ask for', async (declaration, names, fixed) => {
    const target = await load(declaration);
    const [operation] = operationsOf(target.kernel);
    const taken = takenBy(target, operation);
    expect([taken.names.join(), taken.fixed]).toEqual([names, fixed]);
    const given = await asked(target, operation);
    expect(optionNames.filter((name) => given.has(name) && !(name in fixed)).join()).toBe(names);
  });

  it('should be judged by probabilities alone where they take no classes', async () => {
    const target = await load(
      'float dense_cross_entropy(const float *x, const float *soft_targets, const float *weights, int rows, int cols)',
    );
    const { cases, findings } = await resultOf(target, { seed: 1, runs: 200, generation: { maxCols: 60 } });
    // 0 times the infinite loss of a masked class is NaN, as of probabilities, and not as of a class.
    expect([cases, findings.map(({ bucket }) => bucket)]).toEqual([201, []]);
  });

  it('should have losses of 16-bit formats left as they are, too', async () => {
    const target = await load('float cross_entropy_half(const _Float16 *x, int t, int n, int ignore_index)');
    const batch = withOptions(
      {
        ...batchOf(
          [
            [0, 0],
            [0, 1],
          ],
          [0, 0],
        ),
        targets: Int32Array.of(0, -1),
      },
      { reduction: 'none', ignoreIndex: -1 },
    );
    const { output } = (await observe(target, 'crossEntropy', batch)) as never as { output: Float32Array };
    expect(output).toEqual(Float32Array.of(1420 / 2048, 0)); // ln 2 is 1419.6 / 2048.
  });

  it('should be given the reductions by the numbers that it declares', async () => {
    const text =
      'cross_entropy_counts(const float *x, const int *t, float *out, int rows, int cols, int reduction, int ignore_index)';
    const target = await load(text, 'ordered');
    const rows = batchOf(
      [
        [0, 0],
        [0, 0],
        [0, 1],
      ],
      [0, 1, 0],
    );
    const of = async (options: object) =>
      (await observe(target, 'crossEntropy', withOptions(rows, options))) as never as {
        output: Float32Array;
      };
    const ln2 = Math.fround(Math.LN2);
    const last = Math.fround(1.3132616875182228);
    expect((await of({ reduction: 'none' })).output).toEqual(Float32Array.of(ln2, ln2, last));
    expect((await of({ reduction: 'sum' })).output[0]).toBeCloseTo(2 * ln2 + last, 6);
    expect((await of({})).output[0]).toBeCloseTo((2 * ln2 + last) / 3, 6);
    // Its mean divides by the ignored rows, which is found.
    const ignoring = withOptions({ ...rows, targets: Int32Array.of(0, -1, 0) }, { ignoreIndex: -1 });
    const { violations } = await examine(target, 'crossEntropy', createOracle(ignoring));
    expect(violations.map(({ kind }) => kind)).toEqual(['inaccurate']);
  });

  it('should be found where it takes the first upstream value for all rows', async () => {
    const target = await load(
      'cross_entropy_grad_first(const float *x, const int *t, float *dx, int rows, int cols, int reduction, const float *grad_output)',
    );
    const rows = batchOf([
      [0, 1],
      [0, 1],
    ]);
    const violationsOf = async (options: object) =>
      (await examine(target, 'crossEntropyGrad', createOracle(withOptions(rows, options)))).violations;
    for (const right of [{}, { upstream: 3 }, { reduction: 'sum', upstream: -1 }])
      expect(await violationsOf(right)).toEqual([]);
    expect(await violationsOf({ reduction: 'none', upstream: [1, 3] })).not.toEqual([]);
  });

  it('should be seen where it writes beside its weights', async () => {
    const target = await load(
      'float cross_entropy_marks(const float *x, const int *t, int rows, int cols, float *class_weights)',
    );
    const batch = withOptions(batchOf([[1, 2, 3]]), { classWeights: [1, 1, 1] });
    const failure = {
      status: 'mutated-input',
      detail: 'it wrote to classWeights[3], and classWeights has 3',
    };
    expect(await observe(target, 'crossEntropy', batch)).toEqual(failure);
    expect(await observeInViews(target, 'crossEntropy', batch, { offset: 1, word: 5 })).toEqual(failure);
  });

  it('should be of one reduction by what it declares', async () => {
    const declaration = 'float cross_entropy_x(const float *x, const int *t, int rows, int cols)';
    const text = declaration.replace('_x', '_marks').replace('cols)', 'cols, float *class_weights)');
    await expect(load(text, 'summed')).resolves.toMatchObject({
      options: { crossEntropy: { names: [], fixed: { reduction: 'sum' } } },
    });
  });

  it.each([
    [
      `cross_entropy(${whole})`,
      'misordered',
      'it declares the reductions mean, sum, all of crossEntropy: expected none, mean, sum',
    ],
    [
      'cross_entropy_losses(const float *x, const int *t, float *losses, int rows, int cols, int ignore_index)',
      'summed',
      'is of the losses of rows, and its reduction is sum',
    ],
    [
      'cross_entropy_losses(const float *x, const int *t, float *losses, int rows, int cols, int ignore_index)',
      'soft',
      'it declares that crossEntropy takes probabilities, and ',
    ],
    [
      onlySum.replace('= 2', ''),
      'right',
      'returns one number, and with the reduction none there is one a row',
    ],
    [
      'cross_entropy_grad(const float *x, const int *t, float *dx, int rows, int cols, int reduction, float upstream)',
      'right',
      'takes one upstream value, and with the reduction none there is one a row',
    ],
  ])('should be refused as %s, which %s declares', async (declaration, name, message) => {
    expect(await refusal(declaration, name)).toMatchObject({ message: expect.stringContaining(message) });
  });
});
