import { compareDigits, orderBy } from './order.ts';

/** Lists of numbers, of which the longer comes after the shorter that starts it: there 1.0 is older than 1.0.0. */
function numberLists(pattern: RegExp) {
  return orderBy(
    (text) => (pattern.test(text) ? text.split(/[.-]/) : undefined),
    (a, b) => {
      const length = Math.min(a.length, b.length);
      for (let index = 0; index < length; index++) {
        const order = compareDigits(a[index] ?? '', b[index] ?? '');
        if (order !== 0) return order;
      }
      return a.length - b.length;
    },
  );
}

/** https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file */
export const cran = numberLists(/^[0-9]+(?:[.-][0-9]+)*$/);

/** https://hackage.haskell.org/package/base/docs/Data-Version.html; tags are not in use any more. */
export const hackage = numberLists(/^[0-9]+(?:\.[0-9]+)*$/);
