import { readEmbedded } from '../yaml/embedded.ts';
import { isScalar, type Reached } from '../yaml/walk.ts';
import type { LeftAlone } from './site.ts';

/** A text inside of a file that should be YAML and cannot be read: whoever looks for an image that it names is told. */
export function unreadText(text: Reached | undefined, what: string): LeftAlone[] {
  const embedded = isScalar(text) ? readEmbedded(text.node) : undefined;
  // Of templates the whole object is asked.
  if (embedded === undefined || 'documents' in embedded || embedded.reason === 'template') return [];
  const { reason, message } = embedded;
  return [{ type: 'left-alone', reason, message: `${what}: ${message}`, about: { text: textOf(text) } }];
}

const textOf = (text: Reached | undefined): string => (isScalar(text) ? text.node.text : '');
