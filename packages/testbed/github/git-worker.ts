/**
 * Runs Git for the stand-in. A process that holds much memory takes long to start another one (20 ms and more under load, in
 * which nothing else is answered); this one holds little. It ends when its standard input does.
 */
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type GitRequest, serveGit } from '../git-http.ts';

const [, , socket = ''] = process.argv;

const server = createServer((request, response) => {
  const options: GitRequest = JSON.parse(String(request.headers['x-serve-git']));
  serveGit(request, response, options).catch(() => response.destroy());
});
server.keepAliveTimeout = 0;
server.listen(socket, () => process.stdout.write('ready\n'));
process.stdin.on('end', () => {
  rmSync(socket, { force: true });
  process.exit(0);
});
process.stdin.resume();
