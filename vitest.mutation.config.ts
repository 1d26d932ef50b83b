import { defineConfig } from 'vitest/config';

/** The unit tests by which Stryker tests src/judge and src/shrink; the laws in properties/ take too long for each mutant. */
export default defineConfig({
  test: {
    include: ['src/judge/**/*.test.ts', 'src/shrink/**/*.test.ts'],
    testTimeout: 60_000,
    // Modules loaded once for all test files: a mutant takes 0.3 s in place of 0.4.
    isolate: false,
  },
});
