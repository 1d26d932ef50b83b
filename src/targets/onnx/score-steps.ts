/**
 * What a model makes of its logits before its operator, read backwards from that: Mul or Div by a scale; Div (or Mul), Tanh and Mul by a softcap; Add of a bias; Where with a
 * mask, in either order. What is a constant there is an option that is fixed, what is an input one that is given.
 */
import { type Graph, type GraphNode, numbersOf } from './graph.ts';
import type { ScoreInputs } from './score-tensors.ts';

/** What the steps are. */
export interface ScoreSteps {
  /** The input with which they begin. */
  readonly logits: string;
  /** The values in the file. */
  readonly fixed: Readonly<Partial<Record<'scale' | 'temperature' | 'softcap', number>>> & {
    readonly bias?: Float32Array;
  };
  readonly inputs: ScoreInputs;
}

const operators = ['Softmax', 'LogSoftmax', 'ReduceLogSumExp', 'SoftmaxCrossEntropyLoss'];

/** A node that goes from `from` to its output; `other` is what it does that with. */
interface Step {
  readonly type: string;
  readonly from: string;
  readonly other: string;
  /** Of a Where, whether logits are hidden where its condition is true. */
  readonly hides?: boolean;
}

/** The steps before the only operator of a graph; null where there is none, or anything else before it. */
export function scoreStepsIn(graph: Graph): ScoreSteps | null {
  const found = graph.nodes.filter(({ type }) => operators.includes(type));
  if (found.length !== 1) return null;
  const steps: Step[] = [];
  let [name] = found[0].inputs;
  for (;;) {
    const node = graph.nodes.find(({ outputs }) => outputs.includes(name));
    if (node === undefined) break;
    const step = stepOf(graph, node);
    if (step === null) return null;
    if (step.type !== 'Identity') steps.unshift(step);
    name = step.from;
  }
  return graph.isInput(name) ? readSteps(graph, name, steps) : null;
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
    case 'Add':
      if (isGiven(second)) return { type, from: first, other: second };
      return isGiven(first) ? { type, from: second, other: first } : null;
    case 'Where': {
      const condition = conditionOf(graph, first);
      if (condition === null) return null;
      if (isNegative(graph, third))
        return { type, from: second, other: condition.name, hides: condition.isNot };
      if (isNegative(graph, second))
        return { type, from: third, other: condition.name, hides: !condition.isNot };
      return null;
    }
    default:
      return null;
  }
}

/** The input that a condition is, or the opposite of which; null of another. */
function conditionOf(graph: Graph, name: string): { readonly name: string; readonly isNot: boolean } | null {
  if (graph.isInput(name)) return { name, isNot: false };
  const node = graph.nodes.find(({ outputs }) => outputs.includes(name));
  if (node === undefined || !['Not', 'Cast', 'Identity'].includes(node.type)) return null;
  const before = conditionOf(graph, node.inputs[0]);
  return before && { ...before, isNot: before.isNot !== (node.type === 'Not') };
}

/** Whether a tensor is a constant that hides: one number below 0. */
function isNegative(graph: Graph, name: string): boolean {
  const value = numberIn(graph, name);
  return value !== undefined && value < 0;
}

function numberIn(graph: Graph, name: string): number | undefined {
  const numbers = constantIn(graph, name);
  return numbers?.length === 1 ? numbers[0] : undefined;
}

function constantIn({ constant }: Graph, name: string): Float32Array | undefined {
  const tensor = constant(name);
  return tensor && numbersOf(tensor);
}

/** The options that steps are, in the order of options; null where they are others. */
function readSteps(graph: Graph, logits: string, steps: readonly Step[]): ScoreSteps | null {
  const left = [...steps];
  const fixed: { -readonly [K in keyof ScoreSteps['fixed']]: ScoreSteps['fixed'][K] } = {};
  const inputs: { -readonly [K in keyof ScoreInputs]: ScoreInputs[K] } = {};
  const factors = ['Mul', 'Div'];
  if (factors.includes(left[0]?.type) && left[1]?.type !== 'Tanh') {
    const { type, other } = left.shift() as Step;
    const name = type === 'Mul' ? 'scale' : 'temperature';
    const value = numberIn(graph, other);
    if (value !== undefined) fixed[name] = value;
    else if (graph.isInput(other)) inputs[name] = other;
    else return null;
  }
  if (left[1]?.type === 'Tanh') {
    const [before, , behind] = left.splice(0, 3);
    const softcap = behind?.type === 'Mul' ? numberIn(graph, behind.other) : undefined;
    const factor = numberIn(graph, before.other);
    const expected = before.type === 'Div' ? softcap : Math.fround(1 / (softcap ?? Number.NaN));
    if (!factors.includes(before.type) || softcap === undefined || factor !== expected) return null;
    fixed.softcap = softcap;
  }
  for (const { type, other, hides } of left.splice(0)) {
    if (type === 'Add' && fixed.bias === undefined && inputs.bias === undefined) {
      const bias = constantIn(graph, other);
      if (bias !== undefined) fixed.bias = bias;
      else if (graph.isInput(other)) inputs.bias = other;
      else return null;
    } else if (type === 'Where' && inputs.mask === undefined && inputs.hidden === undefined)
      inputs[hides ? 'hidden' : 'mask'] = other;
    else return null;
  }
  return { logits, fixed, inputs };
}

/** What fixed options make of ordinary logits, nearly. */
export function nearScores(
  { scale, temperature, softcap, bias }: ScoreSteps['fixed'],
  logits: Float32Array,
): Float32Array {
  const factor = scale ?? 1 / (temperature ?? 1);
  return logits.map((x, k) => {
    const y = softcap === undefined ? factor * x : softcap * Math.tanh((factor * x) / softcap);
    return y + (bias?.[k % bias.length] ?? 0);
  });
}
