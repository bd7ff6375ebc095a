import { parsePurl } from '../purl/purl.ts';
import type { System } from './distribution.ts';

/**
 * Old versions of packages that have advisories, by type of purl. Where trivy finds nothing in any of these, its database has nothing
 * of that type: it looks up what it is asked all the same, says nothing, and ends with 0. One of them is enough. Most are in advisories
 * that begin with the first version, so that this is asked about.
 */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  bitnami: ['apache@0.0.1', 'nginx@0.0.1', 'postgresql@0.0.1', 'wordpress@0.0.1'],
  cargo: ['http@0.0.1', 'hyper@0.0.1', 'regex@0.0.1', 'tokio@0.0.1'],
  composer: ['guzzlehttp/psr7@0.0.1', 'phpmailer/phpmailer@0.0.1', 'twig/twig@0.0.1'],
  conan: ['expat@2.4.0', 'openssl@1.1.1', 'pcre@8.43', 'zlib@1.2.11'],
  gem: ['activesupport@3.0.0', 'json@0.0.1', 'nokogiri@0.0.1', 'rack@0.0.1'],
  golang: ['golang.org/x/crypto@v0.0.1', 'golang.org/x/net@v0.0.1', 'golang.org/x/text@v0.0.1'],
  hex: ['hackney@0.0.1', 'paginator@0.0.1', 'phoenix@0.0.1', 'sweet_xml@0.0.1'],
  maven: ['com.fasterxml.jackson.core/jackson-databind@2.9.0', 'org.yaml/snakeyaml@0.0.1'],
  npm: ['handlebars@0.0.1', 'lodash@0.0.1', 'minimist@0.0.1'],
  nuget: ['Newtonsoft.Json@0.0.1', 'SharpZipLib@0.0.1', 'log4net@0.0.1'],
  pub: ['archive@0.0.1', 'dio@0.0.1', 'http@0.0.1'],
  pypi: ['jinja2@0.0.1', 'pillow@0.0.1', 'pyyaml@0.0.1', 'setuptools@0.0.1'],
  swift: ['github.com/apple/swift-nio@0.0.1', 'github.com/grpc/grpc-swift@0.0.1'],
};

/** Sources that every distribution has, and fixes in every release. */
const SOURCES = ['bash', 'busybox', 'curl', 'expat', 'libxml2', 'openssl'];

/** Before every other version. */
const FIRST: Readonly<Record<string, string>> = { apk: '0-r0', deb: '0', rpm: '0-0' };

/** What a database that has something of this type, and of this release of a distribution, finds something in. */
export function probesOf(
  type: string,
  system: System | undefined,
): readonly { name: string; version: string; purl: string }[] {
  const first = FIRST[type];
  const paths =
    first === undefined
      ? (LIBRARIES[type] ?? [])
      : SOURCES.map((name) => `${system?.name ?? ''}/${name}@${first}`);
  return paths.flatMap((path) => {
    const purl = parsePurl(`pkg:${type}/${path}`);
    if (purl?.version === undefined) return [];
    const name = first === undefined ? [...purl.namespace, purl.name].join('/') : purl.name;
    return [{ name, version: purl.version, purl: `pkg:${type}/${path}` }];
  });
}
