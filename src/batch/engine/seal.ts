/**
 * What goes through an engine is sealed, as it is kept there in clear text otherwise: patches may hold credentials, and
 * a worker must take orders from nobody but its own. AES-256-GCM under a key that both sides are given.
 * https://nodejs.org/api/crypto.html#class-cipher
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { NayekError } from '../../system/errors.ts';
import { say } from '../../system/say.ts';

/** Holds the key. */
export const KEY_VARIABLE = 'NAYEK_ENGINE_KEY';

/** Characters. */
const SHORTEST = 32;
const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** Bytes of one message, before it is compressed. */
const LARGEST = 256 * 1024 * 1024;

export interface Sealer {
  /** `about` is what the message is for: it opens for the same only. */
  seal(message: unknown, about: string): string;
  /** @throws NayekError `engine` when it was not sealed with this key, or is about something else. */
  open(sealed: unknown, about: string): unknown;
}

/** @throws NayekError `engine` when the environment has no key, or too short a one. */
export function sealerOf(env: NodeJS.ProcessEnv): Sealer {
  const secret = env[KEY_VARIABLE] ?? '';
  if (secret.length < SHORTEST) {
    const wrong = secret === '' ? say`is not set` : say`has less than ${SHORTEST} characters`;
    throw new NayekError('engine', `${KEY_VARIABLE} ${wrong}`, {
      hint: say`give the same to plan, publish and every worker: \`openssl rand -hex 32\``,
    });
  }
  const key = scryptSync(secret, 'nayek engine 1', 32);
  return {
    seal(message, about) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(message))), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed, about) {
      try {
        const bytes = Buffer.from(String(sealed), 'base64');
        const cipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE), { authTagLength: TAG });
        cipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        const body = Buffer.concat([cipher.update(bytes.subarray(NONCE + TAG)), cipher.final()]);
        return JSON.parse(inflateRawSync(body, { maxOutputLength: LARGEST }).toString());
      } catch (cause) {
        throw new NayekError('engine', say`it was not sealed with this ${KEY_VARIABLE}`, {
          cause,
          hint: say`give the same to plan, publish and every worker`,
        });
      }
    },
  };
}
