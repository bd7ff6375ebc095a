import type { ActionResult, ReasonCode } from './result-schemas.ts';

/** The Markdown tables of an action's reason codes. */
export function reasonTables({ unknown, reasons, errors }: ActionResult): string {
  return [
    ...table('`reason`', reasons),
    '',
    ...table(`\`reason\` of an error, with the verdict \`${unknown}\``, errors),
  ].join('\n');
}

function table(head: string, codes: readonly ReasonCode[]): readonly string[] {
  // One code with two meanings makes TypeScript's type of all of them `never`.
  if (codes.length === 0)
    throw new Error(`there is no code for ${head}: two packages give one code two meanings`);
  return [
    `| ${head} | what it means |`,
    '| --- | --- |',
    ...codes.map(({ code, meaning }) => `| \`${code}\` | ${meaning.replaceAll('|', '\\|')} |`),
  ];
}
