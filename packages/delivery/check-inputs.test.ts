import { parseInputs } from '@sluice/core/contract';
import { describe, expect, it } from 'vitest';
import { deployProblems, isPlanOnly } from './check-inputs.ts';
import { deployInputs } from './inputs.ts';

const env = (given: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
const parse = (given: Readonly<Record<string, string>>) =>
  parseInputs(deployInputs, env(given), deployProblems);

const argocd = { 'argocd-server': 'https://argocd.example', 'argocd-token': 't' };
const images = { images: 'shop:1', token: 't' };
const key = { project: 'shop', environment: 'qa' };
const sbomAt = `https://a.example/sbom.json@sha256:${'a'.repeat(64)}`;
const kept = { ...images, ...argocd, ...key, 'deployment-token': 't' };

describe('inputs that are wrong together: one error lists them all', () => {
  it.each([
    [
      'no Argo CD',
      images,
      [
        /^2 problems/,
        /`argocd-server` is needed/,
        /`argocd-token` \(or `argocd-oidc: true`, or .*\) is needed/,
      ],
    ],
    ['no Argo CD for a pull request', { ...images, commit: 'pull-request' }, [/`argocd-server` is needed/]],
    [
      'Applications of no Argo CD',
      { ...images, ...key, verify: 'committed', 'applications-from': 'argocd' },
      [/^An input is wrong: `applications-from: argocd` needs/],
    ],
    ['commit: none', { ...images, ...argocd, commit: 'none' }, [/use image-tag-bump/]],
    [
      'half a client certificate',
      { ...images, ...argocd, 'argocd-client-key': 'pem' },
      [/only one of `argocd-client-certificate`/],
    ],
    ['an SBOM of no Deployment', { ...kept, sbom: sbomAt }, [/`sbom` stands on a Deployment/]],
    [
      'an SBOM to look with',
      { ...kept, sbom: sbomAt, deployment: 'sweep' },
      [/`sbom` stands on a Deployment/],
    ],
    ['a part of no Deployment', { ...kept, partial: 'true' }, [/`partial` stands on a Deployment/]],
    [
      'an SBOM without its digest',
      { ...kept, deployment: 'queue', sbom: 'https://a.example/sbom.json' },
      [/sbom: .*it has no digest/],
    ],
    ['a Deployment of nothing', { ...kept, project: '', deployment: 'queue' }, [/give `project` and/]],
    ['a Deployment of nowhere', { ...kept, environment: '', 'deployment-id': '7' }, [/give `project` and/]],
    [
      'a Deployment without a token',
      { ...kept, 'deployment-token': '', deployment: 'queue' },
      [/`deployment-token` is needed/],
    ],
    [
      'the end of no Deployment',
      { ...key, token: 't', 'deployment-token': 't', deployment: 'close' },
      [/say which by/],
    ],
    ['two Deployments', { ...kept, deployment: 'queue', 'deployment-id': '7' }, [/one of the two/]],
    [
      'the next step of no look',
      { ...kept, 'next-workflow': 'promote.yml' },
      [/`next-workflow` is for a run/],
    ],
    ['a notifier of no look', { ...kept, notifier: 'finpay-argocd' }, [/`notifier` is for a run that looks/]],
    ['the patience of no sweep', { ...kept, 'give-up-after': '1h' }, [/`give-up-after` is for a run/]],
    [
      'all of a look in a run that closes',
      {
        ...{ ...key, 'deployment-token': 't', deployment: 'close', 'deployment-id': '7' },
        ...{ 'sweep-after': '1h', 'deployment-repositories': 'acme/app', 'merge-timeout': '1h' },
      },
      [
        /^3 problems/,
        /`sweep-after` is/,
        /`deployment-repositories` is/,
        /`merge-timeout` does nothing where/,
      ],
    ],
    ['a merge of no pull request', { ...kept, 'merge-timeout': '1h' }, [/nothing with `commit: direct`/]],
    [
      'a merge that is not waited for',
      { ...images, commit: 'pull-request', verify: 'committed', 'merge-timeout': '1h' },
      [/nothing with `verify: committed`/],
    ],
    [
      'a merge that another run waits for',
      { ...kept, commit: 'auto', mode: 'event', deployment: 'queue', 'merge-timeout': '1h' },
      [/nothing with `mode: event`/],
    ],
    ...['paused', 'started'].map((until): [string, Record<string, string>, RegExp[]] => [
      `event mode until ${until}`,
      { ...kept, mode: 'event', 'deployment-id': '7', until },
      [/^An input is wrong: `until: \w+` does nothing with `mode: event`/],
    ]),
    [
      'what is malformed excuses nothing',
      { commit: 'push', verify: 'maybe', timeout: '90', tenant: 'eu', 'deployment-id': '7', 'app-id': '7' },
      [
        /^10 problems/,
        /commit: "push": allowed/,
        /verify: "maybe": allowed/,
        /timeout: "90"/,
        /give `images` or `set`/,
        /`tenant` is given/,
        /only one of `app-id`/,
        /`argocd-server`/,
        /`argocd-token`/,
        /give `project` and/,
        /`deployment-token`/,
      ],
    ],
  ])('%s', (_, given, messages) => {
    for (const message of messages) expect(() => parse(given)).toThrow(message);
  });

  it.each([
    ['a deployment', { ...images, ...argocd }],
    ['one that is not verified', { ...images, verify: 'committed' }],
    ['a dry run without Argo CD', { ...images, 'dry-run': 'true' }],
    [
      'a plan that is queued, without Argo CD',
      { ...kept, ...argocd, 'argocd-server': '', deployment: 'queue' },
    ],
    [
      'the end of a Deployment, whatever it was to change',
      { ...key, 'deployment-token': 't', deployment: 'close', 'deployment-id': '7' },
    ],
    ['event mode', { ...kept, mode: 'event', 'deployment-id': '7', until: 'complete' }],
    ['one that keeps a Deployment', { ...kept, 'deployment-id': '7' }],
    ['one that waits for a merge', { ...kept, commit: 'auto', 'merge-timeout': '1h' }],
    [
      'a look with all that is of looks',
      {
        ...{ 'deployment-token': 't', deployment: 'verify', notifier: 'x', 'next-workflow': 'promote.yml' },
        ...{ 'give-up-after': '1h', 'sweep-after': '1h', 'deployment-repositories': 'acme/app' },
      },
    ],
    ['what is so by default', { ...kept, 'give-up-after': '24h', 'sweep-after': '10m' }],
  ])('nothing is wrong with %s', (_, given) => expect(() => parse(given)).not.toThrow());
});

it('dry-run and deployment: queue only plan', () => {
  expect(isPlanOnly(parse(kept))).toBe(false);
  expect(isPlanOnly(parse({ ...kept, 'dry-run': 'true' }))).toBe(true);
  expect(isPlanOnly(parse({ ...kept, deployment: 'queue' }))).toBe(true);
});
