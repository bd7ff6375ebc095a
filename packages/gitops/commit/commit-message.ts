import { visible } from '@sluice/core/visible';
import { describeEdits, headline, oneLine, realEdits, type Subject } from '../bump/subject.ts';
import { fillTemplate } from './template.ts';
import { textValues } from './template-values.ts';
import { speaksForUs, type Trailers, withTrailers } from './trailers.ts';

export interface Message {
  readonly headline: string;
  readonly body: string;
}

/**
 * The message of a commit: generated, or a template that is filled in; our trailers are the last paragraph, where Git looks
 * for them. `given`: its first line is the headline, the rest the body.
 */
export function commitMessage(subject: Subject, trailers: Trailers, given = ''): Message {
  const text = fillTemplate(given.trim(), textValues(subject)).trim();
  const [first = '', ...rest] = text.split(/\r\n|\r|\n/);
  if (first === '') {
    const body = describeEdits(realEdits(subject.files)).map(visible).join('\n');
    return { headline: title(headline(subject)), body: withTrailers(body, trailers) };
  }
  return { headline: title(first), body: withTrailers(rest.join('\n').trim(), trailers) };
}

/** Text as the first line of a commit or the title of a pull request: nothing hidden in it, and nothing that passes for a trailer. */
export function title(text: string): string {
  const line = oneLine(visible(text)).trim();
  return speaksForUs(line) ? line.replace(':', ' :') : line;
}
