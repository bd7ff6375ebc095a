import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Whole runs that take minutes together, and properties of as many random inputs as were found enough: `npm run long`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      '{test,packages}/**/*.long.test.ts',
      'packages/**/*.property.test.ts',
      'packages/gitops/yaml/write.test.ts',
    ],
    env: { SLUICE_LONG: '1' },
    exclude: ['**/node_modules/**'],
    testTimeout: 60_000,
  },
});
