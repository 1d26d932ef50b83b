import { defineConfig } from 'vitest/config';

const all = ['src/**/*.test.ts', 'properties/**/*.property.test.ts'];

/** What starts many processes, waits, or runs whole campaigns. */
const long = ['src/**/*.long.test.ts', 'properties/**/*.long.property.test.ts'];

/** Laws that `npm test` tries on fewer cases (properties/support/effort.ts). */
const laws = [
  'campaign',
  'diagnosis',
  'diagnosis-losses',
  'estimate',
  'filter',
  'formats',
  'hypotheses',
  'implied-laws',
  'laws',
  'loss-options',
  'non-finite',
  'sweep',
  'zoo',
].map((name) => `properties/${name}.property.test.ts`);

/** What each mode of vitest runs: `npm test`, `npm run test:long`, `npm run test:laws`. */
const included = (mode: string): string[] => (mode === 'long' ? long : mode === 'laws' ? laws : all);

export default defineConfig(({ mode }) => ({
  test: {
    include: included(mode),
    exclude: mode === 'long' ? [] : long,
    env: { EFFORT: mode === 'laws' ? 'long' : 'short', GITHUB_ACTIONS: '' },
    globalSetup: 'properties/support/build.ts',
    // A hang ends; time decides nothing.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Every core, and modules loaded once a process: they hold no state. It halves the time.
    maxWorkers: '100%',
    isolate: false,
    // What tests take from dist is what Node loads: its workers and hosts lie beside it.
    server: { deps: { external: [/\/dist\//] } },
  },
}));
