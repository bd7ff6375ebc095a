// Loaded before a program: writes down the most memory that it held, in kilobytes. Linux counts into getrusage(2) what the process
// that started it held; /proc does not.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const status = '/proc/self/status';

process.on('exit', () => {
  const peak = existsSync(status) ? /VmHWM:\s*(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  writeFileSync(process.env.PEAK_MEMORY, peak ?? String(process.resourceUsage().maxRSS));
});
