// The real clock, and identifiers that carry its time.
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../domain/ports.ts';

/** Node.js runs a timer of more than 2^31 - 1 ms (25 days) at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, task) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const isLast = !(leftMs > longestTimerMs);
      timer = isLast ? setTimeout(task, leftMs) : setTimeout(() => arm(leftMs - longestTimerMs), longestTimerMs);
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};

/** A fresh UUID v7 (RFC 9562): 48 bits of milliseconds, then random. */
export function newUuid(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 128 bits of SHA-256 in hex: enough for identities, and half the index. */
export function identityHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
