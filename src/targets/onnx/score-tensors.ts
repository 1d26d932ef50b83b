/** Options of scores as the tensors that a model is given beside its logits. */
import type { Options, ScoreName } from '../../core/options.ts';
import { type Dimensions, productOf } from './dimensions.ts';
import type { OnnxRuntime, OnnxTensor } from './runtime.ts';

/** What an input may be: an option of scores, the inverse of a scale, or the opposite of a mask. */
export type ScoreInput = ScoreName | 'temperature' | 'hidden';

/** The names of a model's inputs by what they are. */
export type ScoreInputs = Readonly<Partial<Record<ScoreInput, string>>>;

/** What a call has of options of scores, with a temperature in the place of its inverse where that is taken. */
export type ScoreOptions = Pick<Options, ScoreName> & { readonly temperature?: number };

/** What an input is given in a call without its option. */
const absent = {
  scale: 1,
  temperature: 1,
  softcap: Number.NaN,
  bias: 0,
  mask: 1,
  sink: Number.NEGATIVE_INFINITY,
};

/** The tensors of a model's inputs, by the inputs' names. */
export function scoreTensors(
  { Tensor }: Pick<OnnxRuntime, 'Tensor'>,
  inputs: ScoreInputs,
  options: ScoreOptions,
  { sizes, axis }: Dimensions,
): Readonly<Record<string, OnnxTensor>> {
  const ofRows = sizes.map((size, k) => (k === axis ? 1 : size));
  const ofColumns = sizes.map((size, k) => (k === axis ? size : 1));
  const isOfAll = (value: number | ArrayLike<number>): boolean =>
    typeof value === 'number' || value.length === productOf(sizes);
  const floats = (value: number | ArrayLike<number>, wanted: readonly number[]): OnnxTensor =>
    new Tensor('float32', spread(Float32Array, value, wanted), wanted);
  const tensorOf = (name: ScoreInput): OnnxTensor => {
    if (name === 'mask' || name === 'hidden') {
      const { mask = absent.mask } = options;
      const wanted = isOfAll(mask) ? sizes : ofColumns;
      const bits = spread(Uint8Array, mask, wanted);
      return new Tensor('bool', name === 'mask' ? bits : bits.map((bit) => 1 - bit), wanted);
    }
    const value = options[name] ?? absent[name];
    if (name === 'sink') return floats(value, ofRows);
    if (name === 'bias') return floats(value, isOfAll(value) ? sizes : ofColumns);
    return floats(value, []);
  };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [input, tensorOf(name as ScoreInput)]),
  );
}

/** As many numbers as a tensor of these sizes has: a number for each, or an array's own. */
function spread<A extends Float32Array | Uint8Array>(
  Numbers: new (numbers: number | ArrayLike<number>) => A,
  value: number | ArrayLike<number>,
  sizes: readonly number[],
): A {
  return typeof value === 'number' ? (new Numbers(productOf(sizes)).fill(value) as A) : new Numbers(value);
}
