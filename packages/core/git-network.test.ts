import { createServer } from 'node:http';
import { join } from 'node:path';
import { serveGit } from '@sluice/testbed/git-http';
import { expect, onTestFinished, test } from 'vitest';
import { type Exec, systemExec } from './exec.ts';
import { folder, immediate, serve, token } from './fixtures/git.ts';
import { createGit } from './git.ts';

test('a proxy that cannot be reached is the network, one that refuses is a setting', async () => {
  const refusing = createServer();
  refusing.on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
  );
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void refusing.close());
  const address = refusing.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const dir = await folder();
  const through = (proxy: string) => {
    const env = { PATH: process.env.PATH, HTTPS_PROXY: proxy };
    return createGit({
      exec: systemExec,
      dir,
      url: 'https://github.invalid/a/b.git',
      token,
      env,
      clock: immediate,
    });
  };
  await through('').run(['init', '-q']);
  const lsRemote = ['ls-remote', 'https://github.invalid/a/b.git'];
  await expect(through(`http://127.0.0.1:${port}`).run(lsRemote)).rejects.toMatchObject({
    code: 'proxy-refused',
  });
  await expect(through('http://127.0.0.1:9').run(lsRemote)).rejects.toMatchObject({
    code: 'git-unreachable',
  });
});

test('a server that speaks HTML is one sentence', async () => {
  const url = await serve((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html>\n<html>\n<body>Log in</body>\n</html>\n');
  });
  const dir = await folder();
  const git = createGit({ exec: systemExec, dir, url, token });
  await git.run(['init', '-q']);
  await expect(git.run(['fetch', `${url}/a.git`])).rejects.toMatchObject({
    code: 'unexpected-answer',
    message: `${url} answered with something that is not Git.`,
  });
});

test('a fetch is tried four times when the server fails', async () => {
  let requests = 0;
  const url = await serve((request, response) => {
    requests += 1;
    if (requests % 2 === 0) response.statusCode = 503;
    else request.socket.destroy();
    response.end();
  });
  const dir = await folder();
  const git = createGit({ exec: systemExec, dir, url, token, clock: immediate });
  await git.run(['init', '-q']);
  await expect(git.run(['fetch', `${url}/a.git`])).rejects.toMatchObject({ code: 'git-unreachable' });
  expect(requests).toBe(4);
});

test('a server that is reached after minutes or never is not tried again', async () => {
  let now = 0;
  let tries = 0;
  const exec: Exec = async () => {
    now += 127_000;
    tries += 1;
    const stderr =
      "fatal: unable to access 'x': Failed to connect to x port 443 after 127000 ms: Connection timed out";
    return { code: 128, stdout: '', stderr, bytes: Buffer.from('') };
  };
  const git = createGit({ exec, dir: '/', url: 'https://x', token, clock: { ...immediate, now: () => now } });
  await expect(git.run(['ls-remote'])).rejects.toMatchObject({ code: 'git-unreachable' });
  expect(tries).toBe(1);
});

test('a pack that is cut in the middle is fetched again, and is whole', async () => {
  const root = await folder();
  await createGit({ exec: systemExec, dir: root }).run(['init', '-q', '--bare', '-b', 'main', 'a.git']);
  const bare = createGit({ exec: systemExec, dir: join(root, 'a.git') });
  // Random, so that it does not shrink to a few bytes.
  const noise = Array.from({ length: 20_000 }, () => Math.random()).join('\n');
  const blob = (await bare.run(['hash-object', '-w', '--stdin'], { input: noise })).trim();
  const tree = (await bare.run(['mktree'], { input: `100644 blob ${blob}\tnoise\n` })).trim();
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  const commit = (await bare.run([...identity, 'commit-tree', tree, '-m', 'first'])).trim();
  await bare.run(['update-ref', 'refs/heads/main', commit]);
  let cuts = 0;
  const url = await serve(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://x');
    const service = pathname.endsWith('info/refs') ? 'info/refs' : 'git-upload-pack';
    const query = search.slice(1);
    let sent = 0;
    const write = response.write.bind(response);
    response.write = (chunk: Buffer) => {
      sent += chunk.length;
      if (sent < 50_000 || cuts >= 2) return write(chunk);
      cuts += 1;
      request.socket.destroy();
      return false;
    };
    await serveGit(request, response, { root, repository: 'a.git', service, query, user: 't' });
  });
  const dir = await folder();
  const git = createGit({ exec: systemExec, dir, url: `${url}/a.git`, token, clock: immediate });
  await git.run(['init', '-q', '--bare', '.']);
  await git.run(['fetch', '-q', `${url}/a.git`, commit]);
  expect(cuts).toBe(2);
  expect(await git.run(['cat-file', 'blob', blob])).toBe(noise);
});
