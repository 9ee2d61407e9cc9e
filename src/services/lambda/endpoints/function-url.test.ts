import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CreateFunctionUrlConfigRequest } from "../../../api/lambda/types.ts";
import type { SystemClock } from "../../../base/clock.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { makeFunction } from "../test-functions.ts";

const source = `
exports.handler = async (event) => {
  const query = event.queryStringParameters ?? {};
  switch (query.do) {
    case "throw": throw new Error("no");
    case "string": return "plain";
    case "full": return {
      statusCode: 201, headers: { "X-Mine": "1", "Access-Control-Allow-Origin": "https://mine" },
      cookies: ["a=1; Secure", "b=2"], body: Buffer.from("bytes").toString("base64"), isBase64Encoded: true,
    };
    case "bad": return { statusCode: 200, body: { not: "text" } };
    default: return event;
  }
};
`;
const streaming = `
exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  if (event.rawPath === "/early") throw new Error("no");
  stream = awslambda.HttpResponseStream.from(stream, { statusCode: 202, headers: { "x-mine": "2" }, cookies: ["c=3"] });
  stream.write("one ");
  await new Promise((done) => setTimeout(done, 20));
  stream.end("two");
});
`;

let platform: TestPlatform<SystemClock>;
const urls = new Map<string, string>();
beforeAll(async () => {
  platform = await liveTestPlatform({ functions: true });
  await make("f", source, { Cors: { AllowOrigins: ["https://a.example"], AllowMethods: ["GET"], MaxAge: 5 } });
  await make("plain", source);
  await make("stream", streaming, { InvokeMode: "RESPONSE_STREAM" });
});
afterAll(() => platform.close());

async function make(name: string, code: string, more: Partial<CreateFunctionUrlConfigRequest> = {}): Promise<void> {
  const { lambda } = platform.aws();
  await makeFunction(platform, code, { FunctionName: name });
  const { FunctionUrl } = await lambda.CreateFunctionUrlConfig({ FunctionName: name, AuthType: "NONE", ...more });
  urls.set(name, FunctionUrl);
  const everybody = { FunctionName: name, Principal: "*" };
  await lambda.AddPermission({
    ...everybody,
    StatementId: "url",
    Action: "lambda:InvokeFunctionUrl",
    FunctionUrlAuthType: "NONE",
  });
  await lambda.AddPermission({
    ...everybody,
    StatementId: "invoke",
    Action: "lambda:InvokeFunction",
    InvokedViaFunctionUrl: true,
  });
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** As a browser would, whose `*.localhost` is this machine; the machine's own resolver may not know that. */
function call(
  path: string,
  {
    name = "f",
    method = "GET",
    headers = {},
    body = "",
  }: { name?: string; method?: string; headers?: object; body?: string | Buffer } = {},
): Promise<Answer> {
  const url = new URL(path, urls.get(name));
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: url.port, path, method, headers: { host: url.host, ...headers } };
    const sent = request(options, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("error", reject);
      res.on("end", () =>
        resolve({ status: res.statusCode!, headers: res.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

test("the function receives the request in payload format 2.0", async () => {
  const { host } = new URL(urls.get("f")!);
  const { status, headers, body } = await call("/a%20b/c?x=1&x=2&y=%C3%BC", {
    method: "POST",
    headers: { "content-type": "application/json", Cookie: "a=1; b=2", "X-Many": ["1", "2"], "user-agent": "me" },
    body: '{"ü":1}',
  });
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("application/json");
  const domainName = host.replace(/:\d+$/, "");
  expect(JSON.parse(body)).toMatchObject({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/a%20b/c",
    rawQueryString: "x=1&x=2&y=%C3%BC",
    cookies: ["a=1", "b=2"],
    headers: { "content-type": "application/json", "x-many": "1, 2", host: domainName, "x-forwarded-proto": "http" },
    queryStringParameters: { x: "1,2", y: "ü" },
    requestContext: {
      accountId: "anonymous",
      apiId: domainName.split(".")[0],
      domainName,
      domainPrefix: domainName.split(".")[0],
      http: { method: "POST", path: "/a b/c", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "me" },
      requestId: headers["x-amzn-requestid"],
      routeKey: "$default",
      stage: "$default",
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    body: '{"ü":1}',
    isBase64Encoded: false,
  });
  expect(JSON.parse(body).headers).not.toHaveProperty("cookie");
  const binary = JSON.parse((await call("/", { method: "PUT", body: Buffer.from([0, 255]) })).body);
  expect(binary).toMatchObject({ body: "AP8=", isBase64Encoded: true, rawPath: "/" });
  const empty = JSON.parse((await call("/")).body);
  expect(empty).not.toHaveProperty("body");
  expect(empty).not.toHaveProperty("queryStringParameters");
});

test("an answer with a status code says status, headers, cookies and body; any other JSON is the body", async () => {
  const full = await call("/?do=full", { name: "plain" });
  expect(full).toMatchObject({ status: 201, body: "bytes" });
  expect(full.headers).toMatchObject({
    "x-mine": "1",
    "set-cookie": ["a=1; Secure", "b=2"],
    "access-control-allow-origin": "https://mine",
  });
  expect(await call("/?do=string")).toMatchObject({ status: 200, body: "plain" });
});

test("a function that fails, or answers what is no answer, is a bad gateway", async () => {
  for (const path of ["/?do=throw", "/?do=bad"]) {
    expect(await call(path)).toMatchObject({ status: 502, body: "Internal Server Error" });
  }
});

test("the URL answers browsers' questions about origins itself", async () => {
  const preflight = (origin: string) =>
    call("/", { method: "OPTIONS", headers: { origin, "access-control-request-method": "GET" } });
  expect((await preflight("https://a.example")).headers).toMatchObject({
    "access-control-allow-origin": "https://a.example",
    "access-control-allow-methods": "GET",
    "access-control-max-age": "5",
  });
  expect((await preflight("https://b.example")).headers).not.toHaveProperty("access-control-allow-origin");
  const { headers } = await call("/?do=full", { headers: { origin: "https://a.example" } });
  expect(headers["access-control-allow-origin"]).toBe("https://a.example");
  expect((await call("/?do=full")).headers).not.toHaveProperty("access-control-allow-origin");
});

test("a streamed answer begins with its head and comes in pieces", async () => {
  const answer = await call("/", { name: "stream" });
  expect(answer).toMatchObject({ status: 202, body: "one two" });
  expect(answer.headers).toMatchObject({ "x-mine": "2", "set-cookie": ["c=3"], "transfer-encoding": "chunked" });
  expect(await call("/early", { name: "stream" })).toMatchObject({ status: 502 });
});

test("without both permissions, and after it was deleted, nobody gets through", async () => {
  const { lambda } = platform.aws();
  await makeFunction(platform, source, { FunctionName: "closed" });
  const { FunctionUrl } = await lambda.CreateFunctionUrlConfig({ FunctionName: "closed", AuthType: "NONE" });
  urls.set("closed", FunctionUrl);
  const forbidden = { status: 403, body: expect.stringContaining("Forbidden") };
  expect(await call("/", { name: "closed" })).toMatchObject(forbidden);
  await lambda.AddPermission({
    FunctionName: "closed",
    StatementId: "url",
    Action: "lambda:InvokeFunctionUrl",
    Principal: "*",
    FunctionUrlAuthType: "NONE",
  });
  expect(await call("/", { name: "closed" })).toMatchObject(forbidden);
  await lambda.DeleteFunction({ FunctionName: "closed" });
  expect(await call("/", { name: "closed" })).toMatchObject({ status: 404 });
});

test("a throttled function answers 429, and a request that is too large 413", async () => {
  const { lambda } = platform.aws();
  const body = Buffer.alloc(6_291_457);
  expect(await call("/", { method: "POST", name: "plain", body })).toMatchObject({ status: 413 });
  await lambda.PutFunctionConcurrency({ FunctionName: "plain", ReservedConcurrentExecutions: 0 });
  expect(await call("/", { name: "plain" })).toMatchObject({ status: 429 });
});
