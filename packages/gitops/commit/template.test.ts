import { describe, expect, it, test } from 'vitest';
import { fillTemplate, isTemplate, type TemplateValues } from './template.ts';

const values: TemplateValues = {
  headline: 'Deploy shop 1.4.2 to production',
  project: 'shop',
  environment: 'production',
  tenant: '',
  images: 'web 1.4.2, worker 2',
  image: 'web, worker',
  tag: '1.4.2, 2',
  repository: 'acme/gitops',
  branch: 'main',
  actor: 'octocat',
  'run-url': 'https://github.example/acme/app/actions/runs/42',
  'image-list': '- web:1.4.2\n- worker:2',
  changes: '- a.yaml: image.tag: 1 -> 2',
  refusal: '',
  table: '| file |\n| --- |\n| a.yaml |',
};

describe('fillTemplate', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'puts values in place',
      '{{ project }}: {{images}} ({{  run-url  }})',
      `shop: web 1.4.2, worker 2 (${values['run-url']})`,
    ],
    ['leaves other braces alone', '{ project } }} {x}', '{ project } }} {x}'],
    ['writes plain braces for an escaped pair', '\\{{ project }}', '{{ project }}'],
    ['puts in nothing where nothing is known', '[{{ tenant }}]', '[]'],
    ['keeps several lines', 'Images:\n{{ image-list }}\nend', 'Images:\n- web:1.4.2\n- worker:2\nend'],
  ];
  test.each(cases)('%s', (_, template, expected) => {
    expect(fillTemplate(template, values)).toBe(expected);
  });

  it('never fills in a value', () => {
    expect(fillTemplate('{{ project }}', { ...values, project: '{{ actor }} $& $1' })).toBe(
      '{{ actor }} $& $1',
    );
  });
});

describe('isTemplate', () => {
  const problemsOf = (kind: 'line' | 'text' | 'markdown', template: string): readonly string[] => {
    try {
      isTemplate(kind)(template);
    } catch (error) {
      if (error instanceof AggregateError) return error.errors.map((one: Error) => one.message);
    }
    return [];
  };

  it('lists everything that is wrong, and what is allowed', () => {
    expect(problemsOf('text', '{{ projekt }} {{ project }} {{ table }} {{ projekt }}\n{{ open')).toEqual([
      '{{ projekt }}',
      '{{ table }}',
      expect.stringMatching(
        /^`\{\{` without a name.*: allowed: \{\{ headline \}\}, \{\{ project \}\}, .*\{\{ changes \}\}/,
      ),
    ]);
  });

  it('takes what has several lines in a text, and a table in Markdown alone', () => {
    expect(problemsOf('line', '{{ changes }}')).toHaveLength(1);
    expect(problemsOf('text', '{{ changes }}')).toEqual([]);
    expect(problemsOf('text', '{{ table }}')).toHaveLength(1);
    expect(problemsOf('markdown', '{{ table }} \\{{ anything')).toEqual([]);
  });

  it('knows no name of an object', () => {
    expect(problemsOf('text', '{{ constructor }}')).toHaveLength(1);
  });
});
