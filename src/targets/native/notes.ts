/** What to tell of how functions of compiled code are called, where nobody has said so. */
import { isDense, type Role } from './binding.ts';
import { unjudgedFunctions, type WantedFunction } from './functions.ts';
import type { NativeSpecifier } from './specifier.ts';

/** The prototypes that names suggest, arrays called masks that are added, and functions that are not judged, of those that the code exports by `names`. */
export function nativeNotes(
  native: NativeSpecifier,
  names: readonly string[],
  wanted: readonly WantedFunction[],
): string[] {
  return [
    ...guesses(native, wanted),
    ...wanted.flatMap(addedMasks),
    ...wanted.flatMap(absentOptions),
    ...unjudgedFunctions(native, names, wanted),
  ];
}

function guesses({ specifier }: NativeSpecifier, wanted: readonly WantedFunction[]): string[] {
  const guessed = wanted.filter(({ isGuess }) => isGuess);
  if (guessed.length === 0) return [];
  const [file] = specifier.split('#');
  const list = guessed.map(({ declaration }) => declaration).join('; ');
  return [
    `called as ${guessed.length === 1 ? 'its name suggests' : 'their names suggest'}: ${list}; where a declaration is another, say it: '${file}#${guessed[0].declaration.replace(/\(.*/s, '(…)')}'`,
  ];
}

/** A mask of floats is -Infinity or 0 to most who declare one, and 0 or 1 to some. */
function addedMasks({ symbol, binding }: WantedFunction): string[] {
  return binding.parameters
    .filter(({ role, name }) => role === 'bias' && /mask/i.test(name ?? ''))
    .map(
      ({ name }) =>
        `${symbol} is given numbers to add as its 'const float *${name}', -Infinity where it hides; a mask of 1, which takes part, and 0 is a const uint8_t * or const int *`,
    );
}

/** Options whose absence a function has to look for: the others are 0 or 1 then, and change nothing by themselves. */
const lookedFor: readonly Role[] = [
  'mask',
  'bias',
  'weights',
  'sink',
  'classWeights',
  'rowWeights',
  'probabilities',
  'softcap',
];

/** What a function gets for options that a call does not have, where it has to look for that. */
export function absentOptions({ symbol, binding }: WantedFunction): string[] {
  const isAlways = (role: Role): boolean => role === 'probabilities' && isDense(binding);
  const given = binding.parameters
    .filter(({ role }) => !isAlways(role))
    .filter(({ role, isPointer }) => lookedFor.includes(role) && (isPointer || role === 'softcap'))
    .map(({ name, isPointer }) => `${isPointer ? 'NULL' : 0} for ${name}`);
  return given.length === 0 ? [] : [`${symbol} is given ${given.join(', ')} in calls without such an option`];
}
