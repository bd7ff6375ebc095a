import { describe, expect, test } from 'vitest';
import { type Order, orderOf } from './orders.ts';

function known(ecosystem: string): Order {
  const order = orderOf(ecosystem);
  if (!order) throw new Error(`no order for ${ecosystem}`);
  return order;
}

describe('what is no version of its ecosystem is none here: it could not be told from a clean one', () => {
  test.each([
    [
      'npm',
      [
        '',
        ' 1.0.0',
        '1.0.0 ',
        'latest',
        '^1.0.0',
        '1.x',
        '1.0.0.0',
        '1.0.0-',
        '1.0.0-a..b',
        '1..0',
        'file:../x',
        '1.0.0\n',
        '１.0.0',
      ],
    ],
    ['Go', ['(devel)', 'v', 'vv1.0.0', 'master', 'go', 'v1.2rc1.0', 'unknown', '1.2.3.4']],
    ['PyPI', ['1.0-final-linux', '1.0.x', '1.0+', '1.0+a+b', 'dev', '1.0.dev-x', '1!', '==1.0']],
    [
      'Maven',
      [
        '',
        `\${project.version}`,
        `1.0-\${revision}`,
        '[1.0,2.0)',
        'LATEST',
        '1.0 beta',
        '1.0\u0000',
        'unspecified',
      ],
    ],
    ['Debian:12', ['', 'a1', '1:', ':1.0', '1.0-', '1_0', '1.0:1', '-1', '1.0 ', 'x:1.0', '<unfixed>']],
    [
      'Alpine:v3.19',
      ['', '1.', '1..2', '1.2A', '1.2ab', '1.2_foo', '1.2-r', '1.2-1', '1.2-r1-r2', '1.2~xyz', '5.1p1-r0'],
    ],
    ['Rocky Linux:9', ['', '(none)', '1.0-1-1', ':1.0', 'a:1.0', '1.0 1', '~1', '1.0-']],
    ['RubyGems', ['', '1beta', '1..0', '1.0_1', '~> 1.0', '1.13.6-x86_64-linux']],
    ['Packagist', ['', 'dev-main', '1.x-dev', '1.0.*', '^1.0', '1.0.0.0.0', '1.0-foo', 'self.version']],
    ['NuGet', ['', '1.0.0.0.0', '1.*', '[1.0]', '1.0.0-']],
    ['Pub', ['any', '^1.0.0']],
    ['CRAN', ['1.0a', '1..0', '1.']],
    ['Hackage', ['1.0-tag', '1.']],
  ])('%s', (ecosystem, texts) => {
    const order = known(ecosystem);
    expect(texts.filter((text) => order.isVersion(text))).toEqual([]);
  });
});
