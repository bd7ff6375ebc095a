/** Whether an App, by the slug that GitHub gives with a check run, is the configured notifier: `slug`, or its login `slug[bot]`. */
export const isApp = (slug: string | undefined, notifier: string): boolean =>
  slug !== undefined && slug !== '' && same(slug, notifier.replace(/\[bot\]$/, ''));

/**
 * Whether the sender of an event is the configured notifier: `@login` a user, anything else an App, which sends as `slug[bot]`. A user
 * may have the slug of an App for a login, and is not the App.
 */
export const isSender = (login: string, notifier: string): boolean =>
  notifier.startsWith('@')
    ? same(login, notifier.slice(1))
    : notifier !== '' && same(login, `${notifier.replace(/\[bot\]$/, '')}[bot]`);

/** GitHub's names differ by more than their case. */
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
