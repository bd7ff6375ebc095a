/** What a request to Argo CD shows to be let in. */
export interface Authorization {
  /** The token that is good now; asked for before every request. May itself ask a server. */
  token(): Promise<string>;
  /**
   * After a 401 with this token: whether there is another one now, so that the request may be sent again at once.
   * A token that was given cannot be renewed.
   */
  renew(refused: string): Promise<boolean>;
  /** Sent beside the token, for a proxy that authenticates. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A token that was given as it is. */
export const fixedToken = (token: string, headers: Authorization['headers'] = {}): Authorization => ({
  token: async () => token,
  renew: async () => false,
  headers,
});
