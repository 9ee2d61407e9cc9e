import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

interface Entry {
  readonly secret: string;
  readonly key: KeyObject;
}

/**
 * Signing keys by access key and scope, as `KeyObject` (HMAC with a Buffer key costs six times as much on Node 24).
 * Holds at most twice `generationSize` keys: when the young generation is full it becomes the old one.
 */
export class SigningKeys {
  readonly #generationSize: number;
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();

  constructor(generationSize = 1024) {
    this.#generationSize = generationSize;
  }

  /** The key that signs for this day, region and service with this secret. */
  get(accessKeyId: string, secret: string, date: string, region: string, service: string): KeyObject {
    const name = `${accessKeyId}/${date}/${region}/${service}`;
    const known = this.#young.get(name) ?? this.#old.get(name);
    // An access key id may come back with another secret after a reset.
    if (known !== undefined && known.secret === secret) return known.key;
    const entry = { secret, key: deriveSigningKey(secret, date, region, service) };
    if (this.#young.size >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, entry);
    return entry.key;
  }
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function deriveSigningKey(secret: string, date: string, region: string, service: string): KeyObject {
  const day = createHmac("sha256", `AWS4${secret}`).update(date).digest();
  const place = createHmac("sha256", day).update(region).digest();
  const scope = createHmac("sha256", place).update(service).digest();
  return createSecretKey(createHmac("sha256", scope).update("aws4_request").digest());
}
