/** Values in the place of what only the user knows: of a shape that a program takes, and good for nothing. */
import { randomBytes } from 'node:crypto';

/** `host` is the name that the service is asked by. */
export function standIn(name: string, host: string): string {
  if (/FERNET|ENCRYPTION_KEY|ENCRYPT_KEY/i.test(name)) return urlSafe(randomBytes(32));
  if (/(?:^|_)(?:ALLOWED_HOSTS?|TRUSTED_HOSTS?)$/i.test(name)) return `${host},localhost,127.0.0.1`;
  if (/ORIGINS?(?:_|$)|CORS/i.test(name)) return '["https://stand-in.example"]';
  if (/EMAIL|(?:^|_)(?:SENDER|MAIL_FROM)|(?:^|_)FROM$/i.test(name)) return 'stand-in@stand-in.example';
  if (/PORT$|TIMEOUT|SECONDS|MINUTES|_SIZE$|_LIMIT$/i.test(name)) return '587';
  if (/DSN$/i.test(name)) return '';
  if (/UR[LI]$|ENDPOINT$|WEBHOOK|_BASE$/i.test(name)) return 'https://stand-in.example';
  if (/HOST(?:NAME)?$|SERVER$|DOMAIN$/i.test(name)) return 'stand-in.example';
  return 'stand-in';
}

/** As Fernet wants its key. https://cryptography.io/en/latest/fernet/ */
function urlSafe(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
