import type { ArgoCD } from '../api/port.ts';
import { serverName } from '../page/names.ts';
import { idOf } from '../page/worst.ts';
import type { Choice } from './candidates.ts';
import type { Asked, Found, Selected } from './select.ts';
import type { Touching } from './touches.ts';

const nameOf = (argocd: ArgoCD): string => (argocd.name ? serverName(argocd) : argocd.server);

const serversOf = (servers: readonly ArgoCD[]): string => servers.map(nameOf).join(' or ');

const showNo = (servers: readonly ArgoCD[]): string =>
  servers.length < 2
    ? `${serversOf(servers)} shows no Application`
    : `Neither ${servers.map(nameOf).join(' nor ')} shows an Application`;

export function notNamed(servers: readonly ArgoCD[], names: readonly string[], missing: readonly string[]) {
  const quoted = (missing.length > 0 ? missing : names).map((name) => `\`${name}\``).join(', ');
  return missing.length > 0
    ? {
        sentence: `${showNo(servers)} ${quoted} to this token.`,
        hint: 'Check the spelling in `applications`, and that the token may `get` it.',
      }
    : {
        sentence: `No Application that fits ${quoted} at ${serversOf(servers)} reads the change.`,
        hint: 'Check the path and targetRevision of the Applications, and the pattern.',
      };
}

/** Most names that a line holds. */
const MOST_NAMES = 10;

/** Chosen, and not of the change: whoever counts on them learns that nobody looks at them. */
export function leftOut(
  how: string,
  chosen: readonly Found[],
  selected: readonly Selected[],
): readonly string[] {
  const reading = new Set(selected.map(idOf));
  const left = chosen.filter((one) => !reading.has(idOf(one)));
  if (reading.size === 0 || left.length === 0) return [];
  const names = left.slice(0, MOST_NAMES).map(({ application: { name } }) => name);
  const more = left.length > names.length ? [`${left.length - names.length} more`] : [];
  const reads = `${reading.size} ${reading.size === 1 ? 'reads' : 'read'} the change`;
  const are = left.length === 1 ? 'is' : 'are';
  return [
    `${chosen.length} applications ${how}, ${reads}: ${[...names, ...more].join(', ')} ${are} left out.`,
  ];
}

/** Servers of several that show applications, of which none reads the change. */
export function idle(
  servers: readonly ArgoCD[],
  silent: readonly ArgoCD[],
  selected: readonly Selected[],
  chosen: string,
): readonly string[] {
  if (servers.length < 2) return [];
  return servers
    .filter((argocd) => !silent.includes(argocd) && !selected.some((one) => one.argocd === argocd))
    .map((argocd) => `No Application ${chosen}that ${nameOf(argocd)} shows to its token reads the change.`);
}

interface Shown {
  readonly servers: readonly ArgoCD[];
  readonly choice: Choice;
  readonly count: number;
  readonly change?: Touching;
}

/** Nothing at all: that is a matter of rights. */
export function shownNothing(silent: readonly Asked[]) {
  const login = silent[0]?.login;
  const right = 'applications, get, <project>/*, allow';
  const policy =
    login === undefined
      ? 'Either there is no Application yet, or the token lacks `applications, get` in its policy'
      : `Either there is no Application yet, or the right to \`get\` them is missing. ${login.policyOf('<project>')}, ${right}`;
  return {
    sentence: `${showNo(silent)} at all to this token.`,
    hint: `${policy}; and \`projects, get\` where it is no token of a project's role, for the projects that are deployed.`,
  };
}

/** What was looked for and not found, and what to do. */
export function notTouched({ servers, choice, count, change }: Shown) {
  const at = serversOf(servers);
  const chosen = chosenBy(choice);
  if (count === 0) {
    const sentence = `${showNo(servers)} ${chosen}to this token.`;
    const hint =
      choice.type === 'selector'
        ? 'Check the labels in `selector`, and that the token may `get` such applications.'
        : 'Check the annotations of the Applications, and that the token may `get` them; the token of an account needs `projects, get` as well.';
    return { sentence, hint };
  }
  const paths = change?.files.map(({ path }) => path).join(', ') ?? '';
  const those = count === 1 ? `The one application ${chosen}` : `None of the ${count} applications ${chosen}`;
  const reads = count === 1 ? 'does not read' : 'reads';
  return {
    sentence: `${those}that ${at} shows to this token ${reads} ${paths} of ${change?.repository} at ${change?.branch}.`,
    hint: 'Name them in `applications`; check the path and targetRevision of the Application, and that the token may `get` it.',
  };
}

export const have = (choice: Choice): string =>
  choice.type === 'selector' ? `have the labels ${choice.selector}` : `are ${chosenBy(choice).trim()}`;

export function chosenBy(choice: Choice): string {
  if (choice.type === 'selector') return `with the labels ${choice.selector} `;
  if (choice.type !== 'annotated') return '';
  const { project, environment, tenant } = choice.key;
  return `annotated with ${[project, environment, tenant].filter((one) => one !== '').join(', ')} `;
}
