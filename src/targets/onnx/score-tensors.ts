/** Options of scores as the tensors that a model is given beside its logits. */
import type { Options, ScoreName } from '../../core/options.ts';
import { type Dimensions, productOf, type Sizes } from './dimensions.ts';
import type { OnnxRuntime, OnnxTensor } from './runtime.ts';

/** What an input may be: an option of scores, or the opposite of a mask. */
export type ScoreInput = ScoreName | 'hidden';

/** A model's input. */
export interface ScoreTensor {
  readonly name: string;
  /** The sizes that it has to have; null where it may have any that go with the logits. */
  readonly sizes: Sizes | null;
}

/** A model's inputs by what they are. */
export type ScoreInputs = Readonly<Partial<Record<ScoreInput, ScoreTensor>>>;

/** What a call has of options of scores. */
export type ScoreOptions = Pick<Options, ScoreName>;

/** What an input is given in a call without its option. Softcaps and sinks are inputs of models alone that are made for calls with them. */
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
  dimensions: Dimensions,
): Readonly<Record<string, OnnxTensor>> {
  const { sizes, axis } = dimensions;
  const ofRows = sizes.map((size, k) => (k === axis ? 1 : size));
  const ofColumns = sizes.map((size, k) => (k === axis ? size : 1));
  const tensorOf = (what: ScoreInput, wanted: Sizes | null): OnnxTensor => {
    if (what === 'scale' || what === 'temperature' || what === 'softcap')
      return new Tensor(
        'float32',
        Float32Array.of(options[what] ?? absent[what]),
        wanted?.map(() => 1) ?? [],
      );
    if (what === 'sink')
      return new Tensor('float32', spread(options.sink ?? absent.sink, productOf(ofRows)), ofRows);
    const name = what === 'hidden' ? 'mask' : what;
    const value = options[name] ?? absent[name];
    const isOfColumns = typeof value !== 'number' && value.length !== productOf(sizes);
    // An input of sizes of its own is given all of its numbers.
    const numbers =
      isOfColumns && wanted !== null ? ofAll(value, dimensions) : spread(value, productOf(sizes));
    const shape = numbers.length === productOf(sizes) ? sizes : ofColumns;
    if (name === 'bias') return new Tensor('float32', numbers, shape);
    return new Tensor(
      'bool',
      Uint8Array.from(numbers, (bit) => (what === 'hidden' ? 1 - bit : bit)),
      shape,
    );
  };
  return Object.fromEntries(
    Object.entries(inputs).map(([what, { name, sizes: wanted }]) => [
      name,
      tensorOf(what as ScoreInput, wanted),
    ]),
  );
}

/** So often a number, or an array as it is. */
function spread(value: number | ArrayLike<number>, length: number): Float32Array {
  return typeof value === 'number' ? new Float32Array(length).fill(value) : Float32Array.from(value);
}

/** A number for each logit, of those for each column. */
function ofAll(columns: ArrayLike<number>, { sizes, axis }: Dimensions): Float32Array {
  const inner = productOf(sizes.slice(axis + 1));
  return Float32Array.from(
    { length: productOf(sizes) },
    (_, k) => columns[Math.floor(k / inner) % columns.length],
  );
}
