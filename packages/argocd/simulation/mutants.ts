/** A rule of the decision, broken: in a file of `decide`, the one text replaced by the other. */
export interface Mutant {
  /** The clause, and what it would take for good. */
  readonly rule: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A test beside the clause that fails then; without one, the histories must show it. */
  readonly test?: string;
}

export const MUTANTS: readonly Mutant[] = [
  // Clause 1
  {
    rule: 'fresh: any comparison will do',
    file: 'fresh.ts',
    from: 'isLateEnough(look) || look.history',
    to: 'true || look.history',
  },
  {
    rule: 'fresh: one second of resolution left out',
    file: 'fresh.ts',
    from: '+ RESOLUTION + settings.skewMs;\n\n/** By',
    to: '+ settings.skewMs;\n\n/** By',
    test: 'fresh.test.ts',
  },
  {
    rule: 'fresh: the allowed skew left out',
    file: 'fresh.ts',
    from: '+ RESOLUTION + settings.skewMs;\n\n/** By',
    to: '+ RESOLUTION;\n\n/** By',
  },
  {
    rule: 'fresh: a comparison from before the last operation will do',
    file: 'fresh.ts',
    from: 'if (failed || (application.reconciledAt ?? 0) >= finished) return undefined;',
    to: 'return undefined;',
  },
  {
    rule: 'fresh: one turn of a controller that is behind will do',
    file: 'fresh.ts',
    from: 'compared.turns >= 2',
    to: 'compared.turns >= 1',
  },
  {
    rule: 'fresh: a lost refresh is not asked for again',
    file: 'fresh.ts',
    from: 'refreshedAt === undefined ? now : Math.max(refreshedAt + between, useful)',
    to: 'refreshedAt === undefined ? now : Number.POSITIVE_INFINITY',
  },
  {
    rule: 'fresh: Git away is a failure',
    file: 'fresh.ts',
    from: 'if (isPassing(message))',
    to: 'if (false)',
  },
  {
    rule: 'fresh: an error that nobody knows is a failure at once',
    file: 'fresh.ts',
    from: 'return stood || isOfRenderer(message)',
    to: 'return true',
  },
  {
    rule: 'fresh: an error of the renderer is waited out',
    file: 'fresh.ts',
    from: 'return stood || isOfRenderer(message)',
    to: 'return stood',
    test: 'versions.test.ts',
  },
  {
    rule: 'fresh: an old error counts',
    file: 'fresh.ts',
    from: 'if (error !== undefined && (anew || (error.since ?? 0) > seen))',
    to: 'if (error !== undefined)',
  },
  // Clause 2
  {
    rule: 'contained: whatever is compared will do',
    file: 'contained.ts',
    from: 'switch (content.state) {',
    to: "if (content.state !== 'contained') return undefined;\n    switch (content.state) {",
  },
  {
    rule: 'contained: an older commit is an overwritten one',
    file: 'contained.ts',
    from: "case 'behind':\n",
    to: "case 'behind':\n        return overwritten(look, revision, { state: 'overwritten', by: [] });\n",
  },
  {
    rule: 'contained: whoever overwrites it is a newer deployment',
    file: 'contained.ts',
    from: 'culprit?.newer === true && unexplained.length === 0',
    to: 'culprit !== undefined',
  },
  {
    rule: 'contained: nobody who overwrites it is a newer deployment',
    file: 'contained.ts',
    from: 'culprit?.newer === true && unexplained.length === 0',
    to: 'false',
  },
  {
    rule: 'contained: one newer deployment among those that overwrite it is enough',
    file: 'contained.ts',
    from: 'others.at(-1) ?? by.at(-1)',
    to: 'by.find(({ newer }) => newer) ?? by.at(-1)',
  },
  // Clause 3
  {
    rule: 'effective: what is rendered is not looked at',
    file: 'effective.ts',
    from: 'if (hidden.length === 0 && unrendered.length === 0) return undefined;',
    to: 'return undefined;',
  },
  {
    rule: 'effective: rendered objects of a later comparison count',
    file: 'effective.ts',
    from: 'if (look.observed.takenAt < current.takenAt)',
    to: 'if (false)',
  },
  {
    rule: 'effective: values that render to nothing are fine',
    file: 'effective.ts',
    from: 'if (rendered.differing.some(({ dormant }) => dormant !== true)) return undefined;',
    to: 'return undefined;',
    test: 'effective.test.ts',
  },
  {
    rule: 'effective: rendered objects of another comparison count',
    file: 'look.ts',
    from: 'return same ? resources : undefined;',
    to: 'return resources;',
  },
  // Clause 4
  {
    rule: 'synced: nothing has to be',
    file: 'synced.ts',
    from: "const other = resourcesInScope(look).find(({ sync }) => sync !== 'Synced');",
    to: 'const other = undefined as { sync?: string } | undefined;',
    test: 'synced.test.ts',
  },
  {
    rule: 'synced: an application that is not',
    file: 'synced.ts',
    from: "if (whole && status !== 'Synced')",
    to: 'if (false)',
    test: 'synced.test.ts',
  },
  // Clause 5
  {
    rule: 'operation: one that runs is none',
    file: 'operation.ts',
    from: 'if (isRunning(look.application)) return running(look);',
    to: '',
  },
  {
    rule: 'operation: a scheduled retry has failed',
    file: 'look.ts',
    from: "operation !== undefined || operationState?.phase === 'Running'",
    to: "operation !== undefined || (operationState?.phase === 'Running' && operationState.finishedAt === undefined)",
    test: 'operation.test.ts',
  },
  {
    rule: 'operation: a dry run counts',
    file: 'look.ts',
    from: 'return operationState?.operation.dryRun === true ? undefined : operationState;',
    to: 'return operationState;',
  },
  {
    rule: 'operation: a failure is none',
    file: 'operation-failure.ts',
    from: "if (state === undefined || (state.phase !== 'Failed' && state.phase !== 'Error')) return undefined;",
    to: 'return undefined as Finding;',
    test: 'operation.test.ts',
  },
  {
    rule: 'operation: Error is no failure',
    file: 'operation-failure.ts',
    from: "(state.phase !== 'Failed' && state.phase !== 'Error')",
    to: "state.phase !== 'Failed'",
    test: 'operation.test.ts',
  },
  {
    rule: 'operation: any failure is ours',
    file: 'operation-failure.ts',
    from: 'if (isOfCompared(state, look)) return',
    to: 'if (true) return',
  },
  {
    rule: 'operation: a sync of other objects that failed is ours',
    file: 'operation-failure.ts',
    from: 'if (isElsewhere(state, look)) return undefined;',
    to: '',
    test: 'versions.test.ts',
  },
  {
    rule: 'operation: a terminated one has failed at once',
    file: 'operation-failure.ts',
    from: 'afterTermination(look, state) ?? failed',
    to: 'failed',
    test: 'operation.test.ts',
  },
  {
    rule: 'operation: that auto-sync has given up is waited out',
    file: 'operation.ts',
    from: '?? syncError(look)',
    to: '',
    test: 'operation.test.ts',
  },
  {
    rule: 'operation: auto-sync has given up on any revision',
    file: 'operation-failure.ts',
    from: '[revision, ...others].every((one) => message.includes(one))',
    to: 'true',
  },
  {
    rule: 'operation: what was shown before our sync counts',
    file: 'operation.ts',
    from: "if (isBehindOurSync(look)) return wait('operation', 'Argo CD has accepted the sync');",
    to: '',
    test: 'operation.test.ts',
  },
  {
    rule: 'operation: right after a sync the old status counts',
    file: 'not-synced.ts',
    from: 'const rest = restAfterOperation(look);',
    to: 'const rest = 0;',
  },
  {
    rule: 'operation: auto-sync heals by itself',
    file: 'not-synced.ts',
    from: 'if (application.autoSync.enabled && !stuck && !hooksOnly)',
    to: 'if (application.autoSync.enabled)',
    test: 'operation.test.ts',
  },
  {
    rule: 'operation: auto-sync does nothing',
    file: 'not-synced.ts',
    from: 'if (application.autoSync.enabled && !stuck && !hooksOnly)',
    to: 'if (false)',
  },
  {
    rule: 'operation: drift of the cluster is called at once',
    file: 'not-synced.ts',
    from: 'return endedFor(look, state) >= look.settings.degradedGraceMs;',
    to: 'return true;',
  },
  {
    rule: 'operation: self-heal does not exist',
    file: 'not-synced.ts',
    from: '|| look.application.autoSync.selfHeal) return false',
    to: ') return false',
  },
  {
    rule: 'operation: everybody prunes',
    file: 'not-synced.ts',
    from: 'if (rest <= 0 && leavesUnpruned(look)) return needsPrune(look);',
    to: '',
    test: 'versions.test.ts',
  },
  {
    rule: 'operation: a sync is asked for that nobody wanted',
    file: 'sync-request.ts',
    from: "settings.sync === 'always' ||",
    to: 'true ||',
    test: 'operation.test.ts',
  },
  // Clause 6
  {
    rule: 'spec: a status of an older spec counts',
    file: 'spec.ts',
    from: 'return sameSource(wanted, comparedTo) && sameDestination(wanted, comparedTo)',
    to: 'return true',
  },
  // Clause 7
  {
    rule: 'healthy: nothing has to be',
    file: 'healthy.ts',
    from: 'if (decisive !== undefined) return decisive;',
    to: "if (decisive?.type === 'verdict') return decisive;",
  },
  {
    rule: 'healthy: nothing has to settle',
    file: 'healthy.ts',
    from: 'const rest = settings.settleMs - settled;',
    to: 'const rest = 0 * settled;',
  },
  {
    rule: 'healthy: Degraded is a failure at once',
    file: 'healthy.ts',
    from: 'const rest = look.settings.degradedGraceMs - degradedFor(resource, look);',
    to: 'const rest = 0;',
  },
  {
    rule: 'healthy: Degraded before it was synced is a failure',
    file: 'healthy.ts',
    from: "if (health !== 'Degraded' || resource.sync !== 'Synced')",
    to: "if (health !== 'Degraded')",
    test: 'healthy.test.ts',
  },
  {
    rule: 'healthy: Degraded before the change is a failure',
    file: 'healthy.ts',
    from: 'if (isExcused(resource, look))',
    to: 'if (false)',
  },
  {
    rule: 'healthy: Degraded before the change is never a failure',
    file: 'degraded.ts',
    from: 'look.history.resources.get(keyOf(resource))?.recovered !== true &&\n',
    to: '',
    test: 'healthy.test.ts',
  },
  {
    rule: 'healthy: what was long so by the clocks is settled, whatever was seen',
    file: 'healthy.ts',
    from: 'seen.every((entry) => entry?.changed === false) && isKnown',
    to: 'isKnown',
  },
  {
    rule: 'healthy: the skew of the clocks left out of the settle time',
    file: 'degraded.ts',
    from: 'serverNow(look) - last - look.settings.skewMs',
    to: 'serverNow(look) - last',
    test: 'healthy.test.ts',
  },
  {
    rule: 'healthy: an operation does not begin the settle time anew',
    file: 'healthy.ts',
    from: '    history.operation,\n',
    to: '',
  },
  // Clause 8
  {
    rule: 'running: what runs is not looked at',
    file: 'running.ts',
    from: 'return missing && wait',
    to: 'return undefined && wait',
  },
  {
    rule: 'running: live state of any age counts',
    file: 'running.ts',
    from: 'const STALE_AFTER = 5000;',
    to: 'const STALE_AFTER = 1e9;',
  },
  {
    rule: 'running: what Git wants is what runs',
    file: 'targets.ts',
    from: 'const live = imagesOfManifest(item.live)',
    to: 'const live = imagesOfManifest(item.target)',
  },
  {
    rule: 'running: the result of an operation that failed proves it',
    file: 'running.ts',
    from: "hook ? one.hookPhase === 'Succeeded' : one.status === 'Synced'",
    to: 'true',
    test: 'running.test.ts',
  },
  {
    rule: 'running: the result of an operation at any revision proves it',
    file: 'running.ts',
    from: 'if (!holdsChange(state, look)) return false;',
    to: '',
    test: 'running.test.ts',
  },
  {
    rule: 'running: mirrors that are allowed are other images',
    file: 'images.ts',
    from: 'aliases.some(',
    to: '[].some(',
    test: 'running.test.ts',
  },
  // The end
  {
    rule: 'deadline: what could not be asked is a time-out',
    file: 'ending.ts',
    from: "if (decision.type === 'ask' || (decision.type === 'wait' && decision.unavailable === true)) {",
    to: 'if (false) {',
    test: 'ending.test.ts',
  },
  {
    rule: 'waiting hides a verdict',
    file: 'decide.ts',
    from: 'return decisive ?? findings[0]',
    to: 'return findings[0]',
  },
  {
    rule: 'everything is unknown',
    file: 'decide.ts',
    from: 'return decisive ?? findings[0] ?? unseen(look)',
    to: "return findings[0] ?? wait('fresh', 'who knows') ?? unseen(look)",
  },
];
