import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Whole runs that take minutes together: `npm run long`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/{acceptance,workflows}/**/*.long.test.ts', 'packages/**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 60_000,
  },
});
