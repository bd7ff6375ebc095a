import { at, items, type Json, text, time } from '@sluice/argocd/json';

/** What a notification of Argo CD says of one application (docs/event-mode.md has its template). Somebody's word, of known form. */
export interface Report {
  /** URL of the Argo CD that says it: two may each have an application of one name. */
  readonly argocd: string;
  /** `namespace/name`. */
  readonly application: string;
  /** URL of the repository that the application is rendered from. */
  readonly repository: string;
  /** Folder in it. */
  readonly path: string;
  /** What Argo CD compares with. */
  readonly revision: string;
  /** Of the last operation. */
  readonly syncedRevision: string | undefined;
  readonly sync: string;
  readonly health: string;
  /** Milliseconds since the epoch. */
  readonly healthSince: number | undefined;
  readonly phase: string | undefined;
  readonly images: readonly string[];
  /** When it was written, by Argo CD's clock. */
  readonly at: number;
}

export const reportSchema = 'sluice.notification.v1';

/** GitHub's limit of a check run's text (https://docs.github.com/rest/checks/runs). */
const LARGEST = 65_535;
/** An application with more is not one that a template of a notification lists. */
const MOST_IMAGES = 1000;

const FORMS = {
  server: /^https?:\/\/[\w.:/-]{1,512}$/,
  name: /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
  commit: /^[0-9a-f]{40}$/,
  word: /^[A-Za-z]{1,20}$/,
  image: /^[\w.:/@-]{1,512}$/,
} as const;

/** A report in a text; undefined where it is none, also where only one of its values has another form. */
export function parseReport(content: string): Report | undefined {
  if (content.length > LARGEST) return undefined;
  try {
    return readReport(JSON.parse(content));
  } catch {
    return undefined;
  }
}

/** The same of what is parsed already. */
export function readReport(value: Json): Report | undefined {
  const of = (name: string, form: RegExp): string | undefined => {
    const found = text(at(value, name));
    return found !== undefined && form.test(found) ? found : undefined;
  };
  const argocd = of('argocd', FORMS.server);
  const name = of('application', FORMS.name);
  const namespace = of('namespace', FORMS.name);
  const revision = of('revision', FORMS.commit);
  const [sync, health] = [of('sync', FORMS.word), of('health', FORMS.word)];
  const repository = of('repository', /^[\w.:/@-]{1,512}$/);
  const written = time(at(value, 'at'));
  const isOurs = at(value, 'schema') === reportSchema;
  const images = items(at(value, 'images')).filter((one) => typeof one === 'string');
  if (!isOurs || !argocd || !name || !namespace || !revision || !sync || !health || !repository)
    return undefined;
  if (written === undefined || images.length > MOST_IMAGES) return undefined;
  if (!images.every((one) => FORMS.image.test(one))) return undefined;
  return {
    ...{
      argocd,
      application: `${namespace}/${name}`,
      repository,
      revision,
      sync,
      health,
      images,
      at: written,
    },
    path: text(at(value, 'path')) ?? '.',
    syncedRevision: of('syncedRevision', FORMS.commit),
    healthSince: time(at(value, 'healthSince')),
    phase: of('phase', FORMS.word),
  };
}
