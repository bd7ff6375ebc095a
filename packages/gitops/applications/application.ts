import type { Destination } from './port.ts';
import type { DirectoryOptions, SourceType } from './types.ts';

/** One entry of `spec.sources`, or `spec.source`. Empty texts are absent: Go leaves them out or not, field by field. */
export interface ApplicationSource {
  readonly name?: string;
  readonly repoURL: string;
  readonly targetRevision: string;
  /** Empty is the root; absent is none. */
  readonly path?: string;
  readonly ref?: string;
  readonly chart?: string;
  readonly valueFiles: readonly string[];
  readonly ignoreMissing: boolean;
  readonly directory: DirectoryOptions;
  /** `kustomize.components` */
  readonly components: readonly string[];
  /** The type whose field is there: `helm`, `kustomize`, `directory`, `plugin`. */
  readonly explicitTypes: readonly SourceType[];
}

/** An Application, as far as its scope depends on it. */
export interface ArgoApplication {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly sources: readonly ApplicationSource[];
  readonly destination: Destination & { readonly namespace?: string };
  /** As `status` lists them; absent where Argo CD has said nothing. */
  readonly sourceTypes?: readonly unknown[];
}

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fields = (value: unknown): Fields => (isRecord(value) ? value : {});
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): readonly string[] => items(value).filter((one) => typeof one === 'string');

function given<K extends string>(key: K, value: unknown): { readonly [P in K]?: string } {
  const filled: { [P in K]?: string } = {};
  if (typeof value === 'string' && value !== '') filled[key] = value;
  return filled;
}

/** Reads what the API or a manifest gives of an Application. What is not there is empty; nothing throws. */
export function parseApplication(object: unknown): ArgoApplication {
  const { metadata: meta, spec: specification, status: state } = fields(object);
  const [metadata, spec, status] = [fields(meta), fields(specification), fields(state)];
  const { sources, isSeveral, isDry } = sourcesIn(spec);
  const destination = fields(spec.destination);
  // Of what a hydrator has rendered, not of what it renders.
  const types = isDry ? undefined : typesIn(status, isSeveral);
  return {
    name: text(metadata.name),
    namespace: text(metadata.namespace),
    project: text(spec.project),
    annotations: Object.fromEntries(
      Object.entries(fields(metadata.annotations)).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    sources: sources.map(parseSource),
    destination: {
      ...given('server', destination.server),
      ...given('name', destination.name),
      ...given('namespace', destination.namespace),
    },
    ...(types === undefined ? {} : { sourceTypes: types }),
  };
}

/**
 * `spec.sources` first, as Argo CD itself decides. Where a hydrator renders to another branch, people change its dry source; the
 * rendered one is written by Argo CD alone.
 */
function sourcesIn(spec: Fields) {
  const dry = fields(spec.sourceHydrator).drySource;
  if (isRecord(dry)) return { sources: [dry], isSeveral: false, isDry: true };
  const several = items(spec.sources);
  const sources = several.length > 0 ? several : isRecord(spec.source) ? [spec.source] : [];
  return { sources, isSeveral: several.length > 0, isDry: false };
}

function typesIn(status: Fields, isSeveral: boolean): readonly unknown[] | undefined {
  if (Array.isArray(status.sourceTypes)) return items(status.sourceTypes);
  return !isSeveral && 'sourceType' in status ? [status.sourceType] : undefined;
}

function parseSource(value: unknown): ApplicationSource {
  const source = fields(value);
  const [helm, directory] = [fields(source.helm), fields(source.directory)];
  const name = text(source.name).trim() === '' ? '' : text(source.name);
  return {
    ...given('name', name),
    repoURL: text(source.repoURL),
    targetRevision: text(source.targetRevision),
    ...(typeof source.path === 'string' ? { path: source.path } : {}),
    ...given('ref', source.ref),
    ...given('chart', source.chart),
    valueFiles: texts(helm.valueFiles),
    ignoreMissing: helm.ignoreMissingValueFiles === true,
    directory: {
      recurse: typeof directory.recurse === 'boolean' ? directory.recurse : undefined,
      include: text(directory.include),
      exclude: text(directory.exclude),
    },
    components: texts(fields(source.kustomize).components).filter((one) => !one.includes('://')),
    explicitTypes: explicitTypes(source),
  };
}

const typeFields = [
  ['kustomize', 'Kustomize'],
  ['helm', 'Helm'],
  ['directory', 'Directory'],
  ['plugin', 'Plugin'],
] as const;

function explicitTypes(source: Fields): readonly SourceType[] {
  return typeFields.flatMap(([field, type]) => (isRecord(source[field]) ? [type] : []));
}
