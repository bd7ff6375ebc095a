import { isDeepStrictEqual } from 'node:util';
import { newestOf, parsePolicy, type Selection, selectTag } from '../images/policy.ts';
import { filterTags, readPattern } from '../images/tag-filter.ts';
import { type Case, conform, list, record, text } from './cases.ts';

/** Milliseconds, longer than a slow machine takes: no clock decides what is right. */
const longest = 60_000;

/** Flux's and Image Updater's words for our policies. */
const policyOf = ({ type, range, order }: Case): string => {
  if (type === 'semver') return `semver:${text(range)}`;
  if (type === 'newest-build') return 'newest:';
  return `${type === 'numerical' ? 'numeric' : 'alphabetical'}${order === 'desc' ? '-desc' : ''}:`;
};

conform(
  'gitops/image-policies',
  (one) => {
    const [update] = list(one.updates).map(record);
    const input = record(one.input);
    const tags = list(input.tags).map(text);
    let selected: string | undefined;
    try {
      const selection = selectTag(parsePolicy(policyOf(update ?? {})), tags, longest);
      selected = tagOf(selection, tags, list(input.buildTimes));
    } catch (error) {
      if (one.compare !== 'error') return String(error);
    }
    // Of both origins, one calls it an error and one calls it nothing when no tag is left.
    return (selected ?? null) === one.expected ? undefined : `${selected}`;
  },
  (one) => one.kind === 'image-policy',
);

conform(
  'gitops/image-policies',
  (one) => {
    const [update] = list(one.updates).map(record);
    const tags = list(record(one.input).tags).map(text);
    const found = filterTags(readPattern(text(update?.pattern)), tags, longest);
    const values = [...new Set((found ?? []).map(({ value }) => value))];
    return isDeepStrictEqual(values.sort(), list(one.expected).sort()) ? undefined : values.join(' ');
  },
  (one) => one.kind === 'tag-filter',
);

function tagOf(selection: Selection, tags: readonly string[], times: readonly unknown[]): string | undefined {
  if (selection.type === 'tag') return selection.tag;
  if (selection.type !== 'candidates') return undefined;
  return newestOf(selection.tags.map((tag) => ({ tag, built: Number(times[tags.indexOf(tag)]) })));
}
