import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { AwsError } from "../../../api/aws-error.ts";
import { ModelLibrary } from "../../../api/load-model.ts";
import { utf8 } from "../../../base/bytes.ts";
import { serviceProtocols } from "../service-protocols.ts";

const models = new ModelLibrary();
const requestId = "REQUESTID";

async function protocolOf(service: string) {
  return serviceProtocols(await models.load(service)).preferred;
}

async function decode(service: string, operation: string, body: unknown): Promise<unknown> {
  const protocol = await protocolOf(service);
  const headers = { "x-amz-target": `Prefix.${operation}` };
  const head = { method: "POST", path: "/", query: "", headers };
  const match = protocol.findOperation(head);
  const bytes = body instanceof Uint8Array ? body : utf8(typeof body === "string" ? body : JSON.stringify(body));
  return match.operation.decode(match, head, bytes);
}

describe("values of the wrong type are refused", () => {
  // Seen from DynamoDB: https://github.com/architect/dynalite (test/helpers.js).
  test.each([
    ["PutItem", { TableName: 23 }, "NUMBER_VALUE cannot be converted to String"],
    ["PutItem", { TableName: true }, "TRUE_VALUE cannot be converted to String"],
    ["PutItem", { TableName: [] }, "Unrecognized collection type class java.lang.String"],
    ["PutItem", { TableName: {} }, "Start of structure or map found where not expected"],
    ["Query", { Limit: "23" }, "STRING_VALUE cannot be converted to Integer"],
    ["Query", { Limit: 1.5 }, "NUMBER_VALUE cannot be converted to Integer"],
    ["Query", { Limit: 2 ** 31 }, "NUMBER_VALUE cannot be converted to Integer"],
    ["Query", { ScanIndexForward: "x" }, "Unexpected token received from parser"],
    ["Query", { AttributesToGet: "x" }, "Unexpected field type"],
    ["PutItem", { Item: "x" }, "Unexpected field type"],
    ["PutItem", { Item: { a: "x" } }, "Unexpected value type in payload"],
    ["PutItem", { Item: { a: { B: 1 } } }, "Only base-64-encoded strings are convertible to bytes"],
    [
      "PutItem",
      { Item: { a: { B: "12345" } } },
      "Base64 encoded length is expected a multiple of 4 bytes but found: 5",
    ],
  ])("DynamoDB %s %j: %s", async (operation, input, message) => {
    const expected = { code: "SerializationException", message, status: 400 };
    await expect(decode("dynamodb", operation, input)).rejects.toMatchObject(expected);
  });

  test.each([
    [{ QueueUrl: 23 }, "NUMBER_VALUE can not be converted to a String"],
    [{ QueueUrl: {} }, "Start of structure or map found where not expected."],
    [{ QueueUrl: [] }, "Start of list found where not expected"],
    [{ DelaySeconds: "x" }, "STRING_VALUE can not be converted to an Integer"],
    [{ MessageAttributes: { a: "x" } }, "Expected null"],
    [{ MessageAttributes: { a: { StringListValues: "x" } } }, "Expected list or null"],
  ])("SQS %j: %s", async (input, message) => {
    await expect(decode("sqs", "SendMessage", input)).rejects.toMatchObject({ message, status: 400 });
  });

  test.each([
    ["no JSON", "{"],
    ["JSON followed by more", "{} {}"],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
    ["no object", "[]"],
    ["null in a list", '{"AttributesToGet":[null]}'],
    ["nested without end", `{"Key":${'{"a":{"M":'.repeat(5000)}{}${"}}".repeat(5000)}}`],
  ])("%s", async (_what, body) => {
    await expect(decode("dynamodb", "GetItem", body)).rejects.toMatchObject({ code: "SerializationException" });
  });
});

test("unknown members and nulls are as if absent, of duplicate keys the last wins, an empty body is empty", async () => {
  expect(await decode("dynamodb", "GetItem", '{"TableName":"a","Nope":1,"Key":null,"TableName":"b"}')).toEqual({
    TableName: "b",
  });
  expect(await decode("dynamodb", "ListTables", "")).toEqual({});
});

test("keys from outside mean nothing but themselves", async () => {
  const body = '{"__proto__":{"TableName":"x"},"Item":{"__proto__":{"S":"p"},"constructor":{"S":"c"}}}';
  const input = (await decode("dynamodb", "PutItem", body)) as { Item: Record<string, unknown>; TableName?: string };
  expect(input.TableName).toBeUndefined();
  expect(Object.keys(input)).toEqual(["Item"]);
  expect(Object.entries(input.Item)).toEqual([
    ["__proto__", { S: "p" }],
    ["constructor", { S: "c" }],
  ]);
  expect(input.Item["toString"]).toBeUndefined();
});

describe("errors", () => {
  test("of DynamoDB carry a namespace and the checksum of the body", async () => {
    const error = new AwsError({ code: "ResourceNotFoundException", message: "not found", status: 400 });
    const { status, headers, body } = (await protocolOf("dynamodb")).refuse(error, "GetItem", requestId);
    expect(status).toBe(400);
    expect(body).toBe('{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"not found"}');
    expect(Object.fromEntries(headers)).toEqual({
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-requestid": requestId,
      "x-amz-crc32": String(crc32(body as string)),
    });
  });

  test.each([
    ["dynamodb", "ValidationException", '{"__type":"com.amazon.coral.validate#ValidationException","message":"m"}'],
    [
      "dynamodb",
      "SerializationException",
      '{"__type":"com.amazon.coral.service#SerializationException","Message":"m"}',
    ],
    ["dynamodb", "TransactionCanceledException", undefined],
    ["kinesis", "ResourceNotFoundException", '{"__type":"ResourceNotFoundException","message":"m"}'],
    ["sqs", "QueueDoesNotExist", '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"m"}'],
  ])("of %s: %s", async (service, code, expected) => {
    const fields =
      code === "TransactionCanceledException"
        ? { CancellationReasons: [{ Code: "None", Item: { a: { B: utf8("x") } } }] }
        : {};
    const { body } = (await protocolOf(service)).refuse(
      new AwsError({ code, message: "m", status: 400, fields }),
      undefined,
      requestId,
    );
    const cancelled =
      '{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"m",' +
      '"CancellationReasons":[{"Code":"None","Item":{"a":{"B":"eA=="}}}]}';
    expect(body).toBe(expected ?? cancelled);
  });

  test("of services that spoke query once carry the code of that time", async () => {
    const error = new AwsError({
      code: "AWS.SimpleQueueService.NonExistentQueue",
      shape: "QueueDoesNotExist",
      message: "m",
      status: 400,
      headers: { "retry-after": "1" },
    });
    const { headers } = (await protocolOf("sqs")).refuse(error, undefined, requestId);
    expect(headers).toContainEqual(["x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"]);
    expect(headers).toContainEqual(["retry-after", "1"]);
  });

  test("an unknown target is refused, and what every object inherits is none", async () => {
    for (const name of ["Nope", "constructor", "__proto__", "toString"]) {
      await expect(decode("dynamodb", name, {})).rejects.toMatchObject({
        code: "UnknownOperationException",
        status: 400,
      });
    }
  });
});

test("answers leave out what is null, undefined or unknown to the model, and change nothing of the handler's", async () => {
  const output = Object.freeze({ TableNames: Object.freeze(["a"]), LastEvaluatedTableName: undefined, secret: 1 });
  const { body } = (await protocolOf("dynamodb")).operation("ListTables")!.encode(output, requestId);
  expect(body).toBe('{"TableNames":["a"]}');
});

test("timestamps are seconds with a fraction, blobs base64, floats that are no numbers texts", async () => {
  const kinesis = await protocolOf("kinesis");
  const record = {
    Data: utf8("hi"),
    PartitionKey: "p",
    SequenceNumber: "1",
    ApproximateArrivalTimestamp: new Date(1500),
  };
  expect(kinesis.operation("GetRecords")!.encode({ Records: [record] }, requestId).body).toBe(
    '{"Records":[{"Data":"aGk=","PartitionKey":"p","SequenceNumber":"1","ApproximateArrivalTimestamp":1.5}]}',
  );
  const cloudwatch = serviceProtocols(await models.load("cloudwatch")).protocolOf({
    method: "POST",
    path: "/",
    query: "",
    headers: { "content-type": "application/x-amz-json-1.0" },
  });
  const alarms = { MetricAlarms: [{ Threshold: NaN }, { Threshold: -Infinity }] };
  expect(cloudwatch.operation("DescribeAlarms")!.encode(alarms, requestId).body).toBe(
    '{"MetricAlarms":[{"Threshold":"NaN"},{"Threshold":"-Infinity"}]}',
  );
});
