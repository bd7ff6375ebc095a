import { SluiceError } from '@sluice/core/errors';
import { visible } from '@sluice/core/visible';

/** Names come out of archives: one line of them, and not more than a person reads. */
export const shown = (text: string): string => {
  const line = visible(text).replace(/\s+/g, ' ');
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
};

export const notFound = (path: string, cause: unknown): SluiceError =>
  new SluiceError(
    'input',
    'database-not-found',
    `The database ${shown(path)} cannot be read: ${why(cause)}.`,
    {
      hint: 'Check `database`: a file, a folder or a zip of OSV records, as an earlier step has put it there.',
      cause,
    },
  );

/** `place`: file, and entry or record in it. */
export const broken = (place: string, cause: unknown): SluiceError =>
  new SluiceError('input', 'database-broken', `The database is broken at ${shown(place)}: ${why(cause)}.`, {
    hint: 'Get the database again; no answer is given from a part of one.',
    cause,
  });

export const empty = (path: string): SluiceError =>
  new SluiceError('input', 'database-broken', `The database ${shown(path)} has no OSV record.`, {
    hint: 'Check that the step that gets the database has done so: `database` names JSON files, zips of them or a folder with these.',
  });

export const packed = (file: string): SluiceError =>
  new SluiceError(
    'input',
    'database-broken',
    `The database is not read: ${shown(file)} may hold records, and is packed in a way that is not read here, or not fetched whole.`,
    {
      hint: 'Unpack it, or fetch it again, or take it out of the folder: read are JSON files and zips of them.',
    },
  );

export const tooLarge = (place: string, limit: string): SluiceError =>
  new SluiceError(
    'input',
    'database-too-large',
    `The database is not read: ${shown(place)} has more than ${limit}.`,
    {
      hint: 'Give the databases of the ecosystems that the SBOM has, and no others.',
    },
  );

export const incomplete = (path: string, ecosystems: readonly string[]): SluiceError =>
  new SluiceError(
    'platform',
    'database-incomplete',
    `The database ${shown(path)} has no record of ${shown(listed(ecosystems))}: whether packages from there are vulnerable is not known.`,
    {
      hint: 'Add the records of these ecosystems to `database` (an `all.zip` of OSV for each), or use `source: osv`. A record that is about several ecosystems does not show that the others of each are there.',
    },
  );

/** `what`: of which there are more than are looked at. */
export const tooMuch = (what: string): SluiceError =>
  new SluiceError(
    'platform',
    'scan-too-large',
    `The packages have more than ${what}: not all were looked at.`,
    {
      hint: 'Scan fewer SBOMs at a time, and check that each lists what is in one product: hundreds of versions of one package are seldom that.',
    },
  );

const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

const why = (cause: unknown): string => shown(cause instanceof Error ? cause.message : String(cause));
