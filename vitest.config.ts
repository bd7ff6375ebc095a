import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The tests that wait begin first: one that began last would be waited for alone. */
class WaitersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification) => moduleId.includes('/test/acceptance/');
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

const official = /@actions\/(workflow-parser|expressions)/;

/** The maps of the two official workflow packages name sources that they do not ship: a line of noise for each file. */
const withoutMaps = {
  name: 'without-maps',
  load: (id: string) =>
    official.test(id) && id.endsWith('.js')
      ? readFileSync(id, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
      : undefined,
};

export default defineConfig({
  plugins: [withoutMaps],
  test: {
    include: ['{actions,packages,scripts}/**/*.test.ts', 'test/{contract,acceptance,workflows}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.long.test.ts'],
    globalSetup: 'scripts/test-folder.ts',
    testTimeout: 20_000,
    // The longest tests wait, for a process and the time that it waits itself: more of them at once than there are cores.
    maxWorkers: 6,
    // Tests change nothing that outlives them: a fresh process for each file would cost a third of the time.
    isolate: false,
    sequence: { sequencer: WaitersFirst },
    // The two official workflow packages import JSON without the attribute that Node asks for.
    server: { deps: { inline: [official] } },
  },
});
