import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'properties/**/*.property.test.ts'],
    globalSetup: 'properties/support/build.ts',
    testTimeout: 60_000,
  },
});
