import type { Random } from './random.ts';
import { finished, type Image, reference, someImage, styled, type Tree } from './tree.ts';

interface Workload {
  readonly name: string;
  readonly image: Image;
}

/** What a workload adds to base, overlay and component so that its image is the one that is rendered. */
interface Part {
  /** The image in the base. */
  readonly base: string;
  /** Lines of the overlay's kustomization, below their key. */
  readonly overlay?: { readonly key: string; readonly lines: readonly string[] };
  readonly component?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

const entry = (lines: readonly string[]): string[] =>
  lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));

const strategic = ({ name, image }: Workload, random: Random): string[] => [
  'apiVersion: apps/v1',
  'kind: Deployment',
  'metadata:',
  `  name: ${name}`,
  'spec:',
  '  template:',
  '    spec:',
  '      containers:',
  `      - name: ${name}`,
  `        image: ${styled(random, reference(image))}`,
];
const json = ({ image }: Workload, random: Random): string[] => [
  '- op: replace',
  '  path: /spec/template/spec/containers/0/image',
  `  value: ${styled(random, reference(image))}`,
];
const target = ({ name }: Workload): string[] => ['target:', '  kind: Deployment', `  name: ${name}`];
const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
const OTHER = 'registry.example/placeholder:0';

/** The ways in which people set an image with kustomize. */
const WAYS: readonly [Way, ...Way[]] = [
  ({ image }) => ({ base: reference(image) }),
  (workload, random) => ({
    base: reference(workload.image),
    overlay: {
      key: 'images',
      lines: entry([`name: ${workload.image.repository}`, `newTag: ${styled(random, workload.image.tag)}`]),
    },
  }),
  ({ name, image }, random) => ({
    base: `${name}-image`,
    overlay: {
      key: 'images',
      lines: entry([
        `name: ${name}-image`,
        `newName: ${styled(random, image.repository)}`,
        `newTag: ${styled(random, image.tag)}`,
      ]),
    },
  }),
  ({ name, image }, random) => ({
    base: `${name}-image`,
    component: entry([
      `newTag: ${styled(random, image.tag)}`,
      `newName: ${image.repository}`,
      `name: ${name}-image`,
    ]),
  }),
  (workload, random) => ({
    base: OTHER,
    overlay: {
      key: 'patches',
      lines: entry([`patch: ${random.pick(['|-', '|', '|+'])}`, ...indented(strategic(workload, random))]),
    },
  }),
  (workload, random) => ({
    base: OTHER,
    overlay: {
      key: 'patches',
      lines: entry(['patch: |-', ...indented(json(workload, random)), ...target(workload)]),
    },
  }),
  (workload, random) => ({
    base: OTHER,
    overlay: { key: 'patches', lines: entry([`path: ${workload.name}.yaml`]) },
    files: { [`${workload.name}.yaml`]: lines(strategic(workload, random)) },
  }),
  (workload, random) => ({
    base: OTHER,
    overlay: { key: 'patches', lines: entry([`path: ${workload.name}-json.yaml`, ...target(workload)]) },
    files: { [`${workload.name}-json.yaml`]: lines(json(workload, random)) },
  }),
  (workload, random) => ({
    base: OTHER,
    overlay: { key: 'patches', lines: entry([...target(workload), `path: ${workload.name}.json`]) },
    files: {
      [`${workload.name}.json`]: JSON.stringify(
        [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: reference(workload.image) }],
        null,
        random.pick([2, 4, '\t']),
      ),
    },
  }),
  (workload, random) => ({
    base: OTHER,
    overlay: { key: 'patchesStrategicMerge', lines: [`- ${workload.name}-merge.yaml`] },
    files: { [`${workload.name}-merge.yaml`]: lines(strategic(workload, random)) },
  }),
  (workload, random) => ({
    base: OTHER,
    overlay: {
      key: 'patchesJson6902',
      lines: entry([
        'target:',
        '  group: apps',
        '  version: v1',
        '  kind: Deployment',
        `  name: ${workload.name}`,
        'patch: |-',
        ...indented(json(workload, random)),
      ]),
    },
  }),
];
type Way = (workload: Workload, random: Random) => Part;

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;

/** A base, a component and an overlay with one to three workloads, each of which gets its image in another way. */
export function kustomizeTree(random: Random, name: string): Tree {
  const workloads = Array.from({ length: 1 + random.below(3) }, (_, index) => {
    const own = `${name}-w${index}`;
    return { name: own, image: someImage(random, own) };
  });
  const parts = workloads.map((workload) => ({ workload, part: random.pick(WAYS)(workload, random) }));
  const files: Record<string, string> = {};
  for (const { workload, part } of parts) {
    const { file, text } = manifest(random, workload.name, part.base);
    files[`base/${file}`] = text;
    for (const [path, content] of Object.entries(part.files ?? {}))
      files[`overlay/${path}`] = finished(random, content);
  }
  const component = parts.flatMap(({ part }) => part.component ?? []);
  const overlay = Map.groupBy(
    parts.flatMap(({ part }) => part.overlay ?? []),
    ({ key }) => key,
  );
  const header = random.pick<readonly string[]>([
    [],
    ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization'],
  ]);
  files['base/kustomization.yaml'] = finished(
    random,
    lines([
      ...header,
      'resources:',
      ...Object.keys(files)
        .filter((path) => path.startsWith('base/'))
        .map((path) => `  - ${path.slice(5)}`),
    ]),
  );
  if (component.length > 0) {
    files['component/kustomization.yaml'] = finished(
      random,
      lines(['apiVersion: kustomize.config.k8s.io/v1alpha1', 'kind: Component', 'images:', ...component]),
    );
  }
  files[`overlay/${random.pick(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])}`] = finished(
    random,
    lines([
      ...header,
      'resources:',
      '- ../base',
      ...(component.length > 0 ? ['components: [../component]'] : []),
      ...[...overlay].flatMap(([key, all]) => [`${key}:`, ...all.flatMap((one) => one.lines)]),
    ]),
  );
  return { name, files, images: workloads.map(({ image }) => image) };
}

/** A workload in one of the forms that people write and tools print. */
function manifest(random: Random, name: string, image: string): { file: string; text: string } {
  const metadata = `metadata: { name: ${name} }`;
  const head = `apiVersion: apps/v1\nkind: Deployment\n${metadata}\nspec:\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec:\n`;
  const sidecar = 'registry.example/sidecar:1.0.0';
  const block = `${head}      containers:\n        - name: ${name}\n          image: ${styled(random, image)}\n        - name: sidecar\n          image: ${sidecar}\n`;
  const flow = `${head}      containers: [{ name: ${name}, image: "${image}" }, { name: sidecar, image: ${sidecar} }]\n`;
  const odd = `${head}         containers:\n         -   image:    ${image}\n             name: ${name}\n         - {image: ${sidecar}, name: sidecar}\n`;
  const service = `apiVersion: v1\nkind: Service\n${metadata}\nspec: { selector: { app: ${name} }, ports: [{ port: 80 }] }\n`;
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            { name, image },
            { name: 'sidecar', image: sidecar },
          ],
        },
      },
    },
  };
  const list: object = { apiVersion: 'v1', kind: 'List', items: [object] };
  const yaml = random.pick([
    block,
    flow,
    odd,
    `${service}---\n${block}`,
    `# ${name}\n---\n${block}---\n${service}...\n`,
  ]);
  return random.below(4) === 0
    ? { file: `${name}.json`, text: JSON.stringify(random.pick<object>([object, list]), null, 2) }
    : { file: `${name}.yaml`, text: finished(random, yaml) };
}
