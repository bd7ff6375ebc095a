import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The programs of the rig: started with a log file each, and killed together. */
export interface Processes {
  start(name: string, command: string, args: readonly string[], env?: NodeJS.ProcessEnv): void;
  /** Ends one and resolves when it is gone. */
  stop(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Starts one that was stopped once more, as it was started before. */
  again(name: string): void;
  /** Waits until `ready` resolves; fails with the program's last log lines when it died or the time is over. */
  until(name: string, seconds: number, ready: () => Promise<unknown>): Promise<void>;
  /** The last lines of its log, of those that hold `text`. */
  tail(name: string, lines: number, text?: string): string;
  names(): readonly string[];
  killAll(): void;
}

/** Logs go to `<folder>/<name>.log`. */
export function createProcesses(folder: string): Processes {
  const children = new Map<string, ChildProcess>();
  const commands = new Map<string, () => void>();
  const log = (name: string): string => join(folder, `${name}.log`);
  const tail = (name: string, lines: number, text = ''): string =>
    readFileSync(log(name), 'utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => line.includes(text))
      .slice(-lines)
      .map((line) => line.slice(0, 400))
      .join('\n');
  const started = (name: string): ChildProcess => {
    const child = children.get(name);
    if (child === undefined) throw new Error(`${name} was not started.`);
    return child;
  };
  const killAll = (): void => {
    // State is thrown away, so nothing has to end in order; argocd-server would take 20 s to.
    for (const child of children.values()) child.kill('SIGKILL');
  };
  const launch = (name: string, command: Command, env: NodeJS.ProcessEnv): void => {
    const file = openSync(log(name), 'a');
    const [program, ...rest] = dyingWithUs(command);
    // Detached: Ctrl-C in a terminal reaches this process alone, which then ends the others.
    const child = spawn(program, rest, { env, detached: true, stdio: ['ignore', file, file] });
    child.on('error', (error) => appendFileSync(log(name), `${error.message}\n`));
    children.set(name, child);
    closeSync(file);
  };
  return {
    start(name, command, args, env = process.env) {
      commands.set(name, () => launch(name, [command, ...args], env));
      commands.get(name)?.();
    },
    async stop(name, signal = 'SIGKILL') {
      const child = started(name);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
    again: (name) => commands.get(name)?.(),
    async until(name, seconds, ready) {
      const child = started(name);
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const failure = await ready().then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === undefined) return;
        const died = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
        if (died || Date.now() > end) {
          const what = died ? 'died' : `is not ready after ${seconds} s (${String(failure)})`;
          throw new Error(`${name} ${what}:\n${tail(name, 20)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    tail,
    names: () => [...children.keys()],
    killAll,
  };
}

type Command = readonly [string, ...string[]];

/** Where the system can, the kernel ends our programs with us, also after a kill -9 that lets us do nothing. */
const guarded = ['setpriv', '--pdeathsig', 'KILL'] as const;

function dyingWithUs(command: Command): Command {
  const [program, ...rest] = guarded;
  const able = spawnSync(program, [...rest, 'true']).status === 0;
  return able ? [...guarded, ...command] : command;
}
