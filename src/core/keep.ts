/** `compute`, called once for each argument. */
export function keep<K, T>(compute: (key: K) => T): (key: K) => T {
  let known: Map<K, T> | undefined; // Most are never asked: a batch that double precision acquits needs one of six.
  return (key) => {
    let value = known?.get(key);
    if (value === undefined) {
      value = compute(key);
      known ??= new Map();
      known.set(key, value);
    }
    return value;
  };
}

/**
 * `compute`, called once for each argument that is not the one before. What a WeakMap holds outlives its key until old memory is
 * collected: V8's collector of the young takes values for live.
 */
export function keepLast<K, T>(compute: (key: K) => T): (key: K) => T {
  let last: { readonly key: K; readonly value: T } | undefined;
  return (key) => {
    if (last === undefined || last.key !== key) last = { key, value: compute(key) };
    return last.value;
  };
}
