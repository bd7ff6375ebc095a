import { canonicalRepository, formatReference, parseReference, readReference } from '../reference.ts';
import { type Case, conform, record, text } from './cases.ts';

conform('octopus/image-references', reference, (one) => one.kind !== 'helm-template');

function reference(one: Case): string | undefined {
  const expected = record(one.expected);
  const differs = (found: Case): string | undefined =>
    Object.keys(expected).every((key) => found[key] === expected[key]) ? undefined : JSON.stringify(found);
  switch (one.function) {
    case 'compare': {
      const [a, b] = [parseReference(text(one.a)), parseReference(text(one.b))];
      const matchesImage =
        canonicalRepository(a, text(one.aDefaultRegistry)) ===
        canonicalRepository(b, text(one.bDefaultRegistry));
      const tagMatch = a.tag === b.tag;
      return differs({ matchesImage, tagMatch, matchesImageAndTag: matchesImage && tagMatch });
    }
    case 'parse': {
      const parsed = readReference(text(one.input));
      if (one.expectedError === true) return parsed === undefined ? undefined : formatReference(parsed);
      return differs({ Tag: parsed?.tag, ImageName: parsed?.repository, Registry: parsed?.registry });
    }
    default: {
      const parsed = parseReference(text(one.input));
      const written = formatReference({ ...parsed, ...(typeof one.tag === 'string' && { tag: one.tag }) });
      return written === one.expected ? undefined : written;
    }
  }
}
