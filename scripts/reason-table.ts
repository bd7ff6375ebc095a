import type { ActionResult, ReasonCode } from './result-schemas.ts';

/** The Markdown tables of an action's reason codes. */
export function reasonTables({ reasons, errors }: ActionResult): string {
  return [
    ...table('`reason`', reasons),
    '',
    ...table('`reason` of an error, with the verdict `unknown`', errors),
  ].join('\n');
}

const table = (head: string, codes: readonly ReasonCode[]): readonly string[] => [
  `| ${head} | what it means |`,
  '| --- | --- |',
  ...codes.map(({ code, meaning }) => `| \`${code}\` | ${meaning.replaceAll('|', '\\|')} |`),
];
