/** What may have become of a JSON file: changes of its structure, and of its text. */
import fc from 'fast-check';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Values that are none of what is expected somewhere, or are only just. */
const values: readonly Json[] = [
  null,
  true,
  '',
  'x'.repeat(3000),
  '::error::\u001b[31m\u202e\n',
  '\ud800',
  'constructor',
  '42b20000',
  '7fc00000*2',
  '00000000*999999999',
  'softmax/*/<=',
  0,
  -0,
  -1,
  0.5,
  2 ** 24 + 1,
  2 ** 31,
  2 ** 53,
  1e308,
  5e-324,
  [],
  {},
  [[]],
  [null],
  ['42b20000'],
  { toString: 1, valueOf: 1 },
  { length: 2 ** 31 },
];

const names = ['__proto__', 'constructor', 'toString', 'toJSON', 'length', '', 'x'.repeat(3000), '\u0000'];

/** What is alike, and may make sense, is tried oftenest: it comes furthest. */
const edits = [
  'alike',
  'alike',
  'alike',
  'change',
  'change',
  'change',
  'swap',
  'swap',
  'delete',
  'retype',
  'duplicate',
  'nest',
  'rename',
  'deepen',
] as const;

interface Edit {
  readonly kind: (typeof edits)[number];
  /** Which place of the value, and which other one, modulo how many there are. */
  readonly at: number;
  readonly other: number;
  readonly value: Json;
  readonly name: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(...edits),
  at: fc.nat(),
  other: fc.nat(),
  value: fc.constantFrom(...values),
  name: fc.constantFrom(...names),
});

/** A text with changes by {@link edits} or to its characters: mostly JSON, of a structure that is mostly right. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .record({
      text: fc.constantFrom(...texts),
      changes: fc.array(edit, { minLength: 1, maxLength: 2 }),
      inText: fc.oneof(
        { weight: 7, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.record({ kind: fc.nat(5), at: fc.nat(), to: fc.nat(0xffff) }) },
      ),
    })
    .map(({ text, changes, inText }) => {
      const changed = changes.reduce(apply, { root: JSON.parse(text) as Json });
      const written = JSON.stringify(changed.root).replaceAll(`"${DEEP}"`, deep);
      return inText === null ? written : applyToText(written, inText.kind, inText.at, inText.to);
    });
}

/** Stands for lists in lists, more than a recursive function can write. */
const DEEP = 'so deep';
const deep = '['.repeat(20_000) + ']'.repeat(20_000);

/** Everything in the value, by what holds it. */
function placesIn(holder: { [name: string]: Json } | Json[]): { holder: typeof holder; name: string }[] {
  return Object.entries(holder).flatMap(([name, value]) => [
    { holder, name },
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}

function apply<T extends { root: Json }>(whole: T, { kind, at, other, value, name }: Edit): T {
  const places = placesIn(whole);
  if (places.length === 0) return whole;
  const place = places[at % places.length];
  const holder = place.holder as { [name: string]: Json };
  const old = holder[place.name];
  const put = (to: Json): void => set(holder, place.name, structuredClone(to));
  if (kind === 'delete') {
    if (Array.isArray(holder)) holder.splice(Number(place.name), 1);
    else if (holder !== (whole as object)) delete holder[place.name];
  } else if (kind === 'retype') put(value);
  else if (kind === 'duplicate') {
    if (Array.isArray(holder))
      holder.push(...Array.from({ length: 1 + (other % 3) }, () => structuredClone(old)));
    else if (Array.isArray(old)) put([...old, ...old]);
  } else if (kind === 'nest') put(other % 2 === 0 ? [old] : { [name]: old });
  else if (kind === 'swap') {
    const from = places[other % places.length];
    put((from.holder as { [name: string]: Json })[from.name]);
  } else if (kind === 'rename') set(holder, name, structuredClone(old));
  else if (kind === 'deepen') put(DEEP);
  else if (kind === 'alike') {
    const others = [...values, ...places.map((each) => (each.holder as { [name: string]: Json })[each.name])];
    const alike = others.filter(
      (each) => typeof each === typeof old && Array.isArray(each) === Array.isArray(old),
    );
    if (alike.length > 0) put(alike[other % alike.length]);
  } else if (typeof old === 'number') put(other % 2 === 0 ? -old : old + (other % 5) - 2);
  else if (typeof old === 'string') put(`${old.slice(0, other % (old.length + 1))}${old.length % 2}`);
  else if (typeof old === 'boolean') put(!old);
  return whole;
}

/** Also of a name that assigning would not make a field. */
function set(holder: object, name: string, value: Json): void {
  if (Array.isArray(holder) && !/^\d+$/.test(name)) return;
  Object.defineProperty(holder, name, { value, configurable: true, enumerable: true, writable: true });
}

function applyToText(text: string, kind: number, at: number, to: number): string {
  const place = at % (text.length + 1);
  const [before, after] = [text.slice(0, place), text.slice(place)];
  switch (kind) {
    case 0:
      return before;
    case 1:
      return before + String.fromCharCode(to) + after.slice(1);
    case 2:
      return before + after.slice(to % 40);
    case 3:
      return before + after.slice(0, to % 40) + after;
    case 4:
      return `\ufeff${text}`;
    default:
      return text + text;
  }
}
