import { styleText } from 'node:util';
import type { RunResult } from '@sluice/testbed/runner';
import type { Act } from './acts.ts';
import type { Evidence } from './evidence.ts';
import { readPage } from './page.ts';

const width = Math.min(process.stdout.columns ?? 100, 100);
const indent = '     ';

/** Lines no longer than the screen, cut between words. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const block = (text: string, by = indent): string =>
  wrap(text, width - by.length)
    .map((line) => `${by}${line}`)
    .join('\n');

const write = (text: string) => process.stdout.write(`${text}\n`);
const dim = (text: string) => styleText('dim', text);

const colours: Readonly<Record<string, 'green' | 'red' | 'yellow'>> = {
  live: 'green',
  superseded: 'yellow',
  failed: 'red',
  drifted: 'red',
  'not-effective': 'red',
};

export function showOpening(text: string): void {
  write('');
  write(`  ${styleText('bold', 'Sluice: a deployment is over when the cluster has been seen to run it')}`);
  write('');
  write(dim(block(text, '  ')));
}

export function showTitle(number: number, act: Act): void {
  write('');
  write(` ${styleText('bold', `${String(number).padStart(2)}  ${act.title}`)}`);
  write(dim(block(act.story)));
}

const item = (mark: string, text: string) => {
  const lines = wrap(text, width - indent.length - 2);
  for (const [index, line] of lines.entries()) write(`${indent}${index === 0 ? dim(mark) : ' '} ${line}`);
};

/** The verdict as the action put it out, how long its process took, and what it saw. */
export function showVerdict(result: RunResult, evidence: Evidence): void {
  const { verdict = 'none', summary = '' } = result.outputs;
  const { headline, advice } = readPage(result.summary);
  const word = styleText(['bold', colours[verdict] ?? 'red'], verdict);
  const facts = dim(`· ${(result.ms / 1000).toFixed(1)} s, exit code ${result.exitCode}`);
  write('');
  write(`${indent}${word} ${facts}`);
  write(styleText('bold', block(headline)));
  if (verdict !== 'live') write(block(summary));
  for (const line of evidence) item('·', line);
  if (advice !== undefined && advice !== summary) item('→', advice);
}

export function showMismatch(act: Act, result: RunResult): void {
  const found = result.outputs.verdict ?? 'no verdict';
  const sentence = `This act should have ended with ${act.verdict}, and ended with ${found}.`;
  write('');
  write(styleText(['bold', 'red'], block(sentence)));
  // A runner swallows the lines that tell it what to mask, and so do we.
  write(result.log.replaceAll(/^::add-mask::.*\n/gm, '').replaceAll(/^/gm, indent));
}

export function showEnd(seconds: number, folder: string, asTold: boolean): void {
  write('');
  const told = asTold ? 'Every act ended as told' : 'Not every act ended as told';
  write(`  ${styleText('bold', told)}, in ${seconds.toFixed(1)} s.`);
  write(`  The job summaries, one file for each act: ${folder}`);
  write('');
}
