import type { ServiceModel } from "../../../api/model.ts";
import { utf8 } from "../../../base/bytes.ts";
import type { EventFormat } from "../event-stream/event-stream-codec.ts";
import { maxDepth } from "../shapes.ts";
import type { TreeReaders } from "../tree/tree-reader.ts";
import type { TreeWriters } from "../tree/tree-writer.ts";
import { parseJsonBody } from "./parse-json.ts";

/** Event payloads in JSON. */
export function jsonEvents(model: ServiceModel, readers: TreeReaders, writers: TreeWriters): EventFormat {
  return {
    model,
    contentType: "application/json",
    write(_name, shape, members) {
      const write = writers.structure(shape, members);
      return (value) => utf8(JSON.stringify(write(value)));
    },
    read(name, shape, members) {
      const read = readers.structure(name, shape, members);
      return (body) => read(parseJsonBody(body), maxDepth) as Record<string, unknown>;
    },
  };
}
