/** Why a run is cancelled. */
export interface CancelReasons {
  readonly 'not-started': 'it had not started: it was queued, or waited for its concurrency group';
  readonly 'not-begun': 'it runs, and its Deployment had not begun to change anything';
  readonly 'awaited-approval': 'it waited for an approval';
  readonly 'awaited-merge': 'it waited for its pull request to be merged';
  readonly started: 'it ran, and `cancel-started` asks for those as well';
  readonly 'left-queue': 'its entry has left the merge queue';
}
export type CancelReason = keyof CancelReasons;

/** Why a run is kept. */
export interface KeepReasons {
  readonly newest: 'it is the newest of its key';
  readonly newer: 'it is newer than the one that the others give way to';
  readonly own: 'it is this run';
  readonly begun: 'its Deployment has begun to change something';
  readonly 'may-have-begun': 'it runs, and no Deployment tells whether it has begun to change something';
  readonly 'began-first': 'it began to change something, or its pull request was merged, before it could be told that it is superseded';
  readonly 'other-creator': 'its Deployment was not made by who made the one of this run';
  readonly ended: 'its Deployment has ended';
  readonly 'awaits-approval': 'it waits for an approval, and `cancel-waiting` is off';
  readonly 'awaits-merge': 'it waits for a merge, and `cancel-waiting` is off';
  readonly 'several-repositories': 'it waits for merges in several repositories, and a part of it may be merged';
  readonly 'not-paused': '`when: succeeded` is about what waits for an approval or a merge';
  readonly partial: 'it deploys a part only';
  readonly 'behind-partial': 'one that deploys a part only stands between it and the newest';
  readonly 'deploys-elsewhere': 'it deploys to another environment or tenant too, and nothing newer does that';
  readonly running: 'it runs, and `cancel-started` is off';
  readonly 'other-branch': 'it is of another branch or tag';
  readonly 'other-event': 'it is of another kind of event';
  readonly 'other-pull-request': 'it is of another pull request';
  readonly 'other-repository': 'it is of another fork, or of one that was deleted';
  readonly 'same-commit': 'the newer one is of another event of the same commit: each does its own';
  readonly 'event-not-compared': 'events of its kind are about different things on one branch';
  readonly ambiguous: 'nothing tells what it is of: a branch and a tag have that name, or its branch has several pull requests';
  readonly 'in-queue': 'its entry is in the merge queue';
  readonly 'after-closing': 'it began when the pull request was closed, or later';
  readonly 'unknown-status': 'it has a status that this version does not know';
  readonly refused: 'GitHub refused to cancel it';
  readonly 'still-there': 'GitHub took the request, and it was still there afterwards';
  readonly finished: 'it had ended by itself when it was to be cancelled';
  readonly 'pull-request-left': 'its pull request could not be closed, and may be merged';
}
export type KeepReason = keyof KeepReasons;

/** Why cancel-superseded has its verdict. */
export interface SupersedeReasons {
  readonly superseded: 'what a newer run made pointless is cancelled';
  readonly 'nothing-superseded': 'no run is there that a newer one has made pointless';
  readonly 'finished-meanwhile': 'what was pointless had ended by itself when it was to be cancelled';
  readonly 'began-meanwhile': 'what was pointless had begun to change something before it could be told';
  readonly 'own-is-partial': 'this run deploys a part only: such a one makes nothing pointless';
  readonly 'not-succeeded': '`when: succeeded`, and the Deployment of this run does not say that it has';
  readonly 'pull-request-open': '`when: closed`, and the pull request is open again';
  readonly 'not-cancelled': 'GitHub refused to cancel a run, or did not answer';
  readonly 'not-confirmed': 'GitHub took the request, and a run was still there afterwards';
  readonly 'not-recorded': 'a Deployment could not be told that it is superseded; its run was not cancelled';
  readonly 'pull-request-left': 'a superseded pull request could not be closed, or be told why it was';
  readonly 'dry-run': '`dry-run`: nothing was changed; this is what would be cancelled';
}
export type SupersedeReason = keyof SupersedeReasons;
