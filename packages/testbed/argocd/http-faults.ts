import type { IncomingMessage, ServerResponse } from 'node:http';

/** Which requests: part of `GET /api/v1/applications/web?refresh=normal`, or a pattern of it. */
export type Match = string | RegExp;

export type HttpFault =
  | { readonly type: 'cut'; readonly when: 'before-headers' | 'in-body' }
  | { readonly type: 'hang' }
  /** The request is carried out, and whoever sent it hears nothing. */
  | { readonly type: 'lose-answer' }
  | { readonly type: 'delay'; readonly ms: number }
  | {
      readonly type: 'reply';
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

interface Rule {
  readonly match: Match;
  readonly fault: HttpFault;
  times: number;
}

export interface HttpFaults {
  /** The next `times` matching requests meet the fault; returns how to take it back. */
  add(match: Match, fault: HttpFault, times?: number): () => void;
  /** The fault for a request, counted off. */
  take(line: string): HttpFault | undefined;
}

export function createHttpFaults(): HttpFaults {
  const rules: Rule[] = [];
  return {
    add(match, fault, times = 1) {
      const rule = { match, fault, times };
      rules.push(rule);
      return () => {
        rule.times = 0;
      };
    },
    take(line) {
      const rule = rules.find(
        ({ match, times }) =>
          times > 0 && (typeof match === 'string' ? line.includes(match) : match.test(line)),
      );
      if (rule !== undefined) rule.times -= 1;
      return rule?.fault;
    },
  };
}

/** What an ingress shows when nothing is behind it. */
export const htmlPage: HttpFault = {
  type: 'reply',
  status: 200,
  contentType: 'text/html; charset=utf-8',
  body: '<!doctype html><html><head><title>Argo CD</title></head><body><div id="app"></div></body></html>',
};

/** Answers with the fault; false where the request goes on after a delay. */
export async function meet(
  fault: HttpFault,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (fault.type === 'delay') {
    await new Promise((resolve) => setTimeout(resolve, fault.ms));
    return false;
  }
  if (fault.type === 'hang') return true;
  if (fault.type === 'lose-answer') {
    response.end = () => {
      request.socket.destroy();
      return response;
    };
    return false;
  }
  if (fault.type === 'cut') {
    if (fault.when === 'in-body') {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100000' });
      response.write('{"metadata":{"na');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    request.socket.destroy();
    return true;
  }
  response.writeHead(fault.status, {
    'Content-Type': fault.contentType ?? 'text/plain; charset=utf-8',
    ...fault.headers,
  });
  response.end(fault.body);
  return true;
}
