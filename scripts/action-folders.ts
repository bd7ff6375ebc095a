import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** An action of the repository, by its folder in `actions/`. */
export interface ActionFolder {
  readonly name: string;
  /** What its bundle is made from, relative to the repository: of a composite, `run/main.ts` of the action that it calls. */
  readonly main: string;
}

export function actionFolders(root: string): readonly ActionFolder[] {
  return readdirSync(path.join(root, 'actions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const own = `actions/${name}/main.ts`;
      return { name, main: existsSync(path.join(root, own)) ? own : `actions/${name}/run/main.ts` };
    });
}
