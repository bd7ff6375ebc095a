import { visible } from '@sluice/core/visible';
import type { FileContent } from '@sluice/gitops/commit/committer';
import { fill, type Variables } from './placeholder.ts';
import { unsafe } from './variables.ts';
import { yamlProblems } from './yaml-safety.ts';

/** A file of the template, by its path in it. */
export interface TemplateFile {
  readonly path: string;
  readonly mode: FileContent['mode'];
  /** Undefined where it is no text, or larger than is read. */
  readonly text: string | undefined;
}

export interface Rendered {
  readonly files: readonly FileContent[];
  /** Names of the variables that stand somewhere. */
  readonly used: ReadonlySet<string>;
  /** All that is wrong, a sentence each; then nothing of the files may be written. */
  readonly problems: readonly string[];
}

const YAML = /\.(ya?ml|json)$/;

/** The template with its variables filled in, at the same paths. Pure. */
export function renderTemplate(template: readonly TemplateFile[], variables: Variables): Rendered {
  const files: FileContent[] = [];
  const used = new Set<string>();
  const problems: string[] = [];
  for (const { path, mode, text } of template) {
    const tell = (why: string) => problems.push(`${visible(path)}: ${why}`);
    if (text === undefined) {
      tell('it is no UTF-8 text, or larger than 5 MB');
      continue;
    }
    const filled = fill(text, variables);
    for (const why of filled.unknown) tell(why);
    for (const name of filled.used) used.add(name);
    const wrong = [...filled.used].flatMap((name) => {
      const variable = variables.get(name);
      return (variable && unsafe(name, variable)) ?? [];
    });
    for (const why of wrong) tell(why);
    // What is unsafe is told once.
    if (YAML.test(path) && wrong.length === 0) for (const why of yamlProblems(text, variables)) tell(why);
    files.push({ path, mode, text: filled.text });
  }
  return { files, used, problems };
}

/** The address of the environment, filled in. Throws an Error that says what is wrong with it. */
export function renderUrl(template: string, variables: Variables): string {
  const { text, used, unknown } = fill(template, variables);
  const [wrong] = unknown;
  if (wrong !== undefined) throw new Error(wrong.replace(/^line 1: /, ''));
  // Nothing that a pull request chooses may become another host, path or query.
  const strange = [...used].find((name) => !/^[A-Za-z0-9._~-]+$/.test(variables.get(name)?.value ?? ''));
  if (strange !== undefined)
    throw new Error(`the value of ${strange} has characters that an address cannot hold: use <<slug>>`);
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new Error('allowed: an address with https:// or http://, without a user');
  return text;
}
