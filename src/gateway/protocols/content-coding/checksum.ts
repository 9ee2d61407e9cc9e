import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { lazily } from "../operations.ts";

/** Names as they stand after `x-amz-checksum-`. */
export const checksumAlgorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** A checksum that is fed piece by piece. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  update(bytes: Uint8Array): void;
  /** Base64 of the checksum (of the big-endian bytes, for CRCs), as AWS's headers have it. */
  digest(): string;
}

export function checksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case "sha1":
    case "sha256": {
      const hash = createHash(algorithm);
      return { algorithm, update: (bytes) => void hash.update(bytes), digest: () => hash.digest("base64") };
    }
    case "crc32": {
      let value = 0;
      return { algorithm, update: (bytes) => void (value = crc32(bytes, value)), digest: () => base64Of32(value) };
    }
    case "crc32c": {
      let value = 0xffffffff;
      return {
        algorithm,
        update(bytes) {
          const table = crc32cTable();
          for (const byte of bytes) value = table[(value ^ byte) & 0xff]! ^ (value >>> 8);
        },
        digest: () => base64Of32(~value >>> 0),
      };
    }
    case "crc64nvme":
      return crc64nvme();
  }
}

const crc32cTable = lazily(() => {
  const table = makeTable32(0x82f63b78);
  return () => table;
});
const crc64Table = lazily(() => {
  const table = makeTable64();
  return () => table;
});

function base64Of32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString("base64");
}

function makeTable32(polynomial: number): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    table[i] = value;
  }
  return table;
}

/** The reflected polynomial of CRC-64/NVME, in halves: bigints would be slow here. */
function makeTable64(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let h = 0;
    let l = i;
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | ((h & 1) << 31);
      h >>>= 1;
      if (carry) {
        h ^= 0x9a6c9329;
        l ^= 0xac4bc9b5;
      }
    }
    high[i] = h;
    low[i] = l;
  }
  return { high, low };
}

function crc64nvme(): Checksum {
  let h = 0xffffffff;
  let l = 0xffffffff;
  return {
    algorithm: "crc64nvme",
    update(bytes) {
      const { high, low } = crc64Table();
      for (const byte of bytes) {
        const index = (l ^ byte) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ low[index]!;
        h = (h >>> 8) ^ high[index]!;
      }
    },
    digest() {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE(~h >>> 0, 0);
      bytes.writeUInt32BE(~l >>> 0, 4);
      return bytes.toString("base64");
    },
  };
}
