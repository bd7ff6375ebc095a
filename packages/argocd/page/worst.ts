import type { DecisionVerdict, ImageProof, Verdict } from '../decide/types.ts';
import { keyOf } from '../observation.ts';
import type { ApplicationVerdict } from '../watch/wait.ts';

/** From the worst to the best: of several applications the worst speaks for all. */
export const worstFirst = [
  'failed',
  'drifted',
  'not-effective',
  'timed-out',
  'unknown',
  'superseded',
  'rolling-out',
  'live',
] as const satisfies readonly DecisionVerdict[];

export const rank = ({ verdict }: ApplicationVerdict): number => worstFirst.indexOf(verdict.verdict);

/** What tells an Application from all others of this run, also from one of the same name on another server. */
export const idOf = ({
  argocd,
  application: { namespace, name },
}: Pick<ApplicationVerdict['selected'], 'argocd' | 'application'>): string =>
  `${argocd.server} ${namespace}/${name}`;

/** One verdict for each application: where several of its sources were watched, the worst of them with what was seen of all. */
export function ofEachApplication(all: readonly ApplicationVerdict[]): readonly ApplicationVerdict[] {
  const groups = Map.groupBy(all, ({ selected }) => idOf(selected));
  return [...groups.values()].flatMap((group) => {
    const [worst, ...others] = group.toSorted((a, b) => rank(a) - rank(b));
    return worst === undefined
      ? []
      : [{ ...worst, verdict: others.reduce((sum, { verdict }) => joined(sum, verdict), worst.verdict) }];
  });
}

function joined(worst: Verdict, other: Verdict): Verdict {
  const told = other.verdict === 'live' ? other.messages : [other.sentence, ...other.messages];
  const proofs = [...worst.proof, ...other.proof].map((one): [string, ImageProof] => [
    `${keyOf(one.object)} ${one.container} ${one.image}`,
    one,
  ]);
  return {
    ...worst,
    messages: [...new Set([...worst.messages, ...told])].filter((one) => one !== worst.sentence),
    missing: [...new Set([...worst.missing, ...other.missing])],
    proof: [...new Map(proofs).values()],
  };
}
