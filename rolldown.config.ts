import { readdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';
import { lazyHttpClient } from './scripts/lazy-http-client.ts';
import { BUILTINS, plainBuiltins } from './scripts/plain-builtins.ts';
import { plainOrder } from './scripts/plain-order.ts';
import { startChunks } from './scripts/start-chunks.ts';

// One bundle for the root action and one for each folder of actions/, over shared chunks.
const actions = readdirSync(new URL('actions', import.meta.url));

export default defineConfig({
  input: Object.fromEntries(actions.map((name) => [name, `actions/${name}/main.ts`])),
  platform: 'node',
  // Its package.json does not say so: no module of it does anything but define. The summary, used nowhere, loads 5 ms worth.
  treeshake: { moduleSideEffects: [{ test: /[\\/]@actions[\\/]core[\\/]/, sideEffects: false }] },
  plugins: [lazyHttpClient(), plainBuiltins(), plainOrder()],
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    minify: true,
    comments: false,
    codeSplitting: {
      groups: [
        { name: 'builtins', test: BUILTINS },
        ...startChunks(actions.length),
        // Each with all that it takes, for the same reason.
        { name: 'database', test: /packages[\\/]sbom[\\/]database[\\/]open\.ts$/ },
        { name: 'osv', test: /packages[\\/]sbom[\\/]sources[\\/]osv\.ts$/ },
      ],
    },
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});
