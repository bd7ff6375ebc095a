// `npm run long`: the whole runs that take minutes: races, faults, hostile input, every way to commit, deploy.yml step by step.
import { vitest } from './vitest.ts';

const { passed, failed, skipped } = await vitest('vitest.long.config.ts', process.argv.slice(2));
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
