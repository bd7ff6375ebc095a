import type { Random } from './random.ts';
import { finished, type Image, reference, someImage, styled, type Tree } from './tree.ts';

/** Values of one workload, and how its template makes an image of them. */
interface Values {
  /** Lines below the workload's key. */
  readonly lines: readonly string[];
  /** `{{ … }}`, with `$v` for the workload's values. */
  readonly template: string;
}

type Way = (image: Image, random: Random) => Values;

const split = ({ repository }: Image): [registry: string, path: string] => {
  const slash = repository.indexOf('/');
  return [repository.slice(0, slash), repository.slice(slash + 1)];
};

/** The ways in which charts take an image. */
const WAYS: readonly [Way, ...Way[]] = [
  (image, random) => ({
    lines: [
      'image:',
      `  repository: ${styled(random, image.repository)}`,
      `  tag: ${styled(random, image.tag)}`,
      '  pullPolicy: Always',
    ],
    template: '{{ $v.image.repository }}:{{ $v.image.tag }}',
  }),
  (image, random) => ({
    lines: [
      `image: { tag: ${JSON.stringify(image.tag)}, repository: ${image.repository} }${random.pick(['', ' # both'])}`,
    ],
    template: '{{ $v.image.repository }}:{{ $v.image.tag }}',
  }),
  (image, random) => {
    const [registry, path] = split(image);
    // Without a dot or a port the first part is no registry.
    if (!/[.:]/.test(registry)) return whole(image, random);
    return {
      lines: [
        'image:',
        `  registry: ${registry}`,
        `  repository: ${path}`,
        `  tag: ${styled(random, image.tag)}`,
        '  digest: ""',
      ],
      template: '{{ $v.image.registry }}/{{ $v.image.repository }}:{{ $v.image.tag }}',
    };
  },
  whole,
  (image, random) => ({
    lines: ['containers:', '- name: first', `  image: ${styled(random, reference(image))}`],
    template: '{{ (index $v.containers 0).image }}',
  }),
];

function whole(image: Image, random: Random): Values {
  return { lines: [`proxyImage: ${styled(random, reference(image))}`], template: '{{ $v.proxyImage }}' };
}

/** A chart with one to three workloads, whose images stand in its values or in those of an environment. */
export function helmTree(random: Random, name: string): Tree {
  const workloads = Array.from({ length: 1 + random.below(3) }, (_, index) => {
    const image = someImage(random, `${name}-w${index}`);
    return {
      key: `w${index}`,
      image,
      ...random.pick(WAYS)(image, random),
      inEnvironment: random.below(2) === 0,
    };
  });
  const valuesOf = (part: typeof workloads): string =>
    [
      '# Values',
      'replicas: 1',
      ...part.flatMap(({ key, lines }) => [`${key}:`, ...lines.map((line) => `  ${line}`)]),
      '',
    ].join('\n');
  const templates = workloads
    .map(
      ({ key, template }) =>
        `{{- $v := .Values.${key} }}\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}-${key} }\nspec:\n  containers:\n    - name: app\n      image: "${template}"\n`,
    )
    .join('---\n');
  const files = {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: 0.1.0\nappVersion: "1.0"\n`,
    'templates/pods.yaml': templates,
    'values.yaml': finished(random, valuesOf(workloads.filter(({ inEnvironment }) => !inEnvironment))),
    'values-production.yaml': finished(
      random,
      valuesOf(workloads.filter(({ inEnvironment }) => inEnvironment)),
    ),
  };
  return { name, files, images: workloads.map(({ image }) => image) };
}
