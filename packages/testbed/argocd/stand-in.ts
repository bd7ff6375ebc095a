import type { Server, Socket } from 'node:net';
import { createAccounts } from './accounts.ts';
import { buildRig } from './build-rig.ts';
import { createControl, findApp, findResource } from './control.ts';
import { compare } from './controller.ts';
import { createFaults } from './faults.ts';
import { createHttpFaults } from './http-faults.ts';
import { createLogins } from './logins.ts';
import type { ArgoCdStandIn, StandInOptions } from './options.ts';
import { createReplays } from './replay.ts';
import { fastTiming, type Rig } from './rig.ts';
import { createApiServer, type SeenRequest } from './server.ts';
import { createStreams } from './stream.ts';

export type { ApplicationOptions, ArgoCdStandIn, StandInOptions } from './options.ts';

/** Looks at Git by itself every so often; undefined where only refreshes do. */
function startPolling(rig: Rig): NodeJS.Timeout | undefined {
  const { resync } = rig.timing;
  if (resync <= 0) return undefined;
  const pollAll = () => {
    for (const app of rig.apps.values()) void compare(rig, app, 'latest');
  };
  return setInterval(pollAll, resync).unref();
}

function countConnections(server: Server): ArgoCdStandIn['connections'] {
  const open = new Set<Socket>();
  let [most, bytes] = [0, 0];
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    most = Math.max(most, open.size);
    socket.on('close', () => {
      open.delete(socket);
      bytes += socket.bytesWritten;
    });
  });
  const unfinished = () => [...open].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  return () => ({ open: open.size, most, bytes: bytes + unfinished() });
}

/** Starts an Argo CD 3.2 as its API shows it: real Git underneath, a cluster in memory. */
export async function startArgoCd(options: StandInOptions = {}): Promise<ArgoCdStandIn> {
  const streams = createStreams(options.timing?.keepAlive ?? fastTiming.keepAlive);
  const outage = { kubernetes: false, repoServer: false };
  const rig = buildRig(options, streams, outage);
  const accounts = createAccounts(rig.clock);
  const http = createHttpFaults();
  const replays = createReplays();
  const requests: SeenRequest[] = [];
  const violations: string[] = [];
  const { basePath = '', tls } = options;
  const { answer: answerLogin, ...logins } = createLogins(options.login ?? {}, accounts, violations);
  const server = createApiServer(
    {
      ...{ rig, accounts, faults: http, outage, replays, streams, answerLogin },
      ...{ basePath, requests, violations },
    },
    tls,
  );
  const connections = countConnections(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const polling = startPolling(rig);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${basePath}`,
    timing: rig.timing,
    requests,
    violations,
    connections,
    logins,
    token: (wanted) => accounts.issue(wanted),
    replay: (contents) => replays.add(contents),
    ...createControl(rig),
    faults: createFaults({
      ...{ rig, http, outage, streams, accounts },
      app: (name) => findApp(rig, name),
      resource: (app, resource) => findResource(rig, app, resource),
    }),
    async close() {
      clearInterval(polling);
      rig.clock.close();
      rig.git.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
