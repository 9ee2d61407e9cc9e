import type { ServiceModel } from "../../../api/model.ts";
import type { EventFormat } from "../event-stream/event-stream-codec.ts";
import { maxDepth } from "../shapes.ts";
import { dateOfEpochSeconds, epochSeconds } from "../timestamps.ts";
import { TreeReaders } from "../tree/tree-reader.ts";
import type { TreeDialect } from "../tree/tree-reader.ts";
import { TreeWriters } from "../tree/tree-writer.ts";
import type { TreeWriterDialect } from "../tree/tree-writer.ts";
import { wordingOf } from "../tree/wording.ts";
import { decodeCbor } from "./decode-cbor.ts";
import { CborDouble, CborTime, encodeCbor } from "./encode-cbor.ts";

/** What a timestamp's number counts. AWS's older CBOR (`application/x-amz-cbor-1.1`) counts milliseconds. */
export type CborClock = "seconds" | "milliseconds";

export interface CborCodec {
  readonly readers: TreeReaders;
  readonly writers: TreeWriters;
  /** The tree of a body; an empty body is an empty map. */
  parse(body: Uint8Array): unknown;
  events(contentType: string): EventFormat;
}

/** Trees of CBOR, read and written for one model. */
export function cborCodec(model: ServiceModel, clock: CborClock): CborCodec {
  const dateOf =
    clock === "seconds" ? dateOfEpochSeconds : (time: number): Date | undefined => dateOfEpochSeconds(time / 1000);
  const dialect: TreeDialect = {
    wording: wordingOf(model.name),
    binary: true,
    readBlob: (value) => (value instanceof Uint8Array ? value : undefined),
    readTimestamp: (value) => (value instanceof Date ? value : typeof value === "number" ? dateOf(value) : undefined),
  };
  const writerDialect: TreeWriterDialect = {
    writeDouble: (value) => (Number.isSafeInteger(value) ? new CborDouble(value) : value),
    writeTimestamp: (value) => new CborTime(clock === "seconds" ? epochSeconds(value) : value.getTime()),
  };
  const readers = new TreeReaders(model, dialect);
  const writers = new TreeWriters(model, writerDialect);
  const parse = (body: Uint8Array): unknown => (body.byteLength === 0 ? {} : decodeCbor(body, maxDepth, dateOf));
  return {
    readers,
    writers,
    parse,
    events: (contentType) => ({
      model,
      contentType,
      write(_name, shape, members) {
        const write = writers.structure(shape, members);
        return (value) => encodeCbor(write(value));
      },
      read(name, shape, members) {
        const read = readers.structure(name, shape, members);
        return (body) => read(parse(body), maxDepth) as Record<string, unknown>;
      },
    }),
  };
}
