/** Which parameters of functions of C are given options, by their types and names. */
import { answersBatch, type Operation, usesTargets } from '../../core/operation.ts';
import type { LossName, OptionName, ScoreName } from '../../core/options.ts';
import { optionsFor } from '../../options/index.ts';
import { isInteger, type Parameter } from './prototype.ts';

/** What a parameter of an option is given; the upstream value of a loss is no product's. */
export type OptionRole = ScoreName | 'weights' | Exclude<LossName, 'upstream'> | 'lossUpstream';

/** Names without regard to case and underscores. */
type Names = readonly (readonly [role: OptionRole, names: RegExp])[];

const numbers: Names = [
  ['scale', /^((sm|softmax|attn|logits?)?scale|beta|inv(erse)?temp(erature)?)$/],
  ['temperature', /^temp(erature)?$/],
  ['softcap', /^((logits?|attn)?(soft)?cap|capping)$/],
  ['sink', /^(attn)?sinks?$/],
  ['labelSmoothing', /^((label)?smoothing(factor)?|labelsmooth)$/],
  ['zLoss', /^(zloss(weight|scale|coeff?|coefficient|multiplier)?|lsesquared?scale)$/],
];
const integers: Names = [
  ['reduction', /^reduc(e|tion)(mode|type|kind)?$/],
  ['ignoreIndex', /^ignored?(index|idx|label|class|target)$/],
];
const floatArrays: Names = [
  ['bias', /^((attn|attention)?(bias|mask)|additivemask|alibi)$/],
  ['sink', /^(attn)?sinks?$/],
  ['classWeights', /^(class|cls|label)?weights?$/],
  ['weights', /^(b|weights?|coeff(icient)?s?)$/],
  ['rowWeights', /^(row|sample|loss|token|example)s?(weights?|mask)$/],
  [
    'probabilities',
    /^((soft|dense|onehot)?(targets?|labels?)|probabilities|(target|label)(probs|probabilities))$/,
  ],
];
const integerArrays: Names = [['mask', /^((attn|attention|bool|valid)?mask|keep|valid)$/]];
const upstreamNames =
  /^(upstream|g|dy|gy|d?out(put)?grad|grad(out|output|loss|losses)?|gloss|d(out|output|loss|losses))$/;

/** The option that a parameter is given by its type and its name in lower case without underscores; null where it is none. */
export function optionRoleOf(
  { type, isPointer, isConst, value }: Parameter,
  key: string,
  operation: Operation,
): OptionRole | null {
  const isWhole = isInteger(type);
  const isGradient = usesTargets(operation) && !answersBatch(operation);
  const isWritten = isPointer && !isConst && key === 'grad';
  if (isGradient && upstreamNames.test(key) && !isWhole && !isWritten) return 'lossUpstream';
  const ofType = isPointer ? (isWhole ? integerArrays : floatArrays) : isWhole ? integers : numbers;
  const among = value === null || isPointer ? ofType : [...ofType, ...numbers];
  const taken = optionsFor(operation);
  const [role = null] =
    among.find(([each, names]) => taken.includes(optionNames[each]) && names.test(key)) ?? [];
  return role;
}

const optionNames: Readonly<Record<OptionRole, OptionName>> = {
  scale: 'scale',
  temperature: 'temperature',
  softcap: 'softcap',
  bias: 'bias',
  mask: 'mask',
  weights: 'weights',
  sink: 'sink',
  reduction: 'reduction',
  ignoreIndex: 'ignoreIndex',
  classWeights: 'classWeights',
  rowWeights: 'rowWeights',
  labelSmoothing: 'labelSmoothing',
  zLoss: 'zLoss',
  probabilities: 'probabilities',
  lossUpstream: 'upstream',
};

/** Whether a role is one of an option. */
export function isOptionRole(role: string): role is OptionRole {
  return Object.hasOwn(optionNames, role);
}

/** How the option is called in a call of the contract. */
export function optionOf(role: OptionRole): OptionName {
  return optionNames[role];
}
