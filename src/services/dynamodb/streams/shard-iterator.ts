import { createCipheriv, createDecipheriv } from "node:crypto";
import type { EpochMs } from "../../../base/clock.ts";
import { fromBase64, toBase64 } from "../../../base/bytes.ts";
import type { Ids } from "../../../base/ids.ts";
import { validationException } from "../refusals.ts";

/** Where reading goes on. */
export interface ShardPosition {
  readonly shard: number;
  /** Sequence number of the first record that was not read. */
  readonly next: number;
  readonly issuedAt: EpochMs;
}

/** AWS's iterators are good for 15 minutes. */
export const iteratorLifetimeMs = 15 * 60 * 1000;

const cipher = "aes-256-gcm";
const secretBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = "1";

export function newIteratorSecret(ids: Ids): string {
  return toBase64(ids.bytes(secretBytes));
}

/**
 * A ShardIterator as AWS writes them: the stream's ARN, a version, and what only the platform can read. Nothing is kept of
 * it; it is sealed, so that clients can neither read nor forge it, nor take it to another stream.
 */
export function sealIterator(arn: string, position: ShardPosition, secret: string, ids: Ids): string {
  const nonce = ids.bytes(nonceBytes);
  const seal = createCipheriv(cipher, Buffer.from(secret, "base64"), nonce).setAAD(Buffer.from(arn));
  const { shard, next, issuedAt } = position;
  const text = [seal.update(JSON.stringify([shard, next, issuedAt])), seal.final()];
  return `${arn}|${version}|${toBase64(Buffer.concat([nonce, ...text, seal.getAuthTag()]))}`;
}

/** The ARN of the stream that an iterator is for, as it says itself; undefined when it says nothing. */
export function findIteratorArn(iterator: string): string | undefined {
  const [arn, given, sealed, ...rest] = iterator.split("|");
  return given === version && sealed !== undefined && rest.length === 0 ? arn : undefined;
}

/** @throws ValidationException when it is no iterator that was given here */
export function openIterator(iterator: string, secret: string | undefined): ShardPosition {
  const arn = findIteratorArn(iterator);
  const sealed = fromBase64(iterator.slice(iterator.lastIndexOf("|") + 1));
  if (arn === undefined || secret === undefined || !sealed || sealed.byteLength <= nonceBytes + tagBytes) {
    throw invalidIterator();
  }
  const end = sealed.byteLength - tagBytes;
  const seal = createDecipheriv(cipher, Buffer.from(secret, "base64"), sealed.subarray(0, nonceBytes))
    .setAAD(Buffer.from(arn))
    .setAuthTag(sealed.subarray(end));
  try {
    const text = Buffer.concat([seal.update(sealed.subarray(nonceBytes, end)), seal.final()]).toString();
    const [shard, next, issuedAt] = JSON.parse(text) as [number, number, EpochMs];
    return { shard, next, issuedAt };
  } catch {
    throw invalidIterator();
  }
}

function invalidIterator(): Error {
  return validationException("Invalid ShardIterator");
}
