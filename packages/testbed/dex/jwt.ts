import { type KeyObject, sign, verify } from 'node:crypto';
import { isObject, type JsonObject, toJson } from '../argocd/json.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT that is signed by RS256, as GitHub signs the identity of a run. */
export function signJwt(claims: JsonObject, key: KeyObject): string {
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', kid: 'stand-in' })}.${encode(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

/** Its claims; undefined where it is none, or the signature is of another key. */
export function verifyJwt(token: string, key: KeyObject): JsonObject | undefined {
  const [head = '', payload = '', signature = ''] = token.split('.');
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url')))
    return undefined;
  const claims = toJson(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  return isObject(claims) ? claims : undefined;
}
