/** Throws an Error where a text is no private key that can be used unattended. Nothing of it is repeated. */
export function isSshKey(text: string): void {
  if (text === '') return;
  const [, kind = '', body = ''] =
    /^-----BEGIN ([A-Z ]*)PRIVATE KEY-----\r?\n(.*?)\r?\n-----END \1PRIVATE KEY-----$/s.exec(text) ?? [];
  if (body === '') throw new Error('allowed: a private key, from -----BEGIN to -----END');
  const isEncrypted = kind.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/m.test(body);
  if (isEncrypted || (kind === 'OPENSSH ' && cipherOf(body) !== 'none')) {
    throw new Error('allowed: a private key without a passphrase');
  }
}

/** The name of the cipher is the first field of the format: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key */
function cipherOf(body: string): string {
  const bytes = Buffer.from(body, 'base64');
  const start = 'openssh-key-v1\0'.length;
  return bytes.length < start + 4
    ? ''
    : bytes.toString('latin1', start + 4, start + 4 + bytes.readUInt32BE(start));
}
