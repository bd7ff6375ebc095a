import type { FoundFiles, ImageFile, Wanted } from './files.ts';
import { goBuildInfo, goPackages, isGoBuildInfo } from './go-binary.ts';
import type { TarEntry } from './tar.ts';

/** A package of an image, as its SBOM lists it. */
export interface ImagePackage {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
}

/** What the packages of an image are known from: a few formats, and each of them whole. */
export interface ImageContents {
  readonly packages: readonly ImagePackage[];
  /** For people: `dpkg status`, `package.json of node_modules`. */
  readonly read: readonly string[];
  /** What holds packages, and is not read here: its paths. */
  readonly unread: readonly string[];
  /** Why the packages of the system itself are not among what is read, for people: `are in …, which …`; undefined where they are, or there is none. */
  readonly lacksSystem: string | undefined;
}

interface Format {
  readonly name: string;
  /** It is the database of a system's own packages. */
  readonly isSystem?: true;
  readonly matches: (path: string) => boolean;
  readonly packages: (file: ImageFile, system: System) => readonly ImagePackage[];
}

/** The distribution, by its `os-release` (https://www.freedesktop.org/software/systemd/man/latest/os-release.html). */
interface System {
  readonly id: string;
  readonly version: string;
  readonly isThere: boolean;
}

const FORMATS: readonly Format[] = [
  {
    // `status.d`: images without dpkg itself (distroless).
    name: 'dpkg status',
    isSystem: true,
    matches: (path) => /^var\/lib\/dpkg\/(?:status|status\.d\/[^/]+(?<!\.md5sums))$/.test(path),
    packages: dpkgPackages,
  },
  {
    name: 'apk installed',
    isSystem: true,
    matches: (path) => /^(?:usr\/)?lib\/apk\/db\/installed$/.test(path),
    packages: apkPackages,
  },
  {
    name: 'package.json of node_modules',
    matches: (path) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@][^/]*\/package\.json$/.test(path),
    packages: ({ content }) => nodePackage(content),
  },
  {
    name: 'METADATA of Python packages',
    // `egg-info`, a folder or a file: what setuptools and distutils installed without a wheel.
    matches: (path) =>
      /\/(?:site|dist)-packages\/[^/]+(?:\.dist-info\/METADATA|\.egg-info(?:\/PKG-INFO)?|\.egg\/EGG-INFO\/PKG-INFO)$/.test(
        path,
      ),
    packages: ({ content }) => pythonPackage(content.toString('utf8')),
  },
];

const SYSTEM = /^(?:etc|usr\/lib)\/os-release$/;
/** Databases and archives that hold packages: none of them is read here. */
const RPM = /^(?:usr\/lib\/sysimage|var\/lib)\/rpm\/(?:rpmdb\.sqlite|Packages|Packages\.db)$/;
/** Of pacman and of portage, a file for each package; of opkg and of Nix one for all. */
const OTHER_SYSTEM =
  /^(?:var\/lib\/pacman\/local\/[^/]+\/desc|var\/db\/pkg\/[^/]+\/[^/]+\/PF|(?:usr|var)\/lib\/opkg\/status|nix\/var\/nix\/db\/db\.sqlite)$/;
const UNREAD = /\.(?:jar|war|ear)$|(?:^|\/)(?:composer\.lock|Gemfile\.lock)$|\.gemspec$|\.deps\.json$/;

const isUnread = (path: string): boolean => RPM.test(path) || OTHER_SYSTEM.test(path) || UNREAD.test(path);
const isText = (path: string): boolean => SYSTEM.test(path) || FORMATS.some(({ matches }) => matches(path));

export const wantedFiles: Wanted = {
  // Programs may be Go's.
  isRead: ({ path, mode }: TarEntry) => isText(path) || ((mode & 0o111) !== 0 && !isUnread(path)),
  kept: (path, content) => (isText(path) ? content : goBuildInfo(content)),
  isNoted: ({ path }) => isUnread(path),
};

/** The packages of the files of an image. */
export function packagesOfImage({ files, noted }: FoundFiles): ImageContents {
  const system = systemOf(files);
  const packages = new Map<string, ImagePackage>();
  const read = new Set<string>();
  let ofSystem = 0;
  const add = (name: string, found: readonly ImagePackage[]) => {
    read.add(name);
    for (const one of found) packages.set(one.purl, one);
  };
  for (const file of files) {
    const format = FORMATS.find(({ matches }) => matches(file.path));
    if (format !== undefined) {
      const found = format.packages(file, system);
      if (format.isSystem) ofSystem += found.length;
      add(format.name, found);
    } else if (isGoBuildInfo(file.content)) add('build information of Go programs', goPackages(file.content));
  }
  return {
    packages: [...packages.values()],
    read: [...read],
    unread: noted,
    lacksSystem: whyLacking(noted, ofSystem, system),
  };
}

/** A system has packages, and says by its `os-release` that it is one: where none of them are found, the list of them was taken out, or is another's. */
function whyLacking(noted: readonly string[], ofSystem: number, { id, isThere }: System): string | undefined {
  if (noted.some((path) => RPM.test(path))) return 'are in an RPM database, which is not read here';
  if (noted.some((path) => OTHER_SYSTEM.test(path)))
    return 'are in a database of another kind than dpkg and apk, which is not read here';
  if (!isThere || ofSystem > 0) return undefined;
  const name = /^[\w.-]{1,40}$/.test(id) ? `"${id}" by its os-release` : 'that of an os-release';
  return `are not listed in it: the system is ${name}, and no package of it is in a database of dpkg or apk`;
}

function systemOf(files: readonly ImageFile[]): System {
  const file = files.findLast(({ path }) => SYSTEM.test(path));
  const text = file?.content.toString('utf8') ?? '';
  const value = (key: string) => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: value('ID'), version: value('VERSION_ID'), isThere: file !== undefined };
}

const encoded = (part: string): string => encodeURIComponent(part).replaceAll('%3A', ':');

/** https://man7.org/linux/man-pages/man5/deb-control.5.html */
function dpkgPackages({ path, content }: ImageFile, { id, version }: System): readonly ImagePackage[] {
  return content
    .toString('utf8')
    .split(/\n{2,}/)
    .flatMap((paragraph) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1]?.trim();
      const [name, found] = [field('Package'), field('Version')];
      // A package that was removed keeps its settings, and its paragraph.
      const isThere = path.includes('status.d') || / installed$/.test(field('Status') ?? '');
      if (name === undefined || found === undefined || !isThere) return [];
      const [, source, sourceVersion] = /^(\S+)(?: \((.*)\))?$/.exec(field('Source') ?? '') ?? [];
      const upstream =
        source === undefined ? '' : `${source}${sourceVersion === undefined ? '' : `@${sourceVersion}`}`;
      const qualifiers = [
        ['arch', field('Architecture') ?? ''],
        ['distro', id === '' || version === '' ? '' : `${id}-${version}`],
        ['upstream', upstream],
      ].flatMap(([key = '', value = '']) => (value === '' ? [] : [`${key}=${encoded(value)}`]));
      return [purlOf('deb', `${id || 'debian'}/${encoded(name)}`, name, found, qualifiers)];
    });
}

/** https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2: `P` name, `V` version, `o` the package that it was built from. */
function apkPackages({ content }: ImageFile, { id, version }: System): readonly ImagePackage[] {
  return content
    .toString('utf8')
    .split(/\n{2,}/)
    .flatMap((paragraph) => {
      const field = (letter: string) => new RegExp(`^${letter}:(.*)$`, 'm').exec(paragraph)?.[1];
      const [name, found] = [field('P'), field('V')];
      if (name === undefined || found === undefined) return [];
      const qualifiers = [
        ['arch', field('A') ?? ''],
        ['distro', version === '' ? '' : `${id}-${version}`],
        ['upstream', field('o') ?? ''],
      ].flatMap(([key = '', value = '']) => (value === '' ? [] : [`${key}=${encoded(value)}`]));
      return [purlOf('apk', `${id || 'alpine'}/${encoded(name)}`, name, found, qualifiers)];
    });
}

function purlOf(
  type: string,
  path: string,
  name: string,
  version: string,
  qualifiers: readonly string[] = [],
): ImagePackage {
  const more = qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`;
  return { name, version, purl: `pkg:${type}/${path}@${encoded(version)}${more}` };
}

function nodePackage(content: Buffer): readonly ImagePackage[] {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    return [];
  }
  const { name, version } =
    typeof value === 'object' && value !== null
      ? { name: '', version: '', ...value }
      : { name: '', version: '' };
  if (typeof name !== 'string' || typeof version !== 'string' || name === '' || version === '') return [];
  return [purlOf('npm', name.split('/').map(encoded).join('/').replace(/^@/, '%40'), name, version)];
}

/** https://packaging.python.org/en/latest/specifications/core-metadata/ */
function pythonPackage(content: string): readonly ImagePackage[] {
  const head = content.split(/\r?\n\r?\n/)[0] ?? '';
  const field = (name: string) => new RegExp(`^${name}: *(.*?)\\r?$`, 'm').exec(head)?.[1];
  const [name, version] = [field('Name'), field('Version')];
  if (!name || !version) return [];
  return [purlOf('pypi', encoded(name.toLowerCase().replace(/[-_.]+/g, '-')), name, version)];
}
