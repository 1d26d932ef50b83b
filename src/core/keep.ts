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
