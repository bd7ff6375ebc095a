import { createServer, request as httpRequest } from 'node:http';

/** A proxy that lets nobody through to a server without its own header, as identity-aware proxies in front of Argo CD do. */
export interface LoginProxy extends AsyncDisposable {
  readonly url: string;
  /** How many requests it sent to its login page. */
  readonly turnedAway: () => number;
}

/** Starts it in front of the server at `target`. Who brings no such header is sent to a login page, whatever is asked for. */
export async function startLoginProxy(
  target: string,
  header: { readonly name: string; readonly value: string },
): Promise<LoginProxy> {
  let turnedAway = 0;
  const server = createServer((request, response) => {
    const { method = 'GET', headers, url = '' } = request;
    const { [header.name.toLowerCase()]: shown, ...others } = headers;
    if (shown !== header.value) {
      turnedAway++;
      response.writeHead(302, { Location: 'https://login.example/start?state=hush-hush' }).end();
      return;
    }
    // It keeps its header to itself.
    const upstream = httpRequest(new URL(url, target), { method, headers: others }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    turnedAway: () => turnedAway,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
