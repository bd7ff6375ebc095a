import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const workflow = '.github/workflows/deploy.yml';

/** What `sluice-delivery/sluice@v1` is in a run of act: the actions and the workflow of this working tree, in `folder`. */
export async function publish(folder: string): Promise<void> {
  await mkdir(join(folder, '.github', 'workflows'), { recursive: true });
  for (const part of ['action.yml', 'actions', 'dist'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await writeFile(join(folder, workflow), forAct(await readFile(join(root, workflow), 'utf8')));
}

/**
 * The workflow without `deployment: false`, which act 0.2.89 takes for an error; there an environment creates no Deployment anyway.
 * Throws when that line is not there exactly once.
 */
export function forAct(text: string): string {
  const parts = text.split(/^ +deployment: false\n/m);
  if (parts.length !== 2)
    throw new Error(`deployment: false stands ${parts.length - 1} times in ${workflow}.`);
  return parts.join('');
}
