import { at, type Json, list, text } from '../json.ts';

/** The longest summary that is kept; the schema recommends 120 characters. */
const SUMMARY = 300;

/** One line that says what it is; databases that write no summary begin their details with it. */
export function summaryOf(record: Json): string {
  const words = text(at(record, 'summary')) ?? text(at(record, 'details'))?.trimStart() ?? '';
  const end = words.search(/[\r\n]/);
  const line = (end < 0 ? words : words.slice(0, end)).trim();
  const short = line.length <= SUMMARY ? line : `${line.slice(0, SUMMARY - 1)}…`;
  // A copy: in V8 a part of a text keeps the whole of it, and details have kilobytes.
  return Buffer.from(short).toString();
}

/** The pages of databases about one of their entries: https://ossf.github.io/osv-schema/#id-modified-fields */
const PAGES: readonly (readonly [RegExp, string])[] = [
  [/^GHSA(-[0-9a-z]{4}){3}$/, 'https://github.com/advisories/'],
  [/^GO-[0-9]+-[0-9]+$/, 'https://pkg.go.dev/vuln/'],
  [/^CVE-[0-9]+-[0-9]+$/, 'https://nvd.nist.gov/vuln/detail/'],
  [
    /^(PYSEC|RUSTSEC|OSV|MAL|DSA|DLA|DEBIAN-CVE|UBUNTU-CVE|USN|ALPINE-CVE)-[0-9-]+$/,
    'https://osv.dev/vulnerability/',
  ],
];

/** Where people read about it: the page of its database, else the first advisory that it refers to, else anything. */
export function pageOf(id: string, record: Json): string | undefined {
  const page = PAGES.find(([pattern]) => pattern.test(id));
  if (page !== undefined) return page[1] + id;
  const references = list(at(record, 'references'));
  const advisories = references.filter((reference) => at(reference, 'type') === 'ADVISORY');
  const urls = [at(record, 'database_specific', 'url'), ...[...advisories, ...references].map(urlOf)];
  return urls.find(isWebPage);
}

const urlOf = (reference: Json): Json => at(reference, 'url');

const isWebPage = (url: Json): url is string =>
  typeof url === 'string' && /^https?:\/\//.test(url) && url.length < 2000 && URL.canParse(url);
