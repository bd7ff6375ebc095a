import { isRecord, type Json, text } from '../json.ts';
import type { Component } from '../types.ts';

type Sourced = Pick<Component, 'source' | 'kind' | 'saysSource'>;

/**
 * What some writers say in properties of a component and not in its purl. Trivy: from which source package a package of a
 * distribution was built (https://trivy.dev/latest/docs/supply-chain/sbom/, `aquasecurity:trivy:SrcName`); Syft: that a repository of
 * GitHub is an action. Trivy (`Class`): that a component is a lock file, on which the packages in it depend.
 */
export function sourceOf(properties: readonly Json[]): Sourced {
  const values = new Map<string, string>();
  for (const property of properties) {
    const name = isRecord(property) ? text(property.name) : undefined;
    const value = isRecord(property) ? text(property.value) : undefined;
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  const syft = values.get('syft:package:type');
  const kind = syft ?? values.get('aquasecurity:trivy:Class');
  const name = values.get('aquasecurity:trivy:SrcName');
  const part = (key: string) => values.get(`aquasecurity:trivy:Src${key}`);
  const version = part('Version');
  const epoch = part('Epoch');
  const release = part('Release');
  const whole = `${epoch === undefined || epoch === '0' ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`;
  return {
    ...(name === undefined ? {} : { source: version === undefined ? { name } : { name, version: whole } }),
    ...(kind === undefined ? {} : { kind }),
    // In `upstream` of its purls.
    ...(syft === undefined ? {} : { saysSource: true }),
  };
}

/** Trivy in SPDX (`sourceInfo`): `built package from: openssl 3.0.11-1~deb12u2`; Syft: `acquired package info from DPKG DB: …`. */
export function sourceOfInfo(info: string | undefined): Sourced {
  if (info?.startsWith('acquired package info from ')) return { saysSource: true };
  const [, name, version] = /^built package from: (\S+)(?: (\S+))?$/.exec(info ?? '') ?? [];
  if (name === undefined) return {};
  return { source: version === undefined ? { name } : { name, version } };
}
