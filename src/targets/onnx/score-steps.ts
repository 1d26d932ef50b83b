/**
 * What a model makes of its logits before its operator, read backwards from that: Mul by a scale and Div by a temperature; Div (or Mul), Tanh and Mul by a softcap; Add of a bias; Where with a
 * mask, in either order. What is a constant there is an option that is fixed, what is an input one that is given.
 */
import { productOf } from './dimensions.ts';
import { type Graph, type GraphNode, numbersOf, sizesOf } from './graph.ts';
import type { ScoreInput } from './score-tensors.ts';

/** What the steps are. */
export interface ScoreSteps {
  /** The values in the file; a bias is along the axis of the operator. */
  readonly fixed: Readonly<Partial<Record<'scale' | 'temperature' | 'softcap', number>>> & {
    readonly bias?: Float32Array;
  };
  /** The axis of the operator counted from the end, 1 the last; NaN where it is not of one alone. */
  readonly axis: number;
  /** The inputs by what they are. */
  readonly inputs: Readonly<Partial<Record<ScoreInput, string>>>;
}

/** Nothing before the operator. */
export const noSteps: ScoreSteps = { fixed: {}, axis: Number.NaN, inputs: {} };

const operators = ['Softmax', 'LogSoftmax', 'ReduceLogSumExp', 'SoftmaxCrossEntropyLoss'];

/** A node that goes from `from` to its output; `other` is what it does that with. */
interface Step {
  readonly type: string;
  readonly from: string;
  readonly other: string;
  /** Of a Where, whether logits are hidden where its condition is true. */
  readonly hides?: boolean;
}

/** What a graph makes of its logits before its operator. */
export type BeforeOperator =
  | { readonly kind: 'options'; readonly steps: ScoreSteps }
  /** Nodes that are no options, by their types, the first of them first. */
  | { readonly kind: 'others'; readonly operator: string; readonly types: readonly string[] }
  /** No operator, or several: what the model computes is not read. */
  | { readonly kind: 'unknown' };

/** Nodes that leave numbers as they are. */
const ofShape: ReadonlySet<string> = new Set([
  'Identity',
  'Dropout',
  'Flatten',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** What comes before the only operator of a graph; nothing, where it is of shapes alone. */
export function beforeOperator(graph: Graph): BeforeOperator {
  const found = graph.nodes.filter(({ type }) => operators.includes(type));
  if (found.length !== 1) return { kind: 'unknown' };
  const [operator] = found;
  const types = typesBefore(graph, operator.inputs[0]);
  if (types.every((type) => ofShape.has(type))) return { kind: 'options', steps: noSteps };
  const steps = stepsBefore(graph, operator);
  return steps === null ? { kind: 'others', operator: operator.type, types } : { kind: 'options', steps };
}

function stepsBefore(graph: Graph, operator: GraphNode): ScoreSteps | null {
  const steps: Step[] = [];
  let [name] = operator.inputs;
  for (let node = producerOf(graph, name); node !== undefined; node = producerOf(graph, name)) {
    const step = stepOf(graph, node);
    if (step === null) return null;
    if (step.type !== 'Identity') steps.unshift(step);
    name = step.from;
  }
  return graph.isInput(name)
    ? readSteps(graph, steps, axisFromEnd(graph, operator, graph.rankOf(name)))
    : null;
}

/** The types of the nodes that a tensor comes from, the first of them first: through what changes shapes, and else along the first input that is computed. */
function typesBefore(graph: Graph, name: string): readonly string[] {
  const node = producerOf(graph, name);
  if (node === undefined || node.type === 'Constant') return [];
  const isComputed = (input: string): boolean =>
    !['Constant', undefined].includes(producerOf(graph, input)?.type);
  const from = ofShape.has(node.type) ? node.inputs[0] : node.inputs.find(isComputed);
  return [...typesBefore(graph, from ?? ''), node.type];
}

function producerOf({ nodes }: Graph, name: string): GraphNode | undefined {
  return nodes.find(({ outputs }) => outputs.includes(name));
}

function stepOf(graph: Graph, { type, inputs }: GraphNode): Step | null {
  const isGiven = (name: string): boolean => graph.isInput(name) || graph.constant(name) !== undefined;
  const [first, second, third] = inputs;
  switch (type) {
    case 'Identity':
    case 'Tanh':
      return { type, from: first, other: '' };
    case 'Div':
      return isGiven(second) ? { type, from: first, other: second } : null;
    case 'Mul':
    case 'Add': {
      if (first === second) return null;
      // Of two inputs, logits are the one of more dimensions.
      const areInputs = graph.isInput(first) && graph.isInput(second);
      const isFirst = areInputs && graph.rankOf(first) < graph.rankOf(second);
      if (isGiven(second) && !isFirst) return { type, from: first, other: second };
      return isGiven(first) ? { type, from: second, other: first } : null;
    }
    case 'Where': {
      const condition = conditionOf(graph, first);
      if (condition === null) return null;
      if (isLow(graph, third)) return { type, from: second, other: condition.name, hides: condition.isNot };
      if (isLow(graph, second)) return { type, from: third, other: condition.name, hides: !condition.isNot };
      return null;
    }
    default:
      return null;
  }
}

/** The input that a condition is, or the opposite of which; null of another. */
function conditionOf(graph: Graph, name: string): { readonly name: string; readonly isNot: boolean } | null {
  if (graph.isInput(name)) return { name, isNot: false };
  const node = producerOf(graph, name);
  if (node === undefined || !['Not', 'Cast', 'Identity'].includes(node.type)) return null;
  const before = conditionOf(graph, node.inputs[0]);
  return before && { ...before, isNot: before.isNot !== (node.type === 'Not') };
}

/** What is at most this much hides a logit, as kernels have it that add a finite number. */
const LOW = -1000;

/** Whether a tensor is one number that hides. */
function isLow(graph: Graph, name: string): boolean {
  const value = numberIn(graph, name);
  return value !== undefined && value <= LOW;
}

/** {@link ScoreSteps.axis} of an operator of logits of this rank. */
function axisFromEnd(graph: Graph, { type, inputs, integer, integers }: GraphNode, rank: number): number {
  const axes =
    type === 'ReduceLogSumExp'
      ? (integers('axes') ?? [...(numbersIn(graph, inputs[1]) ?? [])]) // An input since opset 18.
      : [integer('axis') ?? (type === 'SoftmaxCrossEntropyLoss' ? 1 : -1)];
  if (axes.length !== 1) return Number.NaN;
  return axes[0] < 0 ? -axes[0] : rank - axes[0];
}

function numbersIn({ constant }: Graph, name: string): Float32Array | undefined {
  const tensor = constant(name);
  return tensor && numbersOf(tensor);
}

function numberIn(graph: Graph, name: string): number | undefined {
  const numbers = numbersIn(graph, name);
  return numbers?.length === 1 ? numbers[0] : undefined;
}

/** The numbers of a constant that has some along one axis alone, which is this one counted from the end. */
function constantAlong(graph: Graph, name: string, axis: number): Float32Array | undefined {
  const tensor = graph.constant(name);
  if (tensor === undefined) return undefined;
  const sizes = sizesOf(tensor);
  return sizes.length > 0 && sizes.every((size, k) => size > 1 === (sizes.length - k === axis))
    ? numbersOf(tensor)
    : undefined;
}

/** The options that steps are, in the order of options; null where they are others. */
function readSteps(graph: Graph, steps: readonly Step[], axis: number): ScoreSteps | null {
  const left = [...steps];
  const fixed: { -readonly [K in keyof ScoreSteps['fixed']]: ScoreSteps['fixed'][K] } = {};
  const inputs: { [K in ScoreInput]?: string } = {};
  const factors = ['Mul', 'Div'];
  while (factors.includes(left[0]?.type) && left[1]?.type !== 'Tanh') {
    const { type, other } = left.shift() as Step;
    const name = type === 'Mul' ? 'scale' : 'temperature';
    const value = numberIn(graph, other);
    if (fixed[name] !== undefined || inputs[name] !== undefined) return null;
    if (value !== undefined) fixed[name] = value;
    else if (graph.isInput(other)) inputs[name] = other;
    else return null;
  }
  if (left[1]?.type === 'Tanh') {
    const [before, , behind] = left.splice(0, 3);
    const softcap = behind?.type === 'Mul' ? numberIn(graph, behind.other) : undefined;
    const factor = numberIn(graph, before.other);
    const expected = before.type === 'Div' ? softcap : Math.fround(1 / (softcap ?? Number.NaN));
    if (!factors.includes(before.type) || !(softcap !== undefined && softcap > 0) || factor !== expected)
      return null;
    fixed.softcap = softcap;
  }
  for (const { type, other, hides } of left.splice(0)) {
    if (type === 'Add' && fixed.bias === undefined && inputs.bias === undefined) {
      const bias = constantAlong(graph, other, axis);
      if (bias !== undefined) fixed.bias = bias;
      else if (graph.isInput(other)) inputs.bias = other;
      else return null;
    } else if (type === 'Where' && inputs.mask === undefined && inputs.hidden === undefined)
      inputs[hides ? 'hidden' : 'mask'] = other;
    else return null;
  }
  return { fixed, axis, inputs };
}

/** What fixed options make of ordinary logits of these sizes, nearly. */
export function nearScores(
  { axis, fixed: { scale, temperature, softcap, bias } }: ScoreSteps,
  logits: Float32Array,
  sizes: readonly number[],
): Float32Array {
  const factor = (scale ?? 1) / (temperature ?? 1);
  const inner = bias === undefined ? 1 : productOf(sizes.slice(sizes.length - axis + 1));
  return logits.map((x, k) => {
    const y = softcap === undefined ? factor * x : softcap * Math.tanh((factor * x) / softcap);
    return y + (bias?.[Math.floor(k / inner) % bias.length] ?? 0);
  });
}
