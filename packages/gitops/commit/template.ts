/** What a template may name, and what stands in its place. */
export const templateNames = {
  headline: 'the generated title',
  project: 'the input `project`',
  environment: 'the input `environment`',
  tenant: 'the input `tenant`',
  images: 'name and version of each image, separated by commas',
  image: 'the name of each image',
  tag: 'the version of each image',
  repository: 'the GitOps repository',
  branch: 'the branch that is changed',
  actor: 'who started the run',
  'run-url': 'the address of the run',
  'image-list': 'a list of the images',
  changes: 'a list of what changes, from what to what',
  refusal: "GitHub's words where `commit: auto` was refused a direct commit",
  table: 'a table of what changes, with links',
} as const;

export type TemplateName = keyof typeof templateNames;
export type TemplateValues = Readonly<Record<TemplateName, string>>;

/** Names whose text has several lines, or is Markdown. */
const NOT_IN = {
  line: ['image-list', 'changes', 'table'],
  text: ['table'],
  markdown: [],
} as const satisfies Record<string, readonly TemplateName[]>;

/** What a template is for: a title of one line, the plain text of a commit message, the Markdown of a pull request. */
export type TemplateKind = keyof typeof NOT_IN;

/** `{{ name }}`; `\{{` stands for two plain braces. */
const TOKEN = /\\\{\{|\{\{(?:\s*([\w-]+)\s*\}\})?/g;

/** The rule of an input that is a template: throws an AggregateError of everything in it that cannot be filled in. */
export function isTemplate(kind: TemplateKind): (template: string) => void {
  const allowed = namesFor(kind);
  return (template) => {
    const wrong = [...template.matchAll(TOKEN)].flatMap(([token, name]) => {
      if (token === '\\{{' || allowed.some((one) => one === name)) return [];
      return [name === undefined ? '`{{` without a name and `}}`; write `\\{{` for plain braces' : token];
    });
    if (wrong.length === 0) return;
    const listed = allowed.map((name) => `{{ ${name} }}`).join(', ');
    const [last = '', ...others] = [...new Set(wrong)].toReversed();
    throw new AggregateError(
      [...others.toReversed(), `${last}: allowed: ${listed}`].map((why) => new Error(why)),
    );
  };
}

/** The template with its values; a value that looks like a template stays as it is. */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template.replace(TOKEN, (token: string, name: string | undefined) => {
    if (token === '\\{{') return '{{';
    return isName(name) ? values[name] : token;
  });
}

function namesFor(kind: TemplateKind): readonly TemplateName[] {
  const without: readonly TemplateName[] = NOT_IN[kind];
  return Object.keys(templateNames)
    .filter(isName)
    .filter((name) => !without.includes(name));
}

function isName(name: string | undefined): name is TemplateName {
  return name !== undefined && Object.hasOwn(templateNames, name);
}
