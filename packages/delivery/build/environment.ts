import type { Env } from '@sluice/core/context';

/**
 * What a builder is not given: inputs of this action, and what opens GitHub to whoever holds it. Of the rest it has what it has by hand:
 * where its storage, its daemon and its logins are.
 */
const NOT_ITS_OWN =
  /^(?:INPUT_.*|STATE_.*|ACTIONS_.*|GITHUB_(?:TOKEN|ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)|GH_TOKEN|NODE_OPTIONS)$/i;

export function builderEnvironment(env: Env): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !NOT_ITS_OWN.test(name)) kept[name] = value;
  return kept;
}
