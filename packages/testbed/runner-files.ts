export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  /** `title`, `file`, `line` … */
  readonly properties: Readonly<Record<string, string>>;
}

export interface RunnerCommands {
  readonly annotations: readonly Annotation[];
  /** What was given to `::add-mask::`. */
  readonly masks: readonly string[];
}

/**
 * Reads the format of GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STATE: `name=value`, or `name<<DELIMITER`, lines, `DELIMITER`.
 * Throws on what the runner refuses: a line of neither form, a delimiter that never comes.
 */
export function parseOutputs(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/);
  const values: Record<string, string> = {};
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const [, name = '', delimiter] = /^(.+?)<<(.+)$/.exec(line) ?? [];
    const equals = line.indexOf('=');
    const heredoc = delimiter !== undefined && (equals < 0 || line.indexOf('<<') < equals);
    if (!heredoc) {
      if (equals < 1) throw new Error(`Invalid format '${line}'`);
      values[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`);
    values[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return values;
}

const unescapeData = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

const unescapeProperty = (text: string): string =>
  unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));

const properties = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .map((pair) => pair.trim().split('='))
      .filter(([name = '']) => name !== '')
      .map(([name = '', ...rest]) => [name, unescapeProperty(rest.join('='))]),
  );

/** The workflow commands of a log that make annotations and masks; `::stop-commands::` is honoured. */
export function readCommands(stdout: string): RunnerCommands {
  const annotations: Annotation[] = [];
  const masks: string[] = [];
  let stopped: string | undefined;
  for (const line of stdout.split(/\r?\n/)) {
    const [, command = '', given = '', data = ''] = /^\s*::([A-Za-z-]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      continue;
    }
    if (command === 'stop-commands') stopped = data;
    if (command === 'add-mask') masks.push(unescapeData(data));
    if (command === 'error' || command === 'warning' || command === 'notice') {
      annotations.push({ level: command, message: unescapeData(data), properties: properties(given) });
    }
  }
  return { annotations, masks };
}
