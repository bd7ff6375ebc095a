// Loaded before a program: writes down the most memory that it held, in kilobytes as getrusage(2) counts them on Linux.
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY, String(process.resourceUsage().maxRSS)));
