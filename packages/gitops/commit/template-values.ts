import { code, escapeMarkdown } from '@sluice/core/summary';
import { visible } from '@sluice/core/visible';
import {
  describeEdits,
  headline,
  nameAndVersion,
  nameOf,
  oneLine,
  realEdits,
  type Subject,
  versionOf,
} from '../bump/subject.ts';
import { changesTable } from '../page/changes-table.ts';
import { formatReference } from '../reference.ts';
import type { TemplateValues } from './template.ts';

/** For plain text: nothing hidden, and no value is more than its line. */
export function textValues(subject: Subject): TemplateValues {
  return valuesOf(subject, (value) => oneLine(visible(value)), {
    item: (value) => oneLine(visible(value)),
    table: '',
  });
}

/** For Markdown: a value says what it says, and is no link, mention or HTML. */
export function markdownValues(subject: Subject): TemplateValues {
  return valuesOf(subject, escapeMarkdown, { item: code, table: changesTable(subject) });
}

interface Shape {
  readonly item: (value: string) => string;
  readonly table: string;
}

function valuesOf(subject: Subject, show: (value: string) => string, shape: Shape): TemplateValues {
  const { images, target } = subject;
  const listed = images.map(({ reference }) => formatReference(reference)).toSorted();
  const list = (values: readonly string[]) => values.map((value) => `- ${shape.item(value)}`).join('\n');
  return {
    headline: show(headline(subject)),
    project: show(subject.project ?? ''),
    environment: show(subject.environment ?? ''),
    tenant: show(subject.tenant ?? ''),
    images: show(images.map(nameAndVersion).join(', ')),
    image: show(images.map(nameOf).join(', ')),
    tag: show(images.map(versionOf).join(', ')),
    repository: show(target?.repository ?? ''),
    branch: show(target?.branch ?? ''),
    actor: show(subject.actor ?? ''),
    // As it is, so that it can stand in a link: it is made of the runner's own address and numbers.
    'run-url': subject.runUrl ?? '',
    'image-list': list(listed),
    changes: list(describeEdits(realEdits(subject.files))),
    refusal: show(subject.refusal ?? ''),
    table: shape.table,
  };
}
