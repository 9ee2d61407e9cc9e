import type { Ids } from "../base/ids.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** `AKIA`: keys of IAM users. `ASIA`: temporary credentials of STS. */
export type AccessKeyPrefix = "AKIA" | "ASIA";

/**
 * A new access key id. As on AWS its first digits hold the account, so that requests find it without a lookup: after the
 * prefix come 80 bits in base 32, of which the first is set, 40 are the account's number and the rest is chance.
 * @see https://awsteele.com/blog/2020/09/26/aws-access-key-format.html
 */
export function newAccessKeyId(prefix: AccessKeyPrefix, account: string, ids: Ids): string {
  const random = ids.bytes(5).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) & ((1n << 39n) - 1n);
  const payload = (1n << 79n) | (BigInt(account) << 39n) | random;
  let text = "";
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += alphabet[Number((payload >> shift) & 31n)];
  return prefix + text;
}

/** The 12-digit account that an access key id names, or undefined for ids that name none (those AWS made before 2019). */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (!/^A[KS]IA[A-Z2-7]{16}$/.test(accessKeyId)) return undefined;
  let bits = 0;
  // Nine digits hold the first 45 bits; the account is 40 of them, after the first.
  for (let index = 4; index < 13; index++) bits = bits * 32 + alphabet.indexOf(accessKeyId[index]!);
  if (bits < 2 ** 44) return undefined;
  const account = Math.floor((bits - 2 ** 44) / 16);
  return account < 1e12 ? String(account).padStart(12, "0") : undefined;
}
