import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folder } from './cases.ts';
import { NOT_OURS } from './differences.ts';

const here = new URL('.', import.meta.url);

test.skipIf(folder === undefined)(
  'every file of cases is run here, or is said to be for another action',
  () => {
    const tests = readdirSync(here)
      .filter((name) => name.endsWith('.test.ts') && name !== 'files.test.ts')
      .map((name) => readFileSync(new URL(name, here), 'utf8'))
      .join('\n');
    const files = ['octopus', 'gitops'].flatMap((origin) =>
      readdirSync(new URL(`${origin}/`, folder)).map((name) => `${origin}/${name.replace('.json', '')}`),
    );
    const isRun = (file: string): boolean =>
      tests.includes(`'${file}'`) || tests.includes(`'${file.split('/')[1]}'`);
    expect(files.filter((file) => !isRun(file)).toSorted()).toEqual(Object.keys(NOT_OURS).toSorted());
  },
);
