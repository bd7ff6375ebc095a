import { readdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';
import { lazyHttpClient } from './scripts/lazy-http-client.ts';
import { plainBuiltins } from './scripts/plain-builtins.ts';

// One bundle for the root action and one for each folder of actions/, over shared chunks.
const actions = readdirSync(new URL('actions', import.meta.url));

export default defineConfig({
  input: Object.fromEntries(actions.map((name) => [name, `actions/${name}/main.ts`])),
  platform: 'node',
  plugins: [lazyHttpClient(), plainBuiltins()],
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    minify: true,
    comments: false,
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});
