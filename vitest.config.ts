import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'properties/**/*.property.test.ts'],
    globalSetup: 'properties/support/build.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Half as many processes again as cores, for many tests wait for others; modules are loaded once a process: they hold no state.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    isolate: false,
    // What tests take from dist is what Node loads: its workers and hosts lie beside it.
    server: { deps: { external: [/\/dist\//] } },
  },
});
