import { startOsv } from '@sluice/testbed/osv/start';
import { beforeEach, describe, expect, it } from 'vitest';
import { json, recordOf, sbomOf, scanOfEach, verdictOf } from './sbom-scan-setup.ts';

const { put, read, scan } = scanOfEach();

const couldNot = { exitCode: 1, verdict: 'could-not-scan', ok: 'unknown' };

/** Workflow commands, HTML, Markdown, hidden characters, and what a shell would run. */
const evil =
  '</td></details><img src=x onerror=alert(1)>\n::error::pwned\r\n##[error]pwned %0A::set-output name=verdict::clean [a](https://evil.example) `id` $(id) @all | \u202e\u0000\u001b[2K';

beforeEach(() => {
  put('osv/qs.json', recordOf('GHSA-1', 'qs', '6.7.3'));
});

it('OSV that is not there has not answered', async () => {
  put('sbom.cdx.json', sbomOf('qs@6.7.0'));
  const osv = await startOsv();
  await osv.close();
  const result = await scan({ source: 'osv', 'osv-url': osv.url });
  expect(verdictOf(result)).toEqual({ ...couldNot, reason: 'osv-unreachable' });
});

describe('text of an SBOM or a database', () => {
  it('starts no workflow command, is no markup, and hides nothing: log, page, annotations, SARIF', async () => {
    const bill = (...broken: { name: string; version: string; purl: string }[]) => ({
      ...JSON.parse(
        sbomOf(
          { name: 'qs', version: '6.7.0', purl: 'pkg:npm/qs@6.7.0' },
          { name: evil, version: evil, dependsOn: ['qs'] },
          { name: evil.repeat(2), version: '1' },
          ...broken,
        ),
      ),
      metadata: { component: { type: 'application', name: evil, version: evil, 'bom-ref': 'shop' } },
      dependencies: [
        { ref: 'shop', dependsOn: [evil] },
        { ref: evil, dependsOn: ['qs'] },
      ],
    });
    const purl = `pkg:npm/${encodeURIComponent(evil)}@1.0.0`;
    const passwords = { name: 'x', version: '1', purl: 'pkg:npm/../../etc/passwd@1' };
    put('sbom.cdx.json', bill({ name: `${evil}.`, version: evil, purl }, passwords));
    put('plain.cdx.json', bill());
    put(
      'osv/qs.json',
      recordOf('GHSA-1', 'qs', '6.7.3', {
        summary: evil,
        details: evil,
        aliases: ['CVE-2022-1'],
        references: [{ type: 'WEB', url: `javascript:${evil}` }],
      }),
    );
    const result = await scan();
    expect(verdictOf(result)).toEqual({
      exitCode: 1,
      verdict: 'vulnerable',
      ok: 'false',
      reason: 'at-threshold',
    });
    const lines = result.stdout.split(/\r\n|\r|\n/);
    const commands = lines.filter((line) => /^\s*::|##\[/.test(line));
    expect(commands.every((line) => /^::(group|endgroup|error|warning)[: ]/.test(line))).toBe(true);
    expect(result.annotations.filter(({ level }) => level === 'error')).toHaveLength(2);
    expect(result.annotations.some(({ message }) => message.startsWith('pwned'))).toBe(false);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    const hidden = /[\u0000-\u0008\u001b\u202e]/;
    // Beside a purl that is none no SARIF is written.
    await scan({ sbom: 'plain.cdx.json', sarif: 'x.sarif' });
    for (const text of [result.stdout, result.summary, read('x.sarif'), result.outputs.summary ?? ''])
      expect(text).not.toMatch(hidden);
    expect(result.summary.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gs, '')).not.toMatch(
      /<img|<\/td>|(?<!\\)\]\(https:\/\/evil|@all|javascript:/,
    );
    expect(read('x.sarif')).not.toMatch(/\]\(https:\/\/evil|"helpUri":"javascript/);
  });

  it('is bounded: an advisory of 20 MB, a name of 5 MB, 2,000 findings', async () => {
    const long = 'x'.repeat(5_000_000);
    put('sbom.cdx.json', sbomOf('qs@6.7.0', { name: long, version: '1' }));
    const many = Array.from({ length: 2000 }, (_, at) =>
      recordOf(`GHSA-${at}`, 'qs', '6.7.3', { summary: `${at} ${'y'.repeat(2000)}` }),
    );
    put('osv/qs.json', many);
    put('osv/long.json', recordOf('GHSA-long', 'qs', '6.7.3', { summary: long, details: long.repeat(3) }));
    const result = await scan({ sarif: 'x.sarif' });
    expect(result.outputs).toMatchObject({ verdict: 'vulnerable', findings: '2001' });
    expect(Buffer.byteLength(result.summary)).toBeLessThan(200_000);
    expect(result.outputs.result?.length).toBeLessThan(400_000);
    expect(json(result).omitted).toBeGreaterThan(1000);
    expect(json(result).findings.length + json(result).omitted).toBe(2001);
    expect(JSON.parse(read('x.sarif')).runs[0].results).toHaveLength(2001);
    expect(result.annotations.length).toBeLessThanOrEqual(20);
  });
});

describe('a hostile SBOM is refused or read, and neither hangs nor crashes', () => {
  it('100,000 levels deep', async () => {
    const open = '{"components":[{"type":"library","name":"a","components":['.slice(17);
    const deep = `${open.repeat(100_000)}${']}'.repeat(100_000)}`;
    put('sbom.cdx.json', `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${deep}]}`);
    const result = await scan({}, { timeout: 60_000 });
    expect(result.outputs.verdict).toBe('could-not-scan');
    expect(result.outputs.reason).toMatch(/^(sbom-|nothing-to-scan)/);
  });

  it('200 MB of components', async () => {
    const one = {
      type: 'library',
      name: 'left-pad',
      version: '1.0.0',
      purl: 'pkg:npm/left-pad@1.0.0',
      description: 'z'.repeat(20_000),
    };
    const text = JSON.stringify(one);
    const all = Array(Math.ceil(200_000_000 / text.length))
      .fill(text)
      .join(',');
    put(
      'sbom.cdx.json',
      `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${JSON.stringify({ ...one, name: 'qs', version: '6.7.0', purl: 'pkg:npm/qs@6.7.0' })},${all}]}`,
    );
    const result = await scan({}, { timeout: 120_000 });
    expect(['vulnerable', 'could-not-scan']).toContain(result.outputs.verdict);
    expect(result.outputs.reason).toMatch(/^(at-threshold|sbom-too-large)$/);
  }, 150_000);
});
