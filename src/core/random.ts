/**
 * The random numbers that batches are made of: xoshiro128** 1.1, from D. Blackman and S. Vigna, "Scrambled linear
 * pseudorandom number generators", ACM TOMS 47(4), 2021 (https://prng.di.unimi.it/xoshiro128starstar.c).
 *
 * Integer arithmetic alone, so that a seed gives the same numbers on every engine. Its period is 2^128 - 1.
 */

/** A stream of random numbers. Every method advances it by one word. */
export interface Random {
  /** An integer in [0, 2^32). */
  word(): number;
  /** A multiple of 2^-32 in [0, 1). */
  unit(): number;
  /** An integer in [0, n), for 1 <= n <= 2^32. Its bias is below n * 2^-32. */
  below(n: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** One element of `list`, which must not be empty. */
  pick<T>(list: readonly T[]): T;
}

/** The four words of a generator's state. */
export type Seed = readonly [number, number, number, number];

/**
 * The stream that starts from `seed`, each element taken modulo 2^32. The first words show a seed as it is, so it should be
 * random or hashed. Four zeros, a fixed point, become another state.
 */
export function createRandom(seed: Seed): Random {
  // A typed array holds the state without boxing it: a word takes 4 ns, from variables or fields 8 ns and more.
  const state = new Int32Array(seed);
  if (state.every((element) => element === 0)) state.set([1, 2, 3, 4]);

  function word(): number {
    const b = state[1];
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const c = state[2] ^ state[0];
    const d = state[3] ^ b;
    state[0] ^= d;
    state[1] = b ^ c;
    state[2] = c ^ (b << 9);
    state[3] = rotate(d, 11);
    return scrambled;
  }
  const unit = () => word() * 2 ** -32;
  const below = (n: number) => Math.floor(unit() * n);

  return { word, unit, below, chance: (p) => unit() < p, pick: (list) => list[below(list.length)] };
}

function rotate(word: number, left: number): number {
  return (word << left) | (word >>> (32 - left));
}
