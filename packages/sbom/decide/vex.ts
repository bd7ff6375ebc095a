import type { Package } from '../types.ts';
import { compareText, type Group, nameKey } from './group.ts';
import type { Identities } from './identity.ts';
import type { FileNote, VexStatement } from './types.ts';

/** What the statements make of the findings. */
export interface Vex {
  /** Why the vulnerability does not affect the package; undefined where that is not said of all parts of it. */
  clears(group: Group): string | undefined;
  /** Of the statements that met nothing; to be asked at the end. */
  warnings(): readonly FileNote[];
}

const SHOWN = 5;
const LONGEST_NAME = 100;

/** Only statements that name both the vulnerability and the package count. */
export function applyVex(statements: readonly VexStatement[], identities: Identities): Vex {
  const byName = new Map<string, Set<VexStatement>>();
  for (const statement of statements)
    for (const name of statement.names.map(nameKey)) {
      const known = byName.get(name);
      if (known) known.add(statement);
      else byName.set(name, new Set([statement]));
    }
  const met = new Set<VexStatement>();
  const named = new Set<VexStatement>();

  const about = (part: ReadonlySet<string>, found: Package): readonly VexStatement[] => {
    const naming = new Set([...part].flatMap((name) => [...(byName.get(name) ?? [])]));
    const concerned: VexStatement[] = [];
    for (const statement of naming) {
      named.add(statement);
      if (!identities.concerns(statement.subjects, found)) continue;
      met.add(statement);
      concerned.push(statement);
    }
    return concerned;
  };

  return {
    clears: (group) => {
      const decided = group.parts.map((part) => prevailing(about(part, group.package)));
      const clearing = decided.filter((statement) => statement?.clears === true);
      if (clearing.length < decided.length) return undefined;
      const sentences = clearing.flatMap((one) => (one ? [sentenceOf(one)] : []));
      return [...new Set(sentences)].sort().join('; ');
    },
    warnings: () => unmet(statements, met, named),
  };
}

const sentenceOf = ({ status, because }: VexStatement): string =>
  because === '' ? status : `${status}: ${because}`;

/** The newest; of those of the same time, or where one has none, the one that leaves the finding open. */
function prevailing(statements: readonly VexStatement[]): VexStatement | undefined {
  const isDated = statements.every(({ time }) => time !== undefined);
  const newest = statements.reduce(
    (latest, { time = 0 }) => Math.max(latest, time),
    Number.NEGATIVE_INFINITY,
  );
  const last = isDated ? statements.filter(({ time }) => time === newest) : statements;
  return (
    last.find(({ clears }) => !clears) ??
    last.toSorted((a, b) => compareText(sentenceOf(a), sentenceOf(b)))[0]
  );
}

function unmet(
  statements: readonly VexStatement[],
  met: ReadonlySet<VexStatement>,
  named: ReadonlySet<VexStatement>,
): readonly FileNote[] {
  const files = Map.groupBy(statements, ({ file }) => file);
  return [...files].flatMap(([file, all]) => {
    const left = all.filter((statement) => !met.has(statement));
    if (left.length === 0) return [];
    const shown = left.slice(0, SHOWN).map((statement) => {
      const why = named.has(statement) ? ', which was found, but not in what it is about' : '';
      return `${statement.place} (${(statement.names[0] ?? 'no name').slice(0, LONGEST_NAME)}${why})`;
    });
    const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : '';
    return [
      {
        file,
        message: `${left.length} of ${all.length} ${all.length === 1 ? 'statement' : 'statements'} met no finding: ${shown.join(', ')}${more}`,
      },
    ];
  });
}
