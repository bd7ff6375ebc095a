import { describe, expect, test } from 'vitest';
import { type Order, orderOf } from './orders.ts';

/** Of each line all texts are the same version, and older than those of the next line. */
interface Table {
  readonly ecosystem: string;
  readonly rule: string;
  readonly lines: readonly string[];
}

const tables: readonly Table[] = [
  {
    ecosystem: 'npm',
    rule: 'semver 11: numbers by value, pre-releases before the release, field by field',
    lines: [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0 v1.0.0 1.0.0+20130313144700 1.0.0+exp.sha.5114f85 1.0 1',
      '2.0.0',
      '2.1.0',
      '2.1.1',
      '2.9.0',
      '2.10.0',
    ],
  },
  {
    ecosystem: 'crates.io',
    rule: 'semver 11.4: numbers before words, words by ASCII, digits in a word are letters',
    lines: ['1.0.0-0', '1.0.0-9', '1.0.0-10', '1.0.0--', '1.0.0-1a', '1.0.0-RC', '1.0.0-rc', '1.0.0'],
  },
  {
    ecosystem: 'Go',
    rule: 'a pseudo-version stands where go.dev/ref/mod puts it: before the next release, after the one before',
    lines: [
      'v0.0.0-20191109021931-daa7c04131f5',
      'v0.0.0-20200101000000-000000000000 0.0.0-20200101000000-000000000000',
      'v0.0.1',
      'v1.2.3-pre',
      'v1.2.3-pre.0.20191109021931-daa7c04131f5',
      'v1.2.3 1.2.3 v1.2.3+incompatible v1.2.3+dirty',
      'v1.2.4-0.20191109021931-daa7c04131f5 v1.2.4-0.20191109021931-daa7c04131f5+dirty',
      'v1.2.4-rc1',
      'v1.2.4',
      'v2.0.0+incompatible',
      'v2.0.1-0.20200506110931-4a1ef1d5a8cf+incompatible',
      'v2.0.1+incompatible',
    ],
  },
  {
    ecosystem: 'Go',
    rule: 'the standard library by its release, as its advisories write it and as the toolchain does',
    lines: [
      '1.20.14 go1.20.14 v1.20.14',
      '1.21.0-rc.2 go1.21rc2',
      '1.21.0-rc.3 go1.21rc3 1.21rc3',
      '1.21.0 go1.21.0 go1.21.0-vendor go1.21',
      '1.21.1 go1.21.1',
    ],
  },
  {
    ecosystem: 'PyPI',
    rule: 'PEP 440, summary of permitted suffixes and relative ordering',
    lines: [
      '1.dev0 1.DEV0 1.0.dev',
      '1.0.dev456',
      '1.0a1 1.0alpha1 1.0-A.1 v1.0_alpha_1',
      '1.0a2.dev456',
      '1.0a12.dev456',
      '1.0a12',
      '1.0b1.dev456',
      '1.0b2 1.0-beta2',
      '1.0b2.post345.dev456',
      '1.0b2.post345 1.0b2-345 1.0b2.rev345',
      '1.0rc1.dev456',
      '1.0rc1 1.0c1 1.0pre1 1.0-preview-1',
      '1.0 1 1.0.0 v1.0 01.0',
      '1.0+abc.5 1.0+ABC-5',
      '1.0+abc.7',
      '1.0+5',
      '1.0.post456.dev34',
      '1.0.post456 1.0-456 1.0.r456',
      '1.0.15',
      '1.1.dev1',
      '2!0.1',
    ],
  },
  {
    ecosystem: 'PyPI',
    rule: 'numbers beyond 2^53 stay apart, and a local 1e5 is a word',
    lines: ['1.9007199254740992', '1.9007199254740993', '1.9007199254740993+1e5', '1.9007199254740993+9'],
  },
  {
    ecosystem: 'Maven',
    rule: 'qualifiers by the list of the specification, other words after the release, then numbers',
    lines: [
      '1-alpha 1.alpha 1.0-ALPHA 1.0.0.alpha',
      '1-alpha-1 1-a1 1.0alpha1',
      '1-beta-1 1b1',
      '1-milestone-1 1.0-m1',
      '1-rc 1-cr 1.0.0.RC',
      '1-rc-2 1.0.0.CR2 1.0.0-rc2',
      '1-snapshot 1.0-SNAPSHOT',
      '1 1.0 1.0.0 1-0 1.ga 1-ga 1-final 1.0.0.Final 1.0.0.RELEASE 1- 1. 1.0.0-0.0.0',
      '1-sp',
      '1-a',
      '1-foo 1.foo 1.0.0-foo.0.0',
      '1-foo2',
      '1-foo10',
      '1-1 1-ga-1 1.0-1',
      '1-2',
      '1.1',
      '1.2',
      '1.10',
    ],
  },
  {
    ecosystem: 'Maven',
    rule: 'what follows a null value counts, and what follows sp too: the examples of the specification',
    lines: ['1-ga.1', '1-sp.1'],
  },
  {
    ecosystem: 'Maven',
    rule: 'the null value before a hyphen goes: so in the specification',
    lines: ['1-sp-1', '1-ga-1'],
  },
  {
    ecosystem: 'Maven',
    rule: 'vendors and service releases come after what they are made of',
    lines: [
      '5.3.0.Alpha1',
      '5.3.0.CR1',
      '5.3.0.Final 5.3.0',
      '5.3.0.Final-redhat-00001 5.3.0.redhat-1',
      '5.3.0.SR1',
      '5.3.1.Beta1',
      '5.3.1-jre',
    ],
  },
  {
    ecosystem: 'Debian:12',
    rule: 'deb-version(7): a tilde before all, even the end; letters before other characters; epoch first',
    lines: [
      '1.0~~',
      '1.0~~a',
      '1.0~',
      '1.0~beta1~svn1245',
      '1.0~beta1',
      '1.0 1.0-0 0:1.0 1.00 01.0-00',
      '1.0-1~bpo12+1',
      '1.0-1',
      '1.0-1+deb12u1',
      '1.0-1+deb12u10',
      '1.0-1.1',
      '1.0-2',
      '1.0a',
      '1.0+b1',
      '1.0-rc-1',
      '1.0.1',
      '1.2',
      '1.10',
      '1:0.1',
      '1:0.1:2-1',
      '10:0',
    ],
  },
  {
    ecosystem: 'Ubuntu:22.04:LTS',
    rule: 'a security update comes after what it updates',
    lines: ['3.0.2-0ubuntu1', '3.0.2-0ubuntu1.2', '3.0.2-0ubuntu1.10', '3.0.2-1'],
  },
  {
    ecosystem: 'Alpine:v3.19',
    rule: 'apk-package(5): suffixes by their list, the four of pre-releases before the release',
    lines: [
      '1.2_alpha',
      '1.2_alpha1',
      '1.2_beta_pre3',
      '1.2_beta',
      '1.2_beta2',
      '1.2_pre1',
      '1.2_rc1',
      '1.2_rc1-r1',
      '1.2',
      '1.2-r0',
      '1.2-r2',
      '1.2-r10',
      '1.2~abc123',
      '1.2_cvs',
      '1.2_svn',
      '1.2_git20230101',
      '1.2_hg',
      '1.2_p',
      '1.2_p1',
      '1.2_p1-r3',
      '1.2_p10',
      '1.2a',
      '1.2b',
      '1.2.0',
      '1.2.01',
      '1.2.1',
      '1.2.1.1',
      '1.2.9',
      '1.2.10',
      '1.10',
      '02.0 2.0',
      '10.0',
    ],
  },
  {
    ecosystem: 'Chainguard',
    rule: 'as Alpine, whose packages these are',
    lines: ['0', '1.21.3-r0', '1.21.3-r1', '1.21.10-r0'],
  },
  {
    ecosystem: 'Red Hat:enterprise_linux:9::baseos',
    rule: 'rpm-version(7): tilde before the end, caret after it, letters before numbers, epoch first',
    lines: [
      '1.0~~rc1',
      '1.0~rc1',
      '1.0~rc1^git1',
      '1.0 1_0 0:1.0 1.00',
      '1.0-1~beta',
      '1.0-1',
      '1.0-1.el9 1.0-1_el9',
      '1.0-1.el9_2',
      '1.0-1.el9_10',
      '1.0-2.el9',
      '1.0^',
      '1.0^20200501~pre',
      '1.0^20200501',
      '1.0a 1.0.a',
      '1.0.1',
      '5.5p1',
      '5.5p10',
      '10xyz',
      '10.1xyz',
      '1:0.1-1',
      '2:0-1',
    ],
  },
  {
    ecosystem: 'RubyGems',
    rule: 'Gem::Version: letters make a pre-release, zeros at the end do not count',
    lines: [
      '1.0.a',
      '1.0.a.2',
      '1.0.a9',
      '1.0.a10',
      '1.0.b1',
      '1.0.pre1 1.0-1 1-1',
      '1.0.0.rc1 1.rc1',
      '1 1.0 1.0.0',
      '1.0.1',
      '1.8.2.b1',
      '1.8.2',
      '1.10',
    ],
  },
  {
    ecosystem: 'Packagist',
    rule: 'Composer: stabilities before the release, patches after it, four numbers',
    lines: [
      '1.0.0-dev 1.0-dev',
      '1.0.0-alpha1 1.0.0a1 1.0-ALPHA.1',
      '1.0.0-beta2-dev',
      '1.0.0-beta2 v1.0.0b2 1.0.0.0-beta2',
      '1.0.0-beta10',
      '1.0.0-RC1 1.0.0rc1',
      '1.0.0 1 v1.0 1.0.0.0 1.0.0-stable 1.0.0+build',
      '1.0.0-p1 1.0.0-pl1 1.0.0-patch1',
      '1.0.0.1',
      '1.0.1',
      '1.10.0',
      '2010.1.2',
      '20100102',
    ],
  },
  {
    ecosystem: 'NuGet',
    rule: 'four numbers, and pre-releases whatever their case',
    lines: [
      '1.0.1-aaa',
      '1.0.1-alpha.1 1.0.1-ALPHA.1',
      '1.0.1-alpha.2',
      '1.0.1-alpha.10',
      '1.0.1-beta',
      '1.0.1-open',
      '1.0.1-rc.1 1.0.1.0-RC.1',
      '1.0.1-zzz',
      '1.0.1 1.00.1 1.0.01 1.0.1.0 1.0.1+meta',
      '1.0.1.1',
      '1.0.2',
    ],
  },
  {
    ecosystem: 'Pub',
    rule: 'build metadata counts: of the same numbers the one without comes first',
    lines: [
      '1.0.0-dev',
      '1.0.0-dev+1',
      '1.0.0',
      '1.0.0+1',
      '1.0.0+1.a',
      '1.0.0+2',
      '1.0.0+10',
      '1.0.0+a',
      '1.0.1',
    ],
  },
  {
    ecosystem: 'CRAN',
    rule: 'a longer one comes after the shorter that starts it',
    lines: ['1.0', '1.0.0 1.0-0', '1.0-1 1.0.1', '1.9', '1.10'],
  },
  {
    ecosystem: 'Hackage',
    rule: 'a longer one comes after the shorter that starts it',
    lines: ['1', '1.0', '1.0.0', '1.0.2', '1.0.10', '1.1'],
  },
];

function known(ecosystem: string): Order {
  const order = orderOf(ecosystem);
  if (!order) throw new Error(`no order for ${ecosystem}`);
  return order;
}

describe('each order follows its own specification', () => {
  test.each(tables)('$ecosystem: $rule', ({ ecosystem, lines }) => {
    const order = known(ecosystem);
    const versions = lines.flatMap((line, rank) => line.split(' ').map((text) => ({ text, rank })));
    const wrong: string[] = versions
      .filter(({ text }) => !order.isVersion(text))
      .map(({ text }) => `${text} is no version`);
    for (const a of versions) {
      for (const b of versions) {
        const found = Math.sign(order.compare(a.text, b.text));
        if (found !== Math.sign(a.rank - b.rank)) wrong.push(`${a.text} to ${b.text}: ${found}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
