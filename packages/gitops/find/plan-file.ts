import type { Edit } from '../change.ts';
import { evaluateChange } from '../contains.ts';
import { describePlace } from '../describe.ts';
import type { Assignment, HelmValuesPath, ImageEntry } from '../entries.ts';
import { namesElsewhere } from '../image-replace-paths.ts';
import { DOCKER_HUB } from '../reference.ts';
import { applySplices } from '../splice.ts';
import { loadYaml } from '../yaml/load.ts';
import type { YamlNode } from '../yaml/tree.ts';
import type { MissingPlace, PlannedFile, PlanRequest, Problem, SkippedFile } from './edit-plan.ts';
import { assignmentWishes, helmValuesWishes } from './explicit.ts';
import { type LookFor, sitesOf } from './files.ts';
import type { Kustomizations } from './kustomize/kustomizations.ts';
import { addImages } from './kustomize/kustomize-set.ts';
import { leftAlone } from './left-alone.ts';
import { holdTest } from './may-hold.ts';
import { viewFile } from './settle.ts';
import { type SettledFile, settleAll } from './settle-all.ts';
import { wishesOf } from './wish.ts';

export interface FilePlan {
  readonly file?: PlannedFile;
  readonly skipped: readonly SkippedFile[];
  readonly missing: readonly MissingPlace[];
  readonly problems: readonly Problem[];
}

/** What of other files an edit depends on. */
export interface Around {
  readonly kustomizations: Kustomizations;
  /** Images that the file's `images:` is to get. */
  readonly added: readonly ImageEntry[];
}

/** Plans one file: what it is, what is wanted of it, and whether that may be written. */
export function planFile(
  path: string,
  text: string,
  request: PlanRequest,
  { kustomizations, added }: Around,
): FilePlan {
  const { assignments = [], helmValues = [], named } = request;
  const { entries = [], crdPaths = [] } = request;
  const settings = request.settings?.(path) ?? {};
  const { byShape = true, imageReplacePaths = [], templatesOnly = false } = settings;
  const { defaultRegistry = request.defaultRegistry ?? DOCKER_HUB } = settings;
  const lines = [...assignments, ...helmValues].filter((line) => line.file === path);
  const isNamed = lines.length > 0 || added.length > 0 || named?.has(path) === true;
  if (!isNamed && !namesElsewhere(imageReplacePaths) && !holdTest(entries)(text))
    return { skipped: [], missing: [], problems: [] };
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    const { reason, message } = loaded;
    if (!isNamed) return { skipped: [{ path, reason, message }], missing: [], problems: [] };
    return {
      skipped: [],
      missing: [],
      problems: [{ kind: 'input', code: reason, path, message: `${path}: ${message}` }],
    };
  }
  return planLoaded({
    path,
    text,
    documents: loaded.documents,
    lines,
    kustomizations,
    added,
    byShape,
    lookFor: { crdPaths, imageReplacePaths, templatesOnly, patchesOf: () => kustomizations.patchesOf(path) },
    request: { ...request, entries, defaultRegistry },
  });
}

interface LoadedFile extends Around {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly YamlNode[];
  readonly lines: readonly (Assignment | HelmValuesPath)[];
  readonly byShape: boolean;
  readonly lookFor: LookFor;
  readonly request: PlanRequest & {
    readonly entries: readonly ImageEntry[];
    readonly defaultRegistry: string;
  };
}

function planLoaded(file: LoadedFile): FilePlan {
  const { path, text, documents, lines, kustomizations, byShape, lookFor, request } = file;
  const { entries, defaultRegistry, allowDowngrade = false } = request;
  const sites = sitesOf(path, documents, lookFor);
  const skipped = byShape ? leftAlone(sites, entries, defaultRegistry).map((one) => ({ path, ...one })) : [];
  const wishes = sites.flatMap((site) => {
    const wanted = byShape ? entries.flatMap((entry) => wishesOf(site, entry, defaultRegistry)) : [];
    const isContainer = site.type === 'reference' && /^(?:container|json-patch)$/.test(site.place.type);
    const isPlaceholder = () => isContainer && kustomizations.isPlaceholder(path, site.reference);
    return wanted.length > 0 && isPlaceholder() ? [] : wanted;
  });
  const missing: MissingPlace[] = [];
  const problems: Problem[] = [];
  for (const line of lines) {
    const explicit =
      'value' in line
        ? assignmentWishes(documents, line)
        : helmValuesWishes(documents[0], line, entries, defaultRegistry);
    if (explicit.type === 'wishes') wishes.push(...explicit.wishes);
    else if (explicit.type === 'missing')
      missing.push({ text: line.text, path, message: `${path}: ${explicit.why}` });
    else problems.push({ kind: 'input', code: explicit.code, path, message: `${path}: ${explicit.why}` });
  }
  const { edits, splices, refused } = withAdded(
    file,
    settleAll(path, viewFile({ text, documents, allowDowngrade }, sites, wishes)),
  );
  problems.push(...refused);
  if (edits.length === 0) return { skipped, missing, problems };
  const after = applySplices(text, splices);
  if (problems.length === 0) problems.push(...unproven(path, edits, after));
  return { file: { path, edits, splices, before: text, after }, skipped, missing, problems };
}

function withAdded({ path, text, documents, added }: LoadedFile, settled: SettledFile): SettledFile {
  if (added.length === 0) return settled;
  const { edits, splices, refused } = settled;
  const more = addImages(text, documents, added);
  if (more.ok) return { edits: [...edits, ...more.edits], splices: [...splices, more.splice], refused };
  const { place, why } = more;
  const problem = {
    kind: 'refused',
    code: 'no-such-field',
    path,
    place,
    message: `${path}, ${place}: ${why}`,
  } as const;
  return { edits, splices, refused: [...refused, problem] };
}

/** Reads the result back: what it does not hold by name must not be written. */
function unproven(path: string, edits: readonly Edit[], after: string): Problem[] {
  const { places } = evaluateChange({ files: [{ path, edits }] }, new Map([[path, after]]));
  return places
    .filter(({ exact }) => !exact)
    .map(({ place }) => {
      const name = describePlace(place);
      const message = `${path}, ${name}: the value cannot be told from another of that name in the file`;
      return { kind: 'refused', code: 'not-provable', path, place: name, message } as const;
    });
}
