/** Why there shall be an environment, or none. */
export interface LabelReasons {
  readonly 'label-skips': 'a label says that no environment is wanted';
  readonly 'no-label': 'no label says that none is wanted';
  readonly 'label-asks': '`mode: opt-in`: a label asks for an environment';
  readonly 'not-asked': '`mode: opt-in`: no label asks for one';
  readonly 'not-allowed': '`allowed: false`: labels do not decide';
  readonly 'merge-queue': 'a merge queue wants no environment';
  readonly 'no-pull-request': 'the event is about no pull request, and `pull-request` names none';
  readonly 'labels-not-read': 'neither the API nor the event told the labels';
}
export type LabelReason = keyof LabelReasons;
