import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { APIGatewayClient, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, StartLiveTailCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { GetUserCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  SelectObjectContentCommand,
} from "@aws-sdk/client-s3";
import { QueueDoesNotExist, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AwsError } from "../../api/aws-error.ts";
import { ModelLibrary, modelsInSource } from "../../api/load-model.ts";
import { utf8 } from "../../base/bytes.ts";
import type { HttpResponse } from "../../kernel/http.ts";
import { chunkedKind, chunkedOptions, decodeAwsChunked } from "./content-coding/aws-chunked.ts";
import { gunzipBody, isGzipped } from "./content-coding/gunzip.ts";
import type { RequestBody } from "./protocol.ts";
import { serviceProtocols } from "./service-protocols.ts";

/** Real clients against a bare HTTP server that does nothing but speak the protocols. */
const models = new ModelLibrary(modelsInSource);
let server: Server;
let service = "";
let handle: (operation: string, input: Record<string, unknown>) => unknown;
let seen: { protocol?: string; gzipped?: boolean; operation?: string; input?: Record<string, unknown> };

async function answer(request: IncomingMessage): Promise<HttpResponse> {
  const [path = "", query = ""] = request.url!.split("?", 2);
  const headers = request.headers as Record<string, string>;
  const head = { method: request.method!, path, query, headers };
  const protocol = serviceProtocols(await models.load(service)).protocolOf(head);
  try {
    const chunked = chunkedKind(headers) !== undefined;
    const stream = chunked
      ? decodeAwsChunked(request, chunkedOptions(headers))
      : (request as AsyncIterable<Uint8Array>);
    const whole = async (): Promise<Uint8Array> => {
      const bytes = Buffer.concat(await Array.fromAsync(stream));
      return isGzipped(headers) ? gunzipBody(bytes, 1e6) : bytes;
    };
    const form = protocol.namesOperationInBody(head) ? await whole() : undefined;
    const match = protocol.findOperation(head, form);
    const body: RequestBody = form ?? (match.operation.streamsInput ? stream : await whole());
    const input = (await match.operation.decode(match, head, body)) as Record<string, unknown>;
    seen = { protocol: protocol.name, operation: match.operation.name, gzipped: isGzipped(headers), input };
    return match.operation.encode(await handle(match.operation.name, input), "the-request-id");
  } catch (error) {
    if (error instanceof AwsError) return protocol.refuse(error, undefined, "the-request-id");
    throw error;
  }
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { status, headers, body } = await answer(request);
    response.writeHead(status, headers.flat());
    if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return response.end(body);
    for await (const chunk of body) response.write(chunk);
    return response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  seen = {};
});

function config(name: string) {
  service = name;
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
}

test("DynamoDB's client writes and reads an item, its checksum verified", async () => {
  const client = new DynamoDBClient(config("dynamodb"));
  const Item = {
    id: { N: "1" },
    blob: { B: utf8("hi") },
    deep: { M: { list: { L: [{ BOOL: true }, { NULL: true }] } } },
  };
  handle = () => ({ Item });
  expect((await client.send(new GetItemCommand({ TableName: "users", Key: { id: { N: "1" } } }))).Item).toEqual(Item);
  expect(seen).toMatchObject({ protocol: "json", operation: "GetItem", input: { Key: { id: { N: "1" } } } });
});

test("DynamoDB's client sees its modelled exceptions with their members", async () => {
  const client = new DynamoDBClient(config("dynamodb"));
  const put = () => client.send(new PutItemCommand({ TableName: "users", Item: {} }));
  handle = () => {
    throw new AwsError({ code: "ResourceNotFoundException", message: "Requested resource not found", status: 400 });
  };
  const missing: unknown = await put().catch((error: unknown) => error);
  expect(missing).toBeInstanceOf(ResourceNotFoundException);
  expect(missing).toMatchObject({
    message: "Requested resource not found",
    $metadata: { requestId: "the-request-id" },
  });
  handle = () => {
    const fields = { Item: { id: { S: "x" } } };
    throw new AwsError({ code: "ConditionalCheckFailedException", message: "no", status: 400, fields });
  };
  const failed: unknown = await put().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ConditionalCheckFailedException);
  expect(failed).toMatchObject({ Item: { id: { S: "x" } } });
});

test("SQS's client sees an exception by its shape and the code of its older protocol", async () => {
  const client = new SQSClient(config("sqs"));
  handle = () => {
    throw new AwsError({
      code: "AWS.SimpleQueueService.NonExistentQueue",
      shape: "QueueDoesNotExist",
      message: "The specified queue does not exist.",
      status: 400,
    });
  };
  const error: unknown = await client
    .send(new SendMessageCommand({ QueueUrl: "http://q", MessageBody: "m" }))
    .catch((each: unknown) => each);
  expect(error).toBeInstanceOf(QueueDoesNotExist);
  expect(error).toMatchObject({ Code: "AWS.SimpleQueueService.NonExistentQueue", Type: "Sender" });
});

test("IAM's client reads dates and exceptions of the query protocol", async () => {
  const client = new IAMClient(config("iam"));
  const CreateDate = new Date("2026-11-20T10:00:00.000Z");
  const User = { UserName: "ada", UserId: "A", Arn: "arn", Path: "/", CreateDate, Tags: [{ Key: "a<b", Value: "&" }] };
  handle = () => ({ User });
  expect((await client.send(new GetUserCommand({ UserName: "ada" }))).User).toEqual(User);
  expect(seen).toMatchObject({ protocol: "query", input: { UserName: "ada" } });
  handle = () => {
    throw new AwsError({ code: "NoSuchEntity", shape: "NoSuchEntityException", message: "gone", status: 404 });
  };
  const error: unknown = await client.send(new GetUserCommand({})).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(NoSuchEntityException);
  expect(error).toMatchObject({ message: "gone", $metadata: { httpStatusCode: 404, requestId: "the-request-id" } });
});

test("API Gateway's client reads dates of REST JSON", async () => {
  const client = new APIGatewayClient(config("apigateway"));
  const items = [{ id: "a", name: "n", createdDate: new Date(1_500_000_000_000), tags: { constructor: "x" } }];
  handle = () => ({ items });
  expect((await client.send(new GetRestApisCommand({ limit: 5 }))).items).toEqual(items);
  expect(seen).toMatchObject({ operation: "GetRestApis", input: { limit: 5 } });
});

test("Lambda's client invokes with a payload and reads headers and a stream of events", async () => {
  const client = new LambdaClient(config("lambda"));
  handle = () => ({ StatusCode: 202, FunctionError: "Unhandled", Payload: utf8('"pong"') });
  const invoked = await client.send(
    new InvokeCommand({ FunctionName: "arn:aws:f/1", Payload: '"ping"', LogType: "Tail" }),
  );
  expect(invoked).toMatchObject({ StatusCode: 202, FunctionError: "Unhandled" });
  expect(invoked.Payload!.transformToString()).toBe('"pong"');
  expect(seen.input).toMatchObject({ FunctionName: "arn:aws:f/1", LogType: "Tail" });
  expect(Buffer.from(seen.input!["Payload"] as Uint8Array).toString()).toBe('"ping"');

  handle = () => ({
    StatusCode: 200,
    EventStream: (async function* () {
      yield { PayloadChunk: { Payload: utf8("one") } };
      yield { InvokeComplete: { LogResult: "log" } };
    })(),
  });
  const streamed = await client.send(new InvokeWithResponseStreamCommand({ FunctionName: "f" }));
  const events = await Array.fromAsync(streamed.EventStream!);
  expect(Buffer.from(events[0]!.PayloadChunk!.Payload!).toString()).toBe("one");
  expect(events[1]!.InvokeComplete).toEqual({ LogResult: "log" });
});

test("CloudWatch's client sends gzip'd JSON to a service that speaks three protocols", async () => {
  const client = new CloudWatchClient(config("cloudwatch"));
  const StateUpdatedTimestamp = new Date(1_700_000_000_123);
  handle = (name) =>
    name === "PutMetricData" ? undefined : { MetricAlarms: [{ Threshold: 2, StateUpdatedTimestamp }] };
  const Timestamp = new Date(1_600_000_000_500);
  const MetricData = Array.from({ length: 200 }, (_, i) => ({ MetricName: `metric-${i}`, Value: i / 2, Timestamp }));
  await client.send(new PutMetricDataCommand({ Namespace: "n", MetricData }));
  expect(seen).toMatchObject({ protocol: "json", gzipped: true, input: { Namespace: "n", MetricData } });
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms).toEqual([{ Threshold: 2, StateUpdatedTimestamp }]);
});

test("CloudWatch Logs' client reads an event stream with its first response and a modelled exception", async () => {
  const client = new CloudWatchLogsClient({ ...config("logs"), disableHostPrefix: true });
  handle = () => ({
    responseStream: (async function* () {
      yield { sessionStart: { sessionId: "s" } };
      throw new AwsError({ code: "SessionTimeoutException", message: "too long", status: 400 });
    })(),
  });
  const { responseStream } = await client.send(new StartLiveTailCommand({ logGroupIdentifiers: ["arn"] }));
  const events: unknown[] = [];
  const reading = async (): Promise<void> => {
    for await (const event of responseStream!) events.push(event);
  };
  await expect(reading()).rejects.toMatchObject({ name: "SessionTimeoutException", message: "too long" });
  expect(events).toEqual([{ sessionStart: { sessionId: "s" } }]);
});

test("S3's client puts with a trailing checksum, gets a stream, lists, and sees NoSuchKey", async () => {
  const client = new S3Client({ ...config("s3"), forcePathStyle: true });
  let stored = "";
  handle = async (_name, { Body }) => {
    stored = Buffer.concat(await Array.fromAsync(Body as AsyncIterable<Uint8Array>)).toString();
    return { ETag: '"etag"' };
  };
  const put = await client.send(
    new PutObjectCommand({ Bucket: "b", Key: "a/b c.txt", Body: "hello", Metadata: { k: "v" } }),
  );
  expect(put.ETag).toBe('"etag"');
  expect(stored).toBe("hello");
  expect(seen.input).toMatchObject({ Bucket: "b", Key: "a/b c.txt", Metadata: { k: "v" } });

  handle = () => ({
    Body: (async function* () {
      yield utf8("he");
      yield utf8("llo");
    })(),
    ContentType: "text/plain",
    LastModified: new Date(1_600_000_000_000),
    Metadata: { k: "v" },
  });
  const got = await client.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
  expect(await got.Body!.transformToString()).toBe("hello");
  expect(got).toMatchObject({
    ContentType: "text/plain",
    LastModified: new Date(1_600_000_000_000),
    Metadata: { k: "v" },
  });

  const Contents = [{ Key: "a&b", Size: 3, LastModified: new Date(1_600_000_000_500) }];
  handle = () => ({ Name: "b", IsTruncated: false, Contents, CommonPrefixes: [{ Prefix: "p/" }] });
  const listed = await client.send(new ListObjectsV2Command({ Bucket: "b", Prefix: "a" }));
  expect(seen).toMatchObject({ operation: "ListObjectsV2", input: { Prefix: "a" } });
  expect(listed).toMatchObject({ Name: "b", IsTruncated: false, Contents, CommonPrefixes: [{ Prefix: "p/" }] });

  handle = () => {
    const fields = { Key: "k" };
    throw new AwsError({ code: "NoSuchKey", message: "The specified key does not exist.", status: 404, fields });
  };
  const missing: unknown = await client
    .send(new GetObjectCommand({ Bucket: "b", Key: "k" }))
    .catch((error: unknown) => error);
  expect(missing).toBeInstanceOf(NoSuchKey);
  expect(missing).toMatchObject({ $metadata: { httpStatusCode: 404, requestId: "the-request-id" } });
});

test("S3's client reads events whose payloads are XML", async () => {
  const client = new S3Client({ ...config("s3"), forcePathStyle: true });
  const Details = { BytesScanned: 1, BytesProcessed: 2, BytesReturned: 3 };
  handle = () => ({
    Payload: (async function* () {
      yield { Records: { Payload: utf8("a,b") } };
      yield { Stats: { Details } };
      yield { End: {} };
    })(),
  });
  const { Payload } = await client.send(
    new SelectObjectContentCommand({
      Bucket: "b",
      Key: "k",
      Expression: "select < 1",
      ExpressionType: "SQL",
      InputSerialization: { CSV: {} },
      OutputSerialization: { CSV: {} },
    }),
  );
  expect(seen).toMatchObject({ operation: "SelectObjectContent", input: { Expression: "select < 1" } });
  const events = await Array.fromAsync(Payload!);
  expect(Buffer.from(events[0]!.Records!.Payload!).toString()).toBe("a,b");
  expect(events.slice(1)).toEqual([{ Stats: { Details } }, { End: {} }]);
});
