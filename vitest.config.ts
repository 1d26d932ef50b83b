import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'properties/**/*.property.test.ts'],
    globalSetup: 'properties/support/build.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Every core, and modules loaded once a process: they hold no state. It halves the time.
    maxWorkers: '100%',
    isolate: false,
    // What tests take from dist is what Node loads: its workers and hosts lie beside it.
    server: { deps: { external: [/\/dist\//] } },
  },
});
