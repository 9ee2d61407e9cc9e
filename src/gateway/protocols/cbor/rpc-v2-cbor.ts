import type { ServiceModel } from "../../../api/model.ts";
import type { RequestHead, WireProtocol } from "../protocol.ts";
import { rpcProtocol } from "../rpc/rpc-protocol.ts";
import type { HeaderPairs } from "../rpc/rpc-protocol.ts";
import { cborCodec } from "./cbor-codec.ts";
import { encodeCbor } from "./encode-cbor.ts";

/** Smithy RPC v2 CBOR: the path names the operation. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
export function rpcV2Cbor(model: ServiceModel): WireProtocol {
  const { readers, writers, parse, events } = cborCodec(model, "seconds");
  return rpcProtocol({
    name: "smithy-rpc-v2-cbor",
    model,
    readers,
    writers,
    events: events("application/cbor"),
    noOutput: undefined,
    unknownStatus: 404,
    operationName: pathOperation,
    parse,
    serialize: encodeCbor,
    headers(requestId, body) {
      const headers: HeaderPairs = [
        ["smithy-protocol", "rpc-v2-cbor"],
        ["x-amzn-requestid", requestId],
      ];
      if (body !== undefined) headers.push(["content-type", "application/cbor"]);
      return headers;
    },
  });
}

/** `/service/{service}/operation/{operation}`, after any prefix. */
function pathOperation(head: RequestHead): string | undefined {
  return head.method === "POST" ? /\/service\/\w+\/operation\/(\w+)$/.exec(head.path)?.[1] : undefined;
}
