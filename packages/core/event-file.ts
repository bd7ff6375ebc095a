import { readFileSync, statSync } from 'node:fs';
import type { Json } from './json.ts';

/** GitHub's payloads have 25 MB at most. */
const LARGEST_EVENT = 30_000_000;

/** The payload of the event that started the run; undefined where it cannot be read. */
export function readEvent(file: string | undefined): Json {
  try {
    if (file === undefined || file === '' || statSync(file).size > LARGEST_EVENT) return undefined;
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
