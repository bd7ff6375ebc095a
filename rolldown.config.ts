import { defineConfig } from 'rolldown';
import { actionFolders } from './scripts/action-folders.ts';
import { lazyHttpClient } from './scripts/lazy-http-client.ts';
import { BUILTINS, plainBuiltins } from './scripts/plain-builtins.ts';
import { startChunks } from './scripts/start-chunks.ts';

// One bundle for the root action and one for each folder of actions/, over shared chunks.
const actions = actionFolders(import.meta.dirname);

export default defineConfig({
  input: Object.fromEntries(actions.map(({ name, main }) => [name, main])),
  platform: 'node',
  // Its package.json does not say so: no module of it does anything but define. The summary, used nowhere, loads 5 ms worth.
  treeshake: { moduleSideEffects: [{ test: /[\\/]@actions[\\/]core[\\/]/, sideEffects: false }] },
  plugins: [lazyHttpClient(), plainBuiltins()],
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    minify: true,
    comments: false,
    codeSplitting: { groups: [{ name: 'builtins', test: BUILTINS }, ...startChunks(actions.length)] },
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});
