import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startArgoCd } from '../argocd/stand-in.ts';
import { loadFinPay } from './finpay.ts';

const finpay = loadFinPay();

/** A repository with FinPay's files in its working tree and in one commit. */
function repository(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'finpay-'));
  for (const [name, bytes] of Object.entries(finpay.files)) {
    mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(root, name), bytes);
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=FinPay', '-c', 'user.email=ops@finpay.example', 'commit', '-q', '-m', 'first');
  return root;
}

test('three services run in three environments each, all from what the repository says', async () => {
  const root = repository();
  const argocd = await startArgoCd();
  for (const application of finpay.applications(root)) {
    await argocd.createApplication({ ...application, deployed: true });
    const { status } = JSON.parse(JSON.stringify(argocd.application(application.name)));
    expect([application.name, status.sync.status, status.health.status]).toEqual([
      application.name,
      'Synced',
      'Healthy',
    ]);
  }
  expect(argocd.liveImages('payments-api-production')).toContain(
    'registry.finpay.example/payments-api:1.4.1',
  );
  expect(argocd.liveImages('ledger-web-production')).toContain('registry.finpay.example/ledger-web:3.9');
  expect(argocd.liveImages('ledger-web-staging')).toContain('registry.finpay.example/ledger-web:3.10');
  expect(argocd.liveImages('fraud-check-staging')).toContain('registry.finpay.example/fraud-check:2.3.0');
  expect(finpay.applications(root)).toHaveLength(9);
  await argocd.close();
  rmSync(root, { recursive: true });
});

test('one file has CRLF line ends, to be kept byte for byte', () => {
  expect(finpay.files['payments-api/production/deployment.yaml']?.includes('\r\n')).toBe(true);
});
