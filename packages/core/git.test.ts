import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveGit } from '@sluice/testbed/git-http';
import { expect, test } from 'vitest';
import { type Exec, systemExec } from './exec.ts';
import { folder, serve, token } from './fixtures/git.ts';
import { createGit } from './git.ts';

test('hooks, configuration of the machine and of the user do not take part', async () => {
  const dir = await folder();
  await writeFile(join(dir, '.gitconfig'), '[user]\n\tname = Someone\n[core]\n\tpager = false\n');
  const git = createGit({ exec: systemExec, dir, env: { ...process.env, HOME: dir, GIT_DIR: '/nowhere' } });
  await git.run(['init', '-q', '-b', 'main']);
  await writeFile(join(dir, '.git/hooks/pre-commit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  await expect(git.run(['config', 'user.name'])).rejects.toThrow('exit code 1');
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  await git.run([...identity, 'commit', '-q', '--allow-empty', '-m', 'first']);
  expect(await git.run(['log', '--format=%s'])).toBe('first\n');
});

test('bytes and standard input pass unchanged', async () => {
  const dir = await folder();
  const git = createGit({ exec: systemExec, dir });
  await git.run(['init', '-q']);
  const id = (await git.run(['hash-object', '-w', '--stdin'], { input: 'grün\r\n' })).trim();
  expect(await git.bytes(['cat-file', 'blob', id])).toEqual(Buffer.from('grün\r\n'));
});

test("the token is in the header to its own server, and neither in argv nor in the repository's files", async () => {
  const headers: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    headers.push(request.headers.authorization);
    response.statusCode = 404;
    response.end();
  });
  const dir = await folder();
  const argv: string[] = [];
  const exec: Exec = (command, args, options) => {
    argv.push(...args);
    return systemExec(command, args, options);
  };
  const git = createGit({ exec, dir, url: `${url}/acme/gitops.git`, token });
  await git.run(['init', '-q']);
  await expect(git.run(['fetch', `${url}/acme/gitops.git`])).rejects.toMatchObject({
    kind: 'permission',
    code: 'not-visible',
  });
  const basic = Buffer.from('x-access-token:ghs_secret_token').toString('base64');
  expect(headers[0]).toBe(`basic ${basic}`);
  expect(argv.join(' ')).not.toContain('ghs_secret');
  const left = await systemExec('grep', ['-rlE', `ghs_secret|${basic}`, dir]);
  expect(left.stdout).toBe('');

  const elsewhere = createGit({ exec, dir, url: 'https://github.com/acme/gitops.git', token });
  await expect(elsewhere.run(['fetch', `${url}/acme/gitops.git`])).rejects.toThrow();
  expect(headers.at(-1)).toBeUndefined();
});

const unauthenticated = {
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="GitHub"' },
  body: 'Invalid username or token.',
};
const singleSignOn = { status: 403, body: "The 'acme' organization has enabled or enforced SAML SSO." };

test.each([
  ['401', unauthenticated, 'bad-credentials', 'has expired or was revoked'],
  ['401 without a word', { status: 401 }, 'bad-credentials', 'has expired or was revoked'],
  ['403', { status: 403 }, 'permission-denied', '`contents: read`'],
  ['403 with its reason', singleSignOn, 'permission-denied', 'enforced SAML SSO'],
  ['404', { status: 404, body: 'Repository not found.' }, 'not-visible', 'not visible to this token'],
  [
    '301',
    { status: 301, headers: { location: 'http://elsewhere.example/' } },
    'repository-moved',
    'renamed or moved',
  ],
  ['407', { status: 407 }, 'proxy-refused', 'The proxy does not let Git through'],
] as const)('a server that answers %s: one sentence', async (_name, answer, code, words) => {
  const url = await serve((_request, response) => {
    response.writeHead(answer.status, {
      'content-type': 'text/plain',
      ...('headers' in answer && answer.headers),
    });
    response.end('body' in answer ? answer.body : undefined);
  });
  const dir = await folder();
  const git = createGit({ exec: systemExec, dir, url, token });
  await git.run(['init', '-q']);
  const refused = git.run(['fetch', `${url}/acme/gitops.git`]);
  await expect(refused).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w/) });
  await expect(refused).rejects.toThrow(words);
});

test('a redirect to another host gets no token, also not in the requests that follow', async () => {
  const seen: (string | undefined)[] = [];
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
    response.end(
      '001e# service=git-upload-pack\n0000000eversion 2\n0012fetch=shallow\n0012ls-refs=unborn\n0000',
    );
  });
  const url = await serve((request, response) => {
    response.writeHead(301, { location: `${other.replace('127.0.0.1', 'localhost')}${request.url}` }).end();
  });
  const dir = await folder();
  const git = createGit({ exec: systemExec, dir, url, token });
  await git.run(['init', '-q']);
  await expect(git.run(['ls-remote', `${url}/a.git`])).rejects.toMatchObject({ code: 'repository-moved' });
  expect(seen.filter((header) => header !== undefined)).toEqual([]);
});

test('the configuration of a checked-out tree starts no program', async () => {
  const dir = await folder();
  const marker = join(dir, 'started');
  const evil = `touch ${marker}`;
  await createGit({ exec: systemExec, dir }).run(['init', '-q']);
  const blob = '0123456789012345678901234567890123456789';
  await writeFile(join(dir, '.git/HEAD'), `${blob}\n`);
  await writeFile(
    join(dir, '.git/config'),
    `[core]
\trepositoryformatversion = 1
\tfsmonitor = "${evil}"
\thooksPath = "${dir}"
\tsshCommand = "${evil}"
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = "${dir}"
\tuploadpack = "${evil};"
\tpromisor = true
[remote "ext"]
\turl = "ext::sh -c '${evil}'"
[filter "x"]
\tsmudge = "${evil}"
\tclean = "${evil}"
[diff]
\texternal = "${evil}"
`,
  );
  const git = createGit({ exec: systemExec, dir });
  const commands = [
    ['rev-parse', '--verify', 'HEAD'],
    ['symbolic-ref', '--quiet', '--short', 'HEAD'],
    ['status', '--porcelain'],
    ['cat-file', '-e', blob],
    ['ls-remote', 'ext'],
    ['fetch', 'origin'],
  ];
  for (const args of commands) await git.run(args).catch(() => '');
  expect((await systemExec('ls', [dir])).stdout).not.toContain('started');
});

test('a blob that a partial clone fetches when it is read comes with the token too', async () => {
  const root = await folder();
  const plain = createGit({ exec: systemExec, dir: root });
  await plain.run(['init', '-q', '--bare', '-b', 'main', 'a.git']);
  const bare = createGit({ exec: systemExec, dir: join(root, 'a.git') });
  await bare.run(['config', 'uploadpack.allowFilter', 'true']);
  await bare.run(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  const blob = (await bare.run(['hash-object', '-w', '--stdin'], { input: 'tag: 1\n' })).trim();
  const tree = (await bare.run(['mktree'], { input: `100644 blob ${blob}\tvalues.yaml\n` })).trim();
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  const commit = (await bare.run([...identity, 'commit-tree', tree, '-m', 'first'])).trim();
  await bare.run(['update-ref', 'refs/heads/main', commit]);
  let requests = 0;
  const url = await serve(async (request, response) => {
    requests += 1;
    const { pathname, search } = new URL(request.url ?? '', 'http://x');
    const service = pathname.endsWith('info/refs') ? 'info/refs' : 'git-upload-pack';
    if (request.headers.authorization === undefined) {
      response.writeHead(401).end();
      return;
    }
    await serveGit(request, response, {
      root,
      repository: 'a.git',
      service,
      query: search.slice(1),
      user: 't',
    });
  });

  const dir = await folder();
  const git = createGit({ exec: systemExec, dir, url: `${url}/a.git`, token });
  await git.run(['clone', '-q', '--bare', '--depth=1', '--filter=blob:none', `${url}/a.git`, '.']);
  const before = requests;
  expect(await git.run(['cat-file', 'blob', `${commit}:values.yaml`])).toBe('tag: 1\n');
  expect(requests).toBeGreaterThan(before);
});

test('an error holds no token, and says which command failed and why', async () => {
  const exec: Exec = async () => ({
    code: 1,
    stdout: '',
    bytes: Buffer.from(''),
    stderr: 'remote: Counting objects\nfatal: bad object ghs_secret_token\nwarning: something else\n',
  });
  const git = createGit({ exec, dir: '/', url: 'https://github.com/a/b', token });
  await expect(git.run(['-c', 'a=b', 'fetch', 'x'])).rejects.toThrow(
    'git fetch failed (exit code 1): fatal: bad object ***',
  );
  await git.run(['fetch']).catch((error: Error) => expect(String(error.cause)).not.toContain('ghs_secret'));
});
