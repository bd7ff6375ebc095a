import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{actions,packages,scripts}/**/*.test.ts', 'test/{contract,acceptance,workflows}/**/*.test.ts'],
    testTimeout: 20_000,
    // The longest tests wait, for a process and the time that it waits itself: more of them at once than there are cores.
    maxWorkers: 4,
    // The two official workflow packages import JSON without the attribute that Node asks for.
    server: { deps: { inline: [/@actions\/(workflow-parser|expressions)/] } },
  },
});
