import { createHash } from 'node:crypto';
import type { Asset, Release, Repository } from '../types.ts';
import { account, nodeId } from './account.ts';
import { type Links, timestamp } from './links.ts';
import { repositoryApi } from './repository.ts';

/** `release-asset`. */
export function assetBody(links: Links, repository: Repository, release: Release, asset: Asset): object {
  const { id, name, content } = asset;
  const made = timestamp(repository.createdAt);
  return {
    url: `${repositoryApi(links, repository)}/releases/assets/${id}`,
    browser_download_url: `${links.web}/${repository.fullName}/releases/download/${encodeURIComponent(release.tag)}/${encodeURIComponent(name)}`,
    id,
    node_id: nodeId('RA', id),
    name,
    label: null,
    state: 'uploaded',
    content_type: 'application/json',
    size: content.length,
    digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    download_count: 0,
    created_at: made,
    updated_at: made,
    uploader: account(links, repository.owner),
  };
}

/** `release`. */
export function releaseBody(links: Links, repository: Repository, release: Release): object {
  const api = repositoryApi(links, repository);
  const { id, tag, assets } = release;
  return {
    url: `${api}/releases/${id}`,
    html_url: `${links.web}/${repository.fullName}/releases/tag/${encodeURIComponent(tag)}`,
    assets_url: `${api}/releases/${id}/assets`,
    upload_url: `${api}/releases/${id}/assets{?name,label}`,
    tarball_url: `${api}/tarball/${encodeURIComponent(tag)}`,
    zipball_url: `${api}/zipball/${encodeURIComponent(tag)}`,
    id,
    node_id: nodeId('RE', id),
    tag_name: tag,
    target_commitish: repository.defaultBranch,
    name: tag,
    body: null,
    draft: false,
    prerelease: false,
    created_at: timestamp(repository.createdAt),
    published_at: timestamp(repository.createdAt),
    author: account(links, repository.owner),
    assets: assets.map((asset) => assetBody(links, repository, release, asset)),
  };
}
