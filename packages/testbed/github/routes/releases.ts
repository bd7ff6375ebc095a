import { notFound } from '../errors.ts';
import { assetBody, releaseBody } from '../render/release.ts';
import type { Reply } from '../types.ts';
import { type Call, param, type Routes } from './route.ts';

function getByTag(call: Call): Reply {
  const { hub, repository } = call;
  const release = repository.releases.find(({ tag }) => tag === param(call, 'tag'));
  if (release === undefined) return notFound(call.docs);
  return { status: 200, body: releaseBody(hub.links, repository, release) };
}

/** The file itself lies at an address of another server, which takes no token of GitHub's. */
function getAsset(call: Call): Reply {
  const { hub, repository } = call;
  const id = Number(param(call, 'asset_id'));
  for (const release of repository.releases) {
    const asset = release.assets.find((one) => one.id === id);
    if (asset === undefined) continue;
    if (call.accept !== 'application/octet-stream')
      return { status: 200, body: assetBody(hub.links, repository, release, asset) };
    const location = asset.location ?? `${hub.links.web}/_release-assets/${id}?sig=${asset.name}`;
    return { status: 302, body: undefined, headers: { location } };
  }
  return notFound(call.docs);
}

export const releaseRoutes: Routes = {
  'GET /repos/{owner}/{repo}/releases/tags/{tag}': {
    permission: 'contents',
    access: 'read',
    docs: 'releases/releases#get-a-release-by-tag-name',
    handle: getByTag,
  },
  'GET /repos/{owner}/{repo}/releases/assets/{asset_id}': {
    permission: 'contents',
    access: 'read',
    docs: 'releases/assets#get-a-release-asset',
    handle: getAsset,
  },
};
