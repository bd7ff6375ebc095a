/** The common inputs by which an action logs in. */
export interface Login {
  readonly token: string;
  readonly 'app-id': string;
  readonly 'app-private-key': string;
}

/** What is wrong with these inputs together. */
export function loginProblems({
  token,
  'app-id': appId,
  'app-private-key': key,
}: Partial<Login>): readonly string[] {
  if (appId !== undefined && key !== undefined && (appId === '') !== (key === ''))
    return ['`app-id` and `app-private-key` belong together: give both, or none'];
  if (token === '' && appId === '') return ['`token` is empty: leave it out, or give a token'];
  return [];
}
