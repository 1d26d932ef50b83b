import { defineConfig } from 'vitest/config';

/** The unit tests by which Stryker tests src/judge and src/shrink; the laws in properties/ take too long for each mutant. */
export default defineConfig({
  test: {
    include: ['src/judge/**/*.test.ts', 'src/shrink/**/*.test.ts'],
    testTimeout: 60_000,
    isolate: false,
  },
});
