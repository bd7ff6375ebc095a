/** A rule of the decision, broken: in a file of `decide`, the one text replaced by the other. */
export interface Mutant {
  /** The clause, and what it would take for good. */
  readonly rule: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A test beside the clause that fails then; without one, the histories must show it. */
  readonly test?: string;
  /** A history that has shown it, to be looked at first. */
  readonly seed?: number;
}

/** Of clauses 1 to 4. */
export const EARLY_MUTANTS: readonly Mutant[] = [
  // Clause 1
  {
    rule: 'fresh: any comparison will do',
    file: 'fresh.ts',
    from: 'isLateEnough(look) || look.history',
    to: 'true || look.history',
    seed: 111,
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
    test: 'fresh.test.ts',
  },
  {
    rule: 'fresh: a comparison from before the last operation will do',
    file: 'fresh.ts',
    from: 'if (failed || (application.reconciledAt ?? 0) >= finished) return undefined;',
    to: 'return undefined;',
    test: 'fresh.test.ts',
  },
  {
    rule: 'fresh: one turn of a controller that is behind will do',
    file: 'fresh.ts',
    from: 'compared.turns >= 2',
    to: 'compared.turns >= 1',
    seed: 323,
  },
  {
    rule: 'fresh: a lost refresh is not asked for again',
    file: 'fresh.ts',
    from: 'refreshedAt === undefined ? now : Math.max(refreshedAt + between, useful)',
    to: 'refreshedAt === undefined ? now : Number.POSITIVE_INFINITY',
    seed: 421,
  },
  {
    rule: 'fresh: Git away is a failure',
    file: 'fresh.ts',
    from: 'if (isPassing(message))',
    to: 'if (false)',
    seed: 125,
  },
  {
    rule: 'fresh: an error that nobody knows is a failure at once',
    file: 'fresh.ts',
    from: 'return stood || isOfRenderer(message)',
    to: 'return true',
    seed: 1,
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
    seed: 43,
  },
  {
    rule: 'contained: an older commit is an overwritten one',
    file: 'contained.ts',
    from: "case 'behind':\n",
    to: "case 'behind':\n        return overwritten(look, revision, { state: 'overwritten', by: [] });\n",
    seed: 16,
  },
  {
    rule: 'contained: whoever overwrites it is a newer deployment',
    file: 'contained.ts',
    from: 'culprit?.newer === true && unexplained.length === 0',
    to: 'culprit !== undefined',
    seed: 43,
  },
  {
    rule: 'contained: nobody who overwrites it is a newer deployment',
    file: 'contained.ts',
    from: 'culprit?.newer === true && unexplained.length === 0',
    to: 'false',
    seed: 156,
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
    seed: 12,
  },
  {
    rule: 'effective: rendered objects of a later comparison count',
    file: 'effective.ts',
    from: 'if (look.observed.takenAt < current.takenAt)',
    to: 'if (false)',
    test: 'effective.test.ts',
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
    test: 'operation.test.ts',
  },
  {
    rule: 'synced: an application that is not',
    file: 'synced.ts',
    from: "if (whole && status !== 'Synced' && !isOnlyLeft(look))",
    to: 'if (false)',
    test: 'synced.test.ts',
  },
];
