/**
 * Git's binary patch, for text that no text patch can carry (UTF-16: git takes it for binary).
 * https://git-scm.com/docs/git-diff#Documentation/git-diff.txt---binary and base85.c in git's sources.
 */
import { deflateSync } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';

/** Both directions as literals, so that `git apply -R` works too. */
export function binaryPatch(before: Buffer, after: Buffer): Buffer {
  return Buffer.from(`GIT binary patch\n${literal(after)}\n${literal(before)}\n`);
}

function literal(bytes: Buffer): string {
  const packed = deflateSync(bytes);
  let out = `literal ${bytes.length}\n`;
  for (let at = 0; at < packed.length; at += 52) {
    const line = packed.subarray(at, at + 52);
    // Lengths 1–26 are the letters A–Z, 27–52 a–z.
    const length = String.fromCharCode(line.length <= 26 ? 64 + line.length : 70 + line.length);
    out += `${length}${base85(line)}\n`;
  }
  return out;
}

function base85(bytes: Buffer): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 4) {
    let value = 0;
    for (let i = 0; i < 4; i++) value = value * 256 + (bytes[at + i] ?? 0);
    let group = '';
    for (let i = 0; i < 5; i++) {
      group = ALPHABET.charAt(value % 85) + group;
      value = Math.floor(value / 85);
    }
    out += group;
  }
  return out;
}
