import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exec, ExecOptions, ExecResult } from '@sluice/core/exec';
import { silentLog } from '@sluice/core/log';
import { expect, onTestFinished } from 'vitest';
import type { Package, Source } from '../types.ts';
import type { ScannerPorts } from './scanner.ts';

/** Removed when the test ends. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-scanners-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const packageOf = (purl: string, ecosystem: string, name: string, version: string): Package => ({
  ...{ purl, ecosystem, name, version, paths: [], files: ['a.cdx.json'] },
});
const goName = 'github.com/dgrijalva/jwt-go';
export const jwt = packageOf(`pkg:golang/${goName}@v3.2.0`, 'Go', goName, 'v3.2.0');
export const qs = packageOf('pkg:npm/qs@6.5.0', 'npm', 'qs', '6.5.0');
export const openssl = packageOf(
  'pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl',
  'Debian:12',
  'openssl',
  '3.0.11-1',
);

export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: ExecOptions;
  /** The bill that it was given. */
  readonly sbom?: { readonly components: readonly Record<string, unknown>[] };
}

/** A program that answers what it is told, and keeps how it was called. */
export function stage(
  make: (ports: ScannerPorts) => Source,
  answer: (call: Call) => Partial<ExecResult>,
  { env = {}, tempDir = temporary() } = {},
) {
  const calls: Call[] = [];
  const exec: Exec = async (command, args, options = {}) => {
    const file = join(options.cwd ?? '', 'sbom.cdx.json');
    const sbom = readdirSync(options.cwd ?? '').includes('sbom.cdx.json')
      ? JSON.parse(readFileSync(file, 'utf8'))
      : undefined;
    const call = { command, args, options, sbom };
    calls.push(call);
    return { code: 0, stdout: '', stderr: '', bytes: Buffer.alloc(0), ...answer(call) };
  };
  const source = make({ exec, env, log: silentLog, tempDir });
  return { source, calls };
}

export const failure = (code: string, message: RegExp) => ({
  kind: 'platform',
  ...{ code, message: expect.stringMatching(message) },
});

export const found = ({ matches }: Awaited<ReturnType<Source>>) =>
  matches.map(({ package: { name, version }, advisory, fixed }) => [name, version, advisory.id, ...fixed]);
