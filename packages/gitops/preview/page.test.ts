import { expect, it } from 'vitest';
import { pageOf } from './page.ts';

const diff = (text: string, count = 1) => ({ count, text });

it('folds each build that changes, and says which do not', () => {
  const page = pageOf(
    [
      { tool: 'kustomize', what: 'my_app', result: diff('-x\n+y', 2) },
      { tool: 'helm', what: 'b with c.yaml', result: diff('', 0) },
    ],
    0,
    [],
  );
  expect(page).toContain(
    '<details><summary>Rendered by kustomize: <code>my_app</code> · 2 objects change</summary>\n\n```diff\n-x\n+y\n```\n\n</details>',
  );
  expect(page).toContain('Rendered by helm: `b with c.yaml` **does not change**');
});

it('says what was left out, and what is missing', () => {
  expect(pageOf([], 3, ['helm'])).toBe(
    '_3 more builds were left out of the preview._\n\n_Not rendered: `helm` is not on the PATH of the runner._',
  );
});

it('lets no folder, renderer or value become Markdown or end its fence', () => {
  const page = pageOf(
    [
      { tool: 'kustomize', what: '</summary>@alice', result: diff('+a: ```\n+</details>') },
      { tool: 'kustomize', what: 'b', result: `Error: [x](y) @bob <img> ${'z'.repeat(5000)}` },
    ],
    0,
    [],
  );
  expect(page).toContain('<code>&lt;/summary&gt;@&#8203;alice</code>');
  expect(page).toContain('````diff\n+a: ```\n+</details>\n````\n');
  expect(page).toContain('\\[x\\]\\(y\\) @&#8203;bob &lt;img&gt;');
  expect(page.length).toBeLessThan(1500);
});

it('is bounded, whatever changes', () => {
  const many = Array.from({ length: 20 }, (_, index) => ({
    ...{ tool: 'helm' as const, what: `chart-${index}`, result: diff('+line of text\n'.repeat(10_000)) },
  }));
  expect(pageOf(many, 0, []).length).toBeLessThan(320_000);
});
