import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const workflows = join('.github', 'workflows');
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES ?? join(root, 'dist');
/** What the references of a published tree name. */
export const published = 'sluice-delivery/sluice@v1';

/** What `sluice-delivery/sluice@v1` is in a run of act: the actions and the workflows of this working tree, in `folder`. */
export async function publish(folder: string): Promise<void> {
  for (const part of ['action.yml', 'actions'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await cp(built, join(folder, 'dist'), { recursive: true });
  await mkdir(join(folder, workflows), { recursive: true });
  for (const name of await readdir(join(root, workflows))) await copy(join(workflows, name), folder, forAct);
  for (const name of await readdir(join(root, 'actions'), { recursive: true }))
    if (name.endsWith('action.yml')) await copy(join('actions', name), folder, withoutSelfReferences);
}

async function copy(path: string, folder: string, change: (text: string) => string): Promise<void> {
  await writeFile(join(folder, path), change(await readFile(join(root, path), 'utf8')));
}

/**
 * A workflow without what act 0.2.89 takes for an error: `deployment: false` (there an environment creates no Deployment anyway),
 * and references to the own repository.
 */
export const forAct = (text: string): string =>
  withoutSelfReferences(text.replaceAll(/^ +deployment: false\n/gm, ''));

/** `$/x` becomes `sluice-delivery/sluice/x@v1`. */
export function withoutSelfReferences(text: string): string {
  const [name, version] = published.split('@');
  return text.replaceAll(
    /^( +(?:- )?uses: )\$\/(\S*)$/gm,
    (_, uses: string, path: string) => `${uses}${name}${path === '' ? '' : `/${path}`}@${version}`,
  );
}
