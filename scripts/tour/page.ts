/** What of a job summary a terminal can show: its first line, which is the verdict in words, and its advice. */
export interface Page {
  readonly headline: string;
  readonly advice: string | undefined;
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&#8203;': '' };

/** Markdown as text: no marks, no escapes. */
function plain(markdown: string): string {
  return markdown
    .replaceAll('**', '')
    .replaceAll(/&(?:lt|gt|amp|#8203);/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/\\([^\w\s])/g, '$1');
}

/** @param markdown a job summary: the verdict in words first, then tables and lists, then what to do */
export function readPage(markdown: string): Page {
  const paragraphs = markdown.trim().split(/\n{2,}/);
  const [first = ''] = paragraphs;
  const last = paragraphs.length > 2 ? (paragraphs.at(-1) ?? '') : '';
  const isText = last !== '' && !/^[|<#*-]/.test(last);
  return {
    headline: plain(first.split(' · ')[0] ?? ''),
    advice: isText ? plain(last) : undefined,
  };
}
