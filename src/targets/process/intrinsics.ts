/**
 * Keeps what the host itself uses of the language as it was before a module was loaded: a module may change `Math.max`, `Array.prototype.map` or
 * `process.exit`, and goes on with what it has put there while it is called; in between the host has its own. To be imported before any module is.
 *
 * Nothing here calls what could have been changed by then: hence constants, and loops over indices.
 */
import type { Guard } from '../guard.ts';

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is } = Object;
const OwnPromise = Promise;
const microtask = queueMicrotask;

/** Of the language. What tells time and chance is the module's own affair: the host uses none of it. */
const names = [
  ...[
    'Object',
    'Function',
    'Array',
    'Number',
    'String',
    'Boolean',
    'Symbol',
    'BigInt',
    'Math',
    'JSON',
    'Reflect',
  ],
  ...['Promise', 'Map', 'Set', 'WeakMap', 'WeakSet', 'RegExp', 'Error', 'TypeError', 'RangeError', 'Atomics'],
  ...['ArrayBuffer', 'SharedArrayBuffer', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'Int32Array'],
  ...['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView', 'Buffer'],
] as const;
const globals = [
  ...names,
  'queueMicrotask',
  'performance',
  'process',
  'structuredClone',
  'isNaN',
  'isFinite',
];
const ofProcess = ['exit', 'kill', 'nextTick', 'emit', 'stderr', 'stdout', 'stdin'];
const notGuarded = new Set(['Math.random', 'Error.stackTraceLimit', 'Error.prepareStackTrace']);

interface Slot {
  readonly name: string;
  readonly holder: object;
  readonly key: PropertyKey;
  /** The host's own; undefined where there is to be nothing. */
  readonly own: PropertyDescriptor | undefined;
  /** What the module has put there, where it has. */
  theirs: PropertyDescriptor | undefined;
  isChanged: boolean;
}

/** What each call of the host needs, some 250 properties, is looked at after each call, in some 10 us; all of them after every eighth. */
const EVERY = 8;
const often = [
  ...[
    '',
    'process',
    'Math',
    'JSON',
    'Object',
    'Object.prototype',
    'Function.prototype',
    'Reflect',
    'Array',
    'Array.prototype',
  ],
  ...['TypedArray', 'TypedArray.prototype', 'Float32Array', 'Uint8Array', 'Promise', 'Promise.prototype'],
  ...['Map.prototype', 'Set.prototype', 'Array iterators', 'Map iterators', 'Set iterators', 'Buffer'],
];
const oftenOfBuffers = ['copy', 'compare', 'subarray', 'readUInt32LE', 'writeUInt32LE', 'write', 'toString'];

/** Guards what is there now. `onLost` hears that something cannot be put back, as it was frozen; it does not return. */
export function createGuard(onLost: (words: string) => never): Guard {
  const { slots, often: most } = slotsNow();
  const lent: Slot[] = [];
  const everything = Object.prototype;
  let known = ownKeys(everything).length;
  let calls = 0;

  const isOwn = ({ holder, key, own }: Slot): boolean => {
    if (own !== undefined && 'value' in own) {
      try {
        return is((holder as Record<PropertyKey, unknown>)[key], own.value);
      } catch {
        return false;
      }
    }
    const now = getOwnPropertyDescriptor(holder, key);
    return (
      now === own || (now !== undefined && own !== undefined && now.get === own.get && now.set === own.set)
    );
  };
  const put = ({ name, holder, key }: Slot, what: PropertyDescriptor | undefined): void => {
    const isPut = what === undefined ? deleteProperty(holder, key) : defineProperty(holder, key, what);
    if (!isPut) onLost(`it has changed ${name}, and frozen it`);
  };
  const note = (slot: Slot): void => {
    slot.theirs = getOwnPropertyDescriptor(slot.holder, slot.key);
    if (!slot.isChanged) lent[lent.length] = slot;
    slot.isChanged = true;
    put(slot, slot.own);
  };
  /** What all objects inherit: what was added would be found in every record of options. */
  const lookForAdded = (): void => {
    const keys = ownKeys(everything);
    if (keys.length === known) return;
    for (let k = 0; k < keys.length; k++) {
      if (isSlot(slots, everything, keys[k])) continue;
      const name = `Object.prototype.${String(keys[k])}`;
      const slot: Slot = {
        name,
        holder: everything,
        key: keys[k],
        own: undefined,
        theirs: undefined,
        isChanged: false,
      };
      slots[slots.length] = slot;
      note(slot);
    }
    known = ownKeys(everything).length;
  };
  const takeBackOf = (count: number): void => {
    for (let k = 0; k < count; k++) if (!isOwn(slots[k])) note(slots[k]);
    lookForAdded();
  };
  const takeBack = (): void => takeBackOf(slots.length);
  const lend = (): void => {
    for (let k = 0; k < lent.length; k++) put(lent[k], lent[k].theirs);
  };
  const after = (): void => {
    calls++;
    takeBackOf(lent.length > 0 || calls % EVERY === 0 ? slots.length : most);
  };
  return {
    takeBack,
    changed: () => lent.map(({ name }) => name),
    call(call, owner, given) {
      lend();
      let answer: unknown;
      try {
        answer = apply(call, owner, given);
      } finally {
        after();
      }
      if (typeof (answer as PromiseLike<unknown> | null | undefined)?.then !== 'function') return answer;
      return new OwnPromise((resolve, reject) => {
        let isSettled = false;
        const settle = (use: (value: unknown) => void) => (value: unknown) => {
          if (!isSettled) after();
          isSettled = true;
          use(value);
        };
        (answer as PromiseLike<unknown>).then(settle(resolve), settle(reject));
        microtask(() => {
          if (!isSettled) lend();
        });
      });
    },
  };
}

function isSlot(slots: readonly Slot[], holder: object, key: PropertyKey): boolean {
  for (let k = 0; k < slots.length; k++) if (slots[k].holder === holder && slots[k].key === key) return true;
  return false;
}

/** What is to be kept; the first are those that are looked at often. */
function slotsNow(): { readonly slots: Slot[]; readonly often: number } {
  const slots: Slot[] = [];
  const rarely: Slot[] = [];
  const add = (name: string, holder: object, keys: readonly PropertyKey[]): void => {
    for (const key of keys) {
      const full =
        name === ''
          ? String(key)
          : `${name}${typeof key === 'symbol' ? `[${String(key)}]` : `.${String(key)}`}`;
      const own = getOwnPropertyDescriptor(holder, key);
      if (own?.configurable && !notGuarded.has(full))
        (often.includes(name) || (name === 'Buffer.prototype' && oftenOfBuffers.includes(String(key)))
          ? slots
          : rarely
        ).push({ name: full, holder, key, own, theirs: undefined, isChanged: false });
    }
  };
  add('', globalThis, globals);
  add('process', process, ofProcess);
  for (const name of names) {
    const holder = (globalThis as Record<string, unknown>)[name] as object & { readonly prototype?: object };
    add(name, holder, ownKeys(holder));
    if (holder.prototype !== undefined) add(`${name}.prototype`, holder.prototype, ownKeys(holder.prototype));
  }
  const arrays = Object.getPrototypeOf(Float32Array);
  add('TypedArray', arrays, ownKeys(arrays));
  add('TypedArray.prototype', arrays.prototype, ownKeys(arrays.prototype));
  const iterators = {
    Array: [].values(),
    String: ''[Symbol.iterator](),
    Map: new Map().values(),
    Set: new Set().values(),
  };
  for (const [of, iterator] of Object.entries(iterators)) {
    const prototype = Object.getPrototypeOf(iterator);
    add(`${of} iterators`, prototype, ownKeys(prototype));
  }
  return { slots: [...slots, ...rarely], often: slots.length };
}
