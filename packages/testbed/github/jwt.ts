import { verify } from 'node:crypto';
import { problem, requiresAuthentication } from './errors.ts';
import type { App, Reply } from './types.ts';

/** GitHub takes no App token that lives longer, seconds. */
const LONGEST_LIFE = 600;

const claim = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
};

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const undecodable = (): Reply => problem(401, 'A JSON web token could not be decoded');

/** The App that a JSON web token (RS256) speaks for, or GitHub's answer to a bad one. `now` in milliseconds. */
export function verifyAppToken(secret: string | undefined, apps: Iterable<App>, now: number): App | Reply {
  if (secret === undefined) return requiresAuthentication();
  const [head = '', payload = '', signature = ''] = secret.split('.');
  const claims = claim(payload);
  if (field(claim(head), 'alg') !== 'RS256' || claims === undefined) return undecodable();
  const app = [...apps].find(({ id }) => String(id) === String(field(claims, 'iss')));
  if (app === undefined) return problem(401, "'Issuer' claim ('iss') must be an Integer");
  const signed = Buffer.from(`${head}.${payload}`);
  if (!verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url'))) return undecodable();
  const expires = Number(field(claims, 'exp'));
  const seconds = now / 1000;
  if (!(expires > seconds))
    return problem(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (expires > seconds + LONGEST_LIFE)
    return problem(401, "'Expiration time' claim ('exp') is too far in the future");
  if (Number(field(claims, 'iat')) > seconds + 1) {
    return problem(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  return app;
}
