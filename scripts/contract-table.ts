import { readdirSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

/** One input or output as action.yml, or a workflow that others call, gives it. */
export interface Field {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  readonly required: boolean;
}

export interface ActionFile {
  readonly inputs: readonly Field[];
  readonly outputs: readonly Field[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(section: unknown): Field[] {
  return Object.entries(isRecord(section) ? section : {}).map(([name, value]) => {
    const field = isRecord(value) ? value : {};
    const description = typeof field.description === 'string' ? field.description.trim() : '';
    const required = field.required === true;
    return field.default === undefined
      ? { name, description, required }
      : { name, description, required, default: String(field.default) };
  });
}

/** Reads the inputs and outputs of an action.yml. */
export function readAction(text: string): ActionFile {
  const document = load(text);
  const action = isRecord(document) ? document : {};
  return { inputs: fields(action.inputs), outputs: fields(action.outputs) };
}

/** Reads the inputs and outputs of a workflow that others call. */
export function readCalledWorkflow(text: string): ActionFile {
  const document = load(text);
  const on = isRecord(document) && isRecord(document.on) ? document.on : {};
  const call = isRecord(on.workflow_call) ? on.workflow_call : {};
  return { inputs: fields(call.inputs), outputs: fields(call.outputs) };
}

function cell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}

/** The Markdown tables of an action's inputs and outputs. */
export function contractTables(action: ActionFile): string {
  const inputs = action.inputs.map((f) => {
    const given = f.default === undefined || f.default === '' ? '' : `\`${cell(f.default)}\``;
    const value = f.required ? 'required' : given;
    return `| \`${f.name}\` | ${value} | ${cell(f.description)} |`;
  });
  const outputs = action.outputs.map((f) => `| \`${f.name}\` | ${cell(f.description)} |`);
  return [
    '| input | default | meaning |',
    '| --- | --- | --- |',
    ...inputs,
    '',
    '| output | meaning |',
    '| --- | --- |',
    ...outputs,
  ].join('\n');
}

/** The text with what is generated put between `<!-- name:start -->` and `<!-- name:end -->`; an error when one is missing. */
export function withGenerated(readme: string, name: string, generated: string): string {
  const [startMarker, endMarker] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const start = readme.indexOf(startMarker);
  const end = readme.indexOf(endMarker);
  if (start < 0 || end < start) throw new Error(`the markers ${startMarker} and ${endMarker} are missing`);
  return `${readme.slice(0, start + startMarker.length)}\n\n${generated}\n\n${readme.slice(end)}`;
}

/** Each action of the repository: its action.yml and the README that holds its tables. */
export function actionFiles(root: string): { name: string; action: string; readme: string }[] {
  const folders = readdirSync(path.join(root, 'actions'), { withFileTypes: true }).filter((d) =>
    d.isDirectory(),
  );
  return folders.map(({ name }) => {
    const folder = path.join(root, 'actions', name);
    // The root action's contract stands at the top of the repository, where `uses: owner/repository@ref` looks for it.
    const action = name === 'root' ? path.join(root, 'action.yml') : path.join(folder, 'action.yml');
    return { name, action, readme: path.join(folder, 'README.md') };
  });
}
