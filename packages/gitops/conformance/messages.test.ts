import { commitMessage } from '../commit/commit-message.ts';
import { parseImageEntry } from '../entries.ts';
import { parseReference } from '../reference.ts';
import { conform, list, text } from './cases.ts';

conform('octopus/commit-messages', (one) => {
  const images = list(one.updatedImages).map((image) => ({
    ...parseImageEntry('any:1'),
    reference: parseReference(text(image)),
  }));
  const template = `${text(one.description)}\n\n---\nImages updated:\n{{ image-list }}`;
  const { headline, body } = commitMessage({ images, files: [] }, {}, template);
  const message = `${headline}\n\n${body}`;
  return message === one.expected ? undefined : message;
});
