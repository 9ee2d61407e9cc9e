import type { ServiceModel } from "../../../api/model.ts";
import { targetOperation } from "../json/aws-json.ts";
import type { WireProtocol } from "../protocol.ts";
import { rpcProtocol } from "../rpc/rpc-protocol.ts";
import { cborCodec } from "./cbor-codec.ts";
import { encodeCbor } from "./encode-cbor.ts";

/** What AWS's Java SDKs speak to Kinesis: AWS JSON with its trees in CBOR, and timestamps in milliseconds. */
export function awsCbor(model: ServiceModel): WireProtocol {
  const contentType = "application/x-amz-cbor-1.1";
  const { readers, writers, parse, events } = cborCodec(model, "milliseconds");
  return rpcProtocol({
    name: "json",
    model,
    readers,
    writers,
    events: events(contentType),
    noOutput: "",
    unknownStatus: 400,
    operationName: targetOperation,
    parse,
    serialize: encodeCbor,
    headers: (requestId) => [
      ["content-type", contentType],
      ["x-amzn-requestid", requestId],
    ],
  });
}
