// `npm run build`: the bundles in dist/ and everything that is generated (tables in the READMEs, docs/schema).
import { spawnSync } from 'node:child_process';
import { writeGenerated } from './generate.ts';

const rolldown = spawnSync('rolldown', ['--config', 'rolldown.config.ts', '--logLevel', 'warn'], {
  stdio: 'inherit',
});
if (rolldown.status !== 0) process.exit(rolldown.status ?? 1);
for (const file of writeGenerated()) console.log(`wrote ${file}`);
console.log('dist/ is built');
