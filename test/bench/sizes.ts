import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export const dist = path.resolve(import.meta.dirname, '../../dist');

export interface FileSize {
  /** Relative to `dist/`. */
  readonly file: string;
  readonly bytes: number;
}

/** Every file of `dist/`, the largest first. */
export function distFiles(): readonly FileSize[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .map((file) => ({ file, stat: statSync(path.join(dist, file)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ file, stat }) => ({ file, bytes: stat.size }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** The names of the bundles: the files of `dist/` that are no shared chunk. */
export function bundles(): readonly string[] {
  return distFiles()
    .filter(({ file }) => path.dirname(file) === '.')
    .map(({ file }) => path.basename(file, '.js'))
    .sort();
}

/** A bundle's file with those that it imports, and that they import; not what is loaded later, by `import()`. */
export function loadedAtStart(bundle: string): readonly string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = readFileSync(path.join(dist, file), 'utf8');
    for (const [, imported] of code.matchAll(/\b(?:from|import)\s*["'](\.{1,2}\/[^"']+\.js)["']/g)) {
      visit(path.join(path.dirname(file), imported ?? ''));
    }
  };
  visit(`${bundle}.js`);
  return [...seen];
}
