import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{actions,packages,scripts}/**/*.test.ts', 'test/{contract,acceptance,workflows}/**/*.test.ts'],
    testTimeout: 20_000,
    // The two official workflow packages import JSON without the attribute that Node asks for.
    server: { deps: { inline: [/@actions\/(workflow-parser|expressions)/] } },
  },
});
