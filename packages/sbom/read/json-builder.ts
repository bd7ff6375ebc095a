import type { Json } from '../json.ts';

/** Why a document is not read: it is broken, larger than is read, whole and something else than an SBOM, or says one thing twice. */
export class DocumentError extends Error {
  readonly kind: 'broken' | 'too-large' | 'other' | 'repeated';
  constructor(message: string, kind: DocumentError['kind'] = 'broken', options: { cause?: unknown } = {}) {
    super(message, options);
    this.kind = kind;
  }
}

/** What is taken of a document, and where it goes. */
export interface Taking {
  /** Values of other names are passed over, whatever they hold; never `__proto__`. */
  readonly keeps: (name: string) => boolean;
  /** Whether the entries of the list at this path are handed on one by one, and not kept. */
  readonly handsOn: (path: readonly string[]) => boolean;
  readonly hand: (path: readonly string[], value: Json, index: number) => void;
  /** What is thrown where one object has a name that is kept twice. */
  readonly refuse?: (name: string) => Error;
  readonly limits: Limits;
}

export interface Limits {
  /** Objects and lists within each other. */
  readonly depth: number;
  /** Values that are held at one time. */
  readonly values: number;
}

/** Longer paths lead to nothing that is handed on: an attestation has four layers. */
const MOST_STEPS = 5;

/** A sign of JSON's grammar, a text, or any other value. */
export type TokenKind = '{' | '}' | '[' | ']' | ':' | ',' | 'text' | 'other';

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or end' | 'nothing';

interface Holder {
  readonly value: Json[] | Record<string, Json>;
  /** Its path where its entries are handed on. */
  readonly path?: readonly string[];
  /** The name under which the one above holds it; undefined in a list. */
  readonly key: string | undefined;
  /** Entries of a list that were handed on. */
  handed: number;
}

export interface Builder {
  /** `value` counts for texts and other values only. */
  take(kind: TokenKind, value: string | number | boolean | null): void;
  /** The document without what was passed over or handed on. Throws where it has not ended. */
  finish(): Json;
}

/**
 * Makes values of tokens, with a stack of its own: the input decides how deep it is. What is passed over is checked for its
 * grammar all the same, and costs one bit of its depth.
 */
export function startBuilder({ keeps, handsOn, hand, refuse, limits }: Taking): Builder {
  const kinds: boolean[] = []; // of each level, also those passed over: whether it is an object
  const holders: Holder[] = [];
  let expected: Expected = 'value';
  let key: string | undefined;
  /** The depth at which what is passed over began; undefined where nothing is. */
  let passing: number | undefined;
  let held = 0;
  let document: Json;

  const fail = (): never => {
    throw new DocumentError(`${expected} was expected`);
  };
  const hold = () => {
    held += 1;
    if (held > limits.values)
      throw new DocumentError(`it holds more than ${limits.values} values at once`, 'too-large');
  };
  const place = (value: Json) => {
    const holder = holders.at(-1);
    if (holder === undefined) document = value;
    else if (!Array.isArray(holder.value)) holder.value[key ?? ''] = value;
    else if (holder.path === undefined) holder.value.push(value);
    else {
      held = 0;
      hand(holder.path, value, holder.handed);
      holder.handed += 1;
    }
  };
  const ended = () => {
    if (passing === kinds.length) passing = undefined;
    expected = kinds.length === 0 ? 'nothing' : ', or end';
  };
  const scalar = (value: Json) => {
    if (!mayBegin()) fail();
    if (passing === undefined) {
      hold();
      place(value);
    }
    ended();
  };
  const open = (isObject: boolean) => {
    if (!mayBegin()) fail();
    kinds.push(isObject);
    if (kinds.length > limits.depth)
      throw new DocumentError(`it is more than ${limits.depth} levels deep`, 'too-large');
    expected = isObject ? 'key or }' : 'value or ]';
    if (passing !== undefined) return;
    hold();
    const inList = kinds.at(-2) === false;
    const above = kinds.length > MOST_STEPS || inList ? undefined : pathTo(holders, key);
    holders.push({
      value: isObject ? {} : [],
      key: inList ? undefined : key,
      handed: 0,
      ...(above === undefined || isObject || !handsOn(above) ? {} : { path: above }),
    });
  };
  const close = (isObject: boolean) => {
    if (!mayClose(isObject)) fail();
    kinds.pop();
    if (passing === undefined) {
      const holder = holders.pop();
      key = holder?.key;
      // Of a list that was handed on its name stays: it may not be there again.
      place(holder?.value);
    }
    ended();
  };
  const name = (text: string) => {
    if (expected !== 'key' && expected !== 'key or }') fail();
    key = text;
    if (passing === undefined) {
      const above = holders.at(-1)?.value ?? {};
      if (!keeps(text)) passing = kinds.length;
      else if (refuse !== undefined && Object.hasOwn(above, text)) throw refuse(text);
    }
    expected = ':';
  };
  const mayClose = (isObject: boolean) =>
    kinds.at(-1) === isObject &&
    (expected === ', or end' || expected === (isObject ? 'key or }' : 'value or ]'));
  const mayBegin = () => expected === 'value' || expected === 'value or ]';

  const signs: Readonly<Record<Exclude<TokenKind, 'text' | 'other'>, () => void>> = {
    '{': () => open(true),
    '[': () => open(false),
    '}': () => close(true),
    ']': () => close(false),
    ':': () => {
      if (expected !== ':') fail();
      expected = 'value';
    },
    ',': () => {
      if (expected !== ', or end') fail();
      expected = kinds.at(-1) === true ? 'key' : 'value';
    },
  };

  return {
    take(kind, value) {
      if (kind === 'text' && !mayBegin()) name(String(value));
      else if (kind === 'text' || kind === 'other') scalar(value);
      else signs[kind]();
    },
    finish() {
      if (expected !== 'nothing') fail();
      return document;
    },
  };
}

/** The names that lead to what is called `key` in the innermost object; undefined where a list lies between. */
function pathTo(holders: readonly Holder[], key: string | undefined): readonly string[] | undefined {
  const names = holders.slice(1).map((holder) => holder.key);
  const path = [...names, key].filter((step) => step !== undefined);
  return path.length === holders.length ? path : undefined;
}
