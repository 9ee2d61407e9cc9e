import { expect, test } from "vitest";
import { AwsError } from "../../api/aws-error.ts";
import { ModelLibrary } from "../../api/load-model.ts";
import { utf8 } from "../../base/bytes.ts";
import { cborCodec } from "./cbor/cbor-codec.ts";
import { encodeCbor } from "./cbor/encode-cbor.ts";
import { refuseWithoutService, serviceProtocols } from "./service-protocols.ts";

const models = new ModelLibrary();
const head = (headers: Record<string, string>, query = "", path = "/") => ({ method: "POST", path, query, headers });

test.each([
  ["sqs", { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" }, "", "json"],
  ["sqs", { "content-type": "application/x-www-form-urlencoded; charset=utf-8" }, "", "query"],
  ["sqs", {}, "Version=1&Action=ListQueues", "query"],
  ["sqs", {}, "", "json"],
  ["cloudwatch", { "smithy-protocol": "rpc-v2-cbor" }, "", "smithy-rpc-v2-cbor"],
  ["cloudwatch", { "content-type": "application/x-amz-json-1.0" }, "", "json"],
  ["cloudwatch", { "content-type": "application/x-www-form-urlencoded" }, "", "query"],
  ["s3", { "content-type": "application/x-www-form-urlencoded" }, "Action=x", "rest-xml"],
  ["lambda", { "content-type": "application/json" }, "", "rest-json"],
])("a request to %s with %j and the query '%s' speaks %s", async (service, headers, query, expected) => {
  expect(serviceProtocols(await models.load(service)).protocolOf(head(headers, query)).name).toBe(expected);
});

test("Kinesis is spoken to in CBOR, with timestamps in milliseconds", async () => {
  const kinesis = await models.load("kinesis");
  const request = head({ "content-type": "application/x-amz-cbor-1.1", "x-amz-target": "Kinesis_20131202.PutRecord" });
  const protocol = serviceProtocols(kinesis).protocolOf(request);
  const match = protocol.findOperation(request);
  const body = encodeCbor({ StreamName: "s", Data: utf8("hi"), PartitionKey: "p" });
  expect(match.operation.decode(match, request, body)).toEqual({
    StreamName: "s",
    Data: Buffer.from("hi"),
    PartitionKey: "p",
  });
  const at = new Date(1_700_000_000_123);
  const output = {
    Records: [{ Data: utf8("x"), PartitionKey: "p", SequenceNumber: "1", ApproximateArrivalTimestamp: at }],
  };
  const answer = protocol.operation("GetRecords")!.encode(output, "id");
  expect(answer.headers).toContainEqual(["content-type", "application/x-amz-cbor-1.1"]);
  expect(Buffer.from(answer.body as Uint8Array).toString("hex")).toContain("c11b0000018bcfe5687b");
  expect(cborCodec(kinesis, "milliseconds").parse(answer.body as Uint8Array)).toMatchObject({
    Records: [{ ApproximateArrivalTimestamp: at }],
  });
});

test("the protocols of a model are made once", async () => {
  const model = await models.load("iam");
  expect(serviceProtocols(model)).toBe(serviceProtocols(model));
  expect(serviceProtocols(model).preferred.operation("GetUser")).toBe(
    serviceProtocols(model).preferred.operation("GetUser"),
  );
});

test("a request without a service is refused in its own form", () => {
  const error = new AwsError({ code: "MissingAuthenticationToken", message: "who?", status: 403 });
  const body = (headers: Record<string, string>) => refuseWithoutService(error, head(headers), "id").body;
  expect(body({ "x-amz-target": "A.B" })).toBe('{"__type":"MissingAuthenticationToken","message":"who?"}');
  expect(body({ "content-type": "application/x-www-form-urlencoded" })).toContain(
    "<Code>MissingAuthenticationToken</Code>",
  );
  expect(body({})).toBe('{"message":"who?"}');
  expect(body({ "smithy-protocol": "rpc-v2-cbor" })).toBeInstanceOf(Uint8Array);
});
