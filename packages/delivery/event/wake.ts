import { readFile, stat } from 'node:fs/promises';
import { at, type Json, text } from '@sluice/argocd/json';
import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';

/** What has started the run, as far as it says where to look. Nothing of it is taken for the truth. */
export type Wake =
  | { readonly type: 'status'; readonly commit: string }
  | { readonly type: 'check-run'; readonly commit: string }
  /** `sender` is GitHub's word; the rest is the sender's. */
  | {
      readonly type: 'dispatch';
      readonly commit: string | undefined;
      readonly sender: string;
      readonly content: Json;
    }
  /** A schedule, or somebody's hand: nothing says where to look. */
  | { readonly type: 'none' };

/** GitHub's payloads have at most 25 MB (https://docs.github.com/webhooks/webhook-events-and-payloads), and none of these comes near to 1. */
const LARGEST = 1_000_000;

/** The event of this run. Throws a SluiceError where it is none that could name a commit. */
export async function wakeOf({ env, context }: Pick<World, 'env' | 'context'>): Promise<Wake> {
  switch (context.eventName) {
    case 'status': {
      const event = await eventOf(env.GITHUB_EVENT_PATH);
      return { type: 'status', commit: commitOf(at(event, 'sha')) };
    }
    case 'check_run': {
      const run = at(await eventOf(env.GITHUB_EVENT_PATH), 'check_run');
      return { type: 'check-run', commit: commitOf(at(run, 'head_sha')) };
    }
    case 'repository_dispatch': {
      const event = await eventOf(env.GITHUB_EVENT_PATH);
      // GitHub takes ten keys at the top of a payload, and a report has more.
      const content = at(event, 'client_payload', 'report');
      const commit = text(at(content, 'revision'));
      const isCommit = commit !== undefined && COMMIT.test(commit);
      const sender = text(at(event, 'sender', 'login')) ?? '';
      return { type: 'dispatch', commit: isCommit ? commit : undefined, sender, content };
    }
    default:
      return { type: 'none' };
  }
}

const COMMIT = /^[0-9a-f]{40}$/;

function commitOf(value: Json): string {
  const sha = text(value);
  if (sha !== undefined && COMMIT.test(sha)) return sha;
  throw malformed('it names no commit');
}

async function eventOf(path: string | undefined): Promise<Json> {
  if (!path) throw malformed('GITHUB_EVENT_PATH is not set');
  if ((await stat(path)).size > LARGEST) throw malformed('it is larger than 1 MB');
  try {
    const event: Json = JSON.parse(await readFile(path, 'utf8'));
    return event;
  } catch {
    throw malformed('it is no JSON');
  }
}

const malformed = (why: string): SluiceError =>
  new SluiceError('input', 'invalid-environment', `The event of this run cannot be read: ${why}.`, {
    hint: 'Run this on `status`, `check_run`, `repository_dispatch` or `schedule`, or give `deployment-id`.',
  });
