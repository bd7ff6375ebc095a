/** Why a run is cancelled. */
export const cancelReasons = {
  'not-started': 'it was queued, or waited for its concurrency group',
  'not-begun': 'it ran, and its Deployment had not begun to change anything',
  'awaited-approval': 'it waited for an approval',
  'awaited-merge': 'it waited for its pull request to be merged',
  started: 'it ran, and `cancel-started` asks for those as well',
  'left-queue': 'its entry has left the merge queue',
} as const;
export type CancelReason = keyof typeof cancelReasons;

/** Why a run is kept. */
export const keepReasons = {
  newest: 'it is the newest of its key',
  newer: 'it is newer than the one that the others give way to',
  'none-newer': 'no newer run is there that can still deploy',
  'none-succeeded': '`when: succeeded`, and no newer run has succeeded',
  own: 'it is this run',
  begun: 'its Deployment has begun to change something, or may have',
  'may-have-begun':
    'nothing tells whether it has begun to change something: it runs without a Deployment, or is older than the Deployments that are read',
  'began-first':
    'it began to change something, or its pull request was merged, before it could be marked as superseded',
  ended: 'its Deployment has ended',
  'awaits-approval': 'it waits for an approval, and `cancel-waiting` is off',
  'awaits-merge': 'it waits for a merge, and `cancel-waiting` is off',
  'several-repositories': 'it waits for merges in several repositories, and a part of it may be merged',
  'not-paused': '`when: succeeded` is about what waits for an approval or a merge',
  partial: 'it deploys a part only',
  'own-partial': 'the run that asks deploys a part only, which makes nothing pointless',
  'behind-partial': 'one that deploys a part only stands between it and the newest',
  'sets-other': 'it sets images or fields that nothing newer sets: they would never be deployed',
  'deploys-elsewhere': 'it deploys to another environment or tenant too, and nothing newer does that',
  running: 'it runs, and `cancel-started` is off',
  'other-branch': 'it is of another branch or tag',
  'other-event': 'it is of another kind of event',
  'other-pull-request': 'it is of another pull request',
  'other-repository': 'it is of another fork, or of one that was deleted',
  'same-commit': 'the newer one is of another event of the same commit: each does its own',
  'event-not-compared': 'events of its kind are about different things on one branch',
  ambiguous:
    'nothing tells what it is of: a branch and a tag have that name, or its branch has several pull requests',
  'in-queue': 'its entry is in the merge queue',
  'after-closing': 'it began when the pull request was closed, or later',
  'unknown-status': 'it has a status that this version does not know',
  refused: 'GitHub refused to cancel it',
  'no-answer': 'GitHub did not answer the request to cancel it',
  'not-recorded':
    'its Deployment could not be marked as superseded, or not be read afterwards: it was not asked to end',
  'still-there': 'it was asked to end, and was still there afterwards',
  unseen: 'it was asked to end, and what became of it could not be read',
  finished: 'it had ended by itself when it was to be cancelled',
  'pull-request-left': 'its pull request could not be closed, and may be merged',
} as const;
export type KeepReason = keyof typeof keepReasons;

/** Why cancel-superseded has its verdict. */
export interface SupersedeReasons {
  readonly superseded: 'what a newer run made pointless is cancelled';
  readonly 'nothing-superseded': 'nothing was cancelled: no older run is there, or each was kept for the reason that stands beside it';
  readonly 'finished-meanwhile': 'what was pointless had ended by itself when it was to be cancelled';
  readonly 'began-meanwhile': 'what was pointless had begun to change something before it could be marked as superseded';
  readonly 'own-is-partial': 'this run deploys a part only: such a one makes nothing pointless';
  readonly 'not-succeeded': '`when: succeeded`, and the Deployment of this run does not say that it has';
  readonly 'pull-request-open': '`when: closed`, and the pull request is open again';
  readonly 'not-cancelled': 'GitHub refused to cancel a run, or did not answer';
  readonly 'not-confirmed': 'a run was asked to end, and was still there afterwards, or could not be looked at';
  readonly 'not-recorded': 'a Deployment could not be marked as superseded; its run was not cancelled';
  readonly 'pull-request-left': 'a superseded pull request could not be closed, or nothing on it says why it was';
  readonly 'dry-run': '`dry-run`: nothing was changed; this is what would be cancelled';
}
export type SupersedeReason = keyof SupersedeReasons;
