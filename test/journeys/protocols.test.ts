import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListGlobalTablesCommand,
  ListTablesCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anyKey, awsCli, hasPythonClients, python, run, sdkConfig } from "../harness/clients.ts";
import { VirgaProcess } from "../harness/virga-process.ts";

let folder: string;
let virga: VirgaProcess;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "virga-journey-tls-"));
  const options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost";
  const names = "-addext subjectAltName=DNS:localhost,IP:127.0.0.1";
  const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
  execFileSync("openssl", [...options.split(" "), ...names.split(" "), ...files], { stdio: "ignore" });
  virga = await VirgaProcess.start("--tls-cert", join(folder, "cert.pem"), "--tls-key", join(folder, "key.pem"));
  dynamodb = new DynamoDBClient(sdkConfig(http()));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "letters",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
});
afterAll(async () => {
  dynamodb.destroy();
  await virga.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The same port speaks both. */
const http = () => virga.endpoint.replace("https:", "http:");
const scope = (service: string, key = "test") => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261120/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0`,
  "x-amz-date": "20261120T000000Z",
});

test("zipped requests of the SDKs are taken", async () => {
  // DynamoDB's SDK does not zip by itself; what it signs is what is sent.
  const client = new DynamoDBClient(sdkConfig(http()));
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string; headers: Record<string, string> };
      const zipped = gzipSync(request.body);
      request.body = zipped as unknown as string;
      Object.assign(request.headers, { "content-encoding": "gzip", "content-length": String(zipped.length) });
      return next(args);
    },
    { step: "build", priority: "low", name: "zip" },
  );
  const items = Array.from({ length: 25 }, (_, at) => ({
    PutRequest: { Item: { id: { S: `zipped ${at}` }, text: { S: "long ".repeat(1000) } } },
  }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { letters: items } }));
  const { Item } = await client.send(new GetItemCommand({ TableName: "letters", Key: { id: { S: "zipped 24" } } }));
  expect(Item!["text"]!.S!.length).toBe(5000);
  client.destroy();

  // CloudWatch's SDK does; that service is not there yet, and the refusal comes after the request was understood.
  const cloudwatch = new CloudWatchClient({ ...sdkConfig(http()), requestMinCompressionSizeBytes: 1 });
  const metric = new PutMetricDataCommand({ Namespace: "journey", MetricData: [{ MetricName: "m", Value: 1 }] });
  await expect(cloudwatch.send(metric)).rejects.toMatchObject({
    message: expect.stringMatching(/CloudWatch: PutMetricData is not implemented/),
    $metadata: { httpStatusCode: 501 },
  });
  cloudwatch.destroy();
});

test("HTTP/2 carries many calls on one connection, in the clear and over TLS", async () => {
  for (const url of [http(), virga.endpoint]) {
    const session = connectHttp2(url, { ca: await readFile(join(folder, "cert.pem")) });
    const call = async (id: string) => {
      const stream = session.request({
        ":method": "POST",
        "x-amz-target": "DynamoDB_20120810.PutItem",
        "content-type": "application/x-amz-json-1.0",
        ...scope("dynamodb"),
      });
      stream.end(JSON.stringify({ TableName: "letters", Item: { id: { S: id } } }));
      return text(stream);
    };
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => call(`h2-${at}`)));
    expect(new Set(answers)).toEqual(new Set(["{}"]));
    session.close();
  }
});

describe.skipIf(!hasPythonClients)("the clients in Python (skipped without boto3 and the AWS CLI)", () => {
  test("speak HTTPS with the certificate that they are given", async () => {
    const certificate = { AWS_CA_BUNDLE: join(folder, "cert.pem") };
    expect(virga.endpoint).toMatch(/^https:/);
    const tables = await python(
      virga.endpoint,
      `answer(client("dynamodb").list_tables()["TableNames"])`,
      anyKey,
      certificate,
    );
    expect(tables).toEqual(["letters"]);
    const { stdout } = await run(
      virga.endpoint,
      "aws",
      ["dynamodb", "list-tables", "--output", "text"],
      anyKey,
      certificate,
    );
    expect(stdout).toContain("letters");
    const { stderr } = await run(virga.endpoint, "aws", ["dynamodb", "list-tables"]);
    expect(stderr).toContain("certificate verify failed");
  });

  test("sign URLs ahead, for whoever gets them to call, and only as they are", async () => {
    const iam = new IAMClient(sdkConfig(http()));
    await iam.send(new CreateUserCommand({ UserName: "envoy" }));
    const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: "envoy" }));
    iam.destroy();
    const url = await python<string>(
      http(),
      `answer(client("sts").generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET"))`,
      { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! },
    );
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("<Arn>arn:aws:iam::000000000000:user/envoy</Arn>");
    const changed = await fetch(url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"));
    expect(changed.status).toBe(403);
    expect(await changed.text()).toContain("<Code>SignatureDoesNotMatch</Code>");
  });
});

describe("what is not there yet", () => {
  test("answers 501 in the client's protocol, naming service and operation", async () => {
    const clients = [new SQSClient(sdkConfig(http())), new S3Client(sdkConfig(http()))] as const;
    const refusal = (message: RegExp) => ({
      name: "NotImplemented",
      message: expect.stringMatching(message),
      $metadata: { httpStatusCode: 501 },
    });
    await expect(clients[0].send(new ListQueuesCommand({}))).rejects.toMatchObject(
      refusal(/Simple Queue Service: ListQueues is not implemented/),
    );
    await expect(clients[1].send(new ListBucketsCommand({}))).rejects.toMatchObject(
      refusal(/Simple Storage Service: ListBuckets is not implemented/),
    );
    await expect(dynamodb.send(new ListGlobalTablesCommand({}))).rejects.toMatchObject(
      refusal(/DynamoDB: ListGlobalTables is not implemented/),
    );
    for (const client of clients) client.destroy();
  });

  test.skipIf(!hasPythonClients)("is named by the AWS CLI too (skipped without it)", async () => {
    const list = awsCli(http(), ["cloudformation", "list-stacks"]);
    await expect(list).rejects.toThrow(
      "An error occurred (NotImplemented) when calling the ListStacks operation: AWS CloudFormation: ListStacks is not implemented by Virga yet.",
    );
  });

  test("a service nobody has models for is named as such", async () => {
    const answer = await fetch(http(), { method: "POST", headers: scope("braket"), body: "{}" });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).toContain("braket");
  });
});

describe("malformed requests get AWS's refusal", () => {
  const json = (operation: string) => ({
    "x-amz-target": `DynamoDB_20120810.${operation}`,
    "content-type": "application/x-amz-json-1.0",
    ...scope("dynamodb"),
  });
  const form = { "content-type": "application/x-www-form-urlencoded", ...scope("iam") };
  const lambda = { "content-type": "application/json", ...scope("lambda") };
  const cases: readonly (readonly [string, string, RequestInit, number, string])[] = [
    ["JSON that breaks off", "/", { headers: json("ListTables"), body: `{"Limit":` }, 400, "SerializationException"],
    ["JSON that is no object", "/", { headers: json("ListTables"), body: `[1]` }, 400, "SerializationException"],
    ["a text for a number", "/", { headers: json("ListTables"), body: `{"Limit":"x"}` }, 400, "SerializationException"],
    ["a number too large", "/", { headers: json("ListTables"), body: `{"Limit":101}` }, 400, "ValidationException"],
    ["no body", "/", { headers: json("PutItem") }, 400, "ValidationException"],
    [
      "bytes that are no UTF-8",
      "/",
      { headers: json("ListTables"), body: new Uint8Array([123, 34, 0xff, 34, 58, 49, 125]) },
      400,
      "SerializationException",
    ],
    [
      "nesting without end",
      "/",
      { headers: json("PutItem"), body: `{"Item":`.repeat(50_000) },
      400,
      "SerializationException",
    ],
    [
      "bad base64",
      "/",
      { headers: json("PutItem"), body: `{"TableName":"letters","Item":{"id":{"B":"***"}}}` },
      400,
      "SerializationException",
    ],
    [
      "__proto__",
      "/",
      { headers: json("PutItem"), body: `{"TableName":"letters","Item":{"__proto__":{"S":"x"}}}` },
      400,
      "ValidationException",
    ],
    ["an operation that never was", "/", { headers: json("MakeCoffee"), body: "{}" }, 400, "UnknownOperationException"],
    [
      "gzip that is none",
      "/",
      { headers: { ...json("ListTables"), "content-encoding": "gzip" }, body: "nothing" },
      400,
      "SerializationException",
    ],
    ["a form without an action", "/", { headers: form, body: "Version=2010-05-08" }, 400, "MissingAction"],
    [
      "a form with an unknown action",
      "/",
      { headers: form, body: "Action=Dance&Version=2010-05-08" },
      400,
      "InvalidAction",
    ],
    [
      "a form with bad escapes",
      "/",
      { headers: form, body: "Action=GetUser&UserName=%zz&Version=2010-05-08" },
      400,
      "",
    ],
    [
      "a path out of the folder",
      "/2015-03-31/functions/..%2f..%2fetc/configuration",
      { method: "GET", headers: scope("lambda") },
      400,
      "ValidationException",
    ],
    ["a path with bad escapes", "/2015-03-31/functions/%zz", { method: "GET", headers: scope("lambda") }, 404, ""],
    [
      "a path that leads nowhere",
      "/2015-03-31/nonsense",
      { method: "GET", headers: scope("lambda") },
      404,
      "UnknownOperationException",
    ],
    [
      "a function without anything",
      "/2015-03-31/functions",
      { headers: lambda, body: "{}" },
      400,
      "ValidationException",
    ],
    [
      "a zip that is none",
      "/2015-03-31/functions",
      {
        headers: lambda,
        body: `{"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r","Runtime":"nodejs22.x","Handler":"a.b","Code":{"ZipFile":"bm90aGluZw=="}}`,
      },
      400,
      "InvalidParameterValueException",
    ],
    [
      "a header that is no signature",
      "/",
      { headers: { ...json("ListTables"), authorization: "AWS4-HMAC-SHA256 nonsense" }, body: "{}" },
      400,
      "IncompleteSignatureException",
    ],
  ];

  test.each(cases)("%s", async (_, path, request, status, code) => {
    const answer = await fetch(http() + path, { method: "POST", ...request });
    const body = await answer.text();
    expect(`${answer.status} ${body}`).toMatch(new RegExp(`^${status} `));
    expect(answer.headers.get("x-amzn-requestid")).toMatch(/./);
    expect(`${answer.headers.get("x-amzn-errortype")} ${body}`).toContain(code);
  });

  test("bytes that are no HTTP are answered and hung up on, and the platform stands", async () => {
    const { hostname, port } = new URL(http());
    for (const bytes of [
      "\0\0\0\0\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ]) {
      const socket = connect(Number(port), hostname);
      socket.end(bytes);
      expect(await text(socket)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    }
    expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual(["letters"]);
  });
});
