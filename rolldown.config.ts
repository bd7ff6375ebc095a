import path from 'node:path';
import { defineConfig } from 'rolldown';
import { actionFolders } from './scripts/action-folders.ts';
import { lateCommonJs } from './scripts/late-commonjs.ts';
import { plainBuiltins } from './scripts/plain-builtins.ts';
import { plainOrder } from './scripts/plain-order.ts';
import { startChunks } from './scripts/start-chunks.ts';

// One bundle for the root action and one for each folder of actions/, over shared chunks.
const actions = actionFolders(import.meta.dirname);

export default defineConfig({
  input: Object.fromEntries(actions.map(({ name, main }) => [name, main])),
  platform: 'node',
  plugins: [plainBuiltins(), plainOrder(), lateCommonJs(['semver'])],
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    minify: true,
    comments: false,
    codeSplitting: {
      groups: [
        ...startChunks(
          Object.fromEntries(actions.map(({ name, main }) => [name, path.join(import.meta.dirname, main)])),
        ),
        // Each with all that it takes, for the same reason.
        { name: 'database', test: /packages[\\/]sbom[\\/]database[\\/]open\.ts$/ },
        { name: 'osv', test: /packages[\\/]sbom[\\/]sources[\\/]osv\.ts$/ },
      ],
    },
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});
