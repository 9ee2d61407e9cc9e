import { crc32 } from "node:zlib";
import type { ServiceModel } from "../../../api/model.ts";
import type { RequestHead, WireProtocol } from "../protocol.ts";
import { rpcProtocol } from "../rpc/rpc-protocol.ts";
import type { HeaderPairs } from "../rpc/rpc-protocol.ts";
import { jsonDialect, TreeReaders } from "../tree/tree-reader.ts";
import { jsonWriterDialect, TreeWriters } from "../tree/tree-writer.ts";
import { wordingOf } from "../tree/wording.ts";
import { jsonEvents } from "./json-events.ts";
import { parseJsonBody } from "./parse-json.ts";

/** AWS JSON 1.0 and 1.1: `x-amz-target` names the operation, the body is the input. */
export function awsJson(model: ServiceModel): WireProtocol {
  const contentType = `application/x-amz-json-${model.metadata.jsonVersion ?? "1.0"}`;
  const readers = new TreeReaders(model, jsonDialect(wordingOf(model.name)));
  const writers = new TreeWriters(model, jsonWriterDialect);
  const hasChecksum = model.name === "dynamodb" || model.name === "dynamodbstreams";
  return rpcProtocol({
    name: "json",
    model,
    readers,
    writers,
    events: jsonEvents(model, readers, writers),
    noOutput: "",
    unknownStatus: 400,
    operationName: targetOperation,
    parse: parseJsonBody,
    serialize: JSON.stringify,
    headers(requestId, body) {
      const headers: HeaderPairs = [
        ["content-type", contentType],
        ["x-amzn-requestid", requestId],
      ];
      if (hasChecksum && body !== undefined) headers.push(["x-amz-crc32", String(crc32(body))]);
      return headers;
    },
  });
}

/**
 * The operation of an `x-amz-target`. What precedes it is not looked at: the front door has used it to find the
 * service, and clients of several generations of an API send different ones.
 */
export function targetOperation(head: RequestHead): string | undefined {
  const target = head.headers["x-amz-target"];
  return target?.slice(target.lastIndexOf(".") + 1);
}
