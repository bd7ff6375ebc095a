import { existsSync, lstatSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import { count } from '@sluice/sbom/page/words';
import type { Builder, LocalImage } from './builders/types.ts';
import { cycloneDx } from './image/cyclonedx.ts';
import { filesOfImage } from './image/files.ts';
import type { SavedImage } from './image/layout.ts';
import { packagesOfImage, wantedFiles } from './image/packages.ts';
import { unreadable } from './image/tar.ts';
import type { RunProgram } from './program.ts';
import type { SbomStage } from './stages.ts';
import { lastWords } from './words-of-log.ts';

export interface SbomPorts {
  readonly run: RunProgram;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** A folder for files of its own. */
  readonly folder: string;
  readonly root: string;
}

/** Takes the image out of the builder's storage, as files. */
export async function saveImage(builder: Builder, image: LocalImage, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const ended = await builder.save(image, folder);
  if (ended.code !== 0) throw unreadable(`${builder.name} could not save it: ${lastWords(ended)}`);
}

/**
 * Writes the SBOM of an image to a file of the repository: what its builder attested, else what syft makes of it where that is on PATH, else
 * what is read of it here.
 */
export async function makeSbom(
  saved: SavedImage,
  layout: string,
  name: string,
  file: string,
  ports: SbomPorts,
): Promise<SbomStage> {
  const [attested] = saved.attested;
  if (attested !== undefined) {
    write(ports.root, file, attested);
    return stage(file, 'attested by its builder', []);
  }
  const made = await runSyft(saved, layout, ports);
  if (made !== undefined) {
    write(ports.root, file, made);
    return stage(file, 'made by syft', []);
  }
  const contents = packagesOfImage(await filesOfImage(saved.layers, wantedFiles));
  write(ports.root, file, cycloneDx(name, contents));
  const { read, unread, lacksSystem } = contents;
  const isAsked = saved.manifest !== undefined;
  const cautions = [
    'It is not complete: programs that were copied or compiled into the image without such a file are not in it, and no other kinds of packages are looked for.',
    ...(isAsked
      ? []
      : ['syft was not asked: Docker before version 25 saves images in a way that it is not given here.']),
    ...(unread.length === 0
      ? []
      : [
          `${count(unread.length, 'file holds', 'files hold')} packages that are not read: ${unread.slice(0, 5).join(', ')}${unread.length > 5 ? ', …' : ''}.`,
        ]),
  ];
  return stage(
    file,
    `read from the image's own files (${read.length === 0 ? 'none that is known' : read.join(', ')})`,
    cautions,
    lacksSystem,
  );
}

const stage = (
  file: string,
  source: string,
  cautions: readonly string[],
  lacksSystem?: string,
): SbomStage => ({
  ...{ file, source, cautions, lacksSystem },
});

/**
 * Undefined where it is not on PATH. It reads the folder alone; it is kept from asking for a newer version of itself. Where it is there and
 * fails, nothing weaker is taken in its place.
 */
async function runSyft(
  { manifest }: SavedImage,
  layout: string,
  { run, env, signal, folder }: SbomPorts,
): Promise<string | undefined> {
  if (manifest === undefined) return undefined;
  const file = join(folder, 'syft.cdx.json');
  const alone = await layoutOfOne(manifest, layout, join(folder, 'alone'));
  const args = ['scan', `oci-dir:${alone}`, '--quiet', `--output=cyclonedx-json=${file}`];
  const ended = await run('syft', args, {
    env: { ...env, SYFT_CHECK_FOR_APP_UPDATE: 'false' },
    cwd: folder,
    signal,
  });
  if (ended.failure === 'ENOENT') return undefined;
  const text = ended.code === 0 ? await readFile(file, 'utf8').catch(() => '') : '';
  if (text === '') throw unreadable(`syft is on PATH, and made no SBOM of it: ${lastWords(ended)}`);
  return text;
}

/** A layout that has the one image alone: of several, older versions of syft take none (https://github.com/anchore/stereoscope/pull/548), and `--platform` chooses from none that is a folder. */
async function layoutOfOne(manifest: object, layout: string, folder: string): Promise<string> {
  await mkdir(folder);
  await symlink(join(layout, 'blobs'), join(folder, 'blobs'));
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  return folder;
}

/** A link in the repository could lead what is written anywhere. */
function write(root: string, file: string, text: string): void {
  const path = join(root, file);
  try {
    let parent = dirname(path);
    while (!existsSync(parent)) parent = dirname(parent);
    const real = realpathSync(parent);
    if (real !== root && !real.startsWith(`${root}${sep}`)) throw new Error('it leads out of the repository');
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new Error('it is a symbolic link');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('platform', 'sbom-not-written', `${file} could not be written: ${why}.`, {
      hint: 'Name a file of the repository in `sbom-file` that this step may write.',
      cause,
    });
  }
}
