import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunResult, runBundle } from '@sluice/testbed/runner';
import { afterEach, beforeEach } from 'vitest';

const action = fileURLToPath(new URL('../../actions/image-tag-bump', import.meta.url));

/** A workspace for each test of a file, and the action run on it with `commit: none`. */
export function workspaceOfEach() {
  let workspace: string;
  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  });
  afterEach(() => rmSync(workspace, { recursive: true, force: true }));
  return {
    bump: (inputs: Readonly<Record<string, string>> = {}): Promise<RunResult> =>
      runBundle({
        action,
        workspace,
        inputs: { images: 'registry.example/shop:1.4.2', commit: 'none', branch: 'main', ...inputs },
      }),
    put(files: Readonly<Record<string, string>>): void {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(workspace, path)), { recursive: true });
        writeFileSync(join(workspace, path), content);
      }
    },
    read: (path: string): string => readFileSync(join(workspace, path), 'utf8'),
  };
}
