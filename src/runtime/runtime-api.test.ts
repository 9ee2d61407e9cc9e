import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asBuffer, utf8 } from "../base/bytes.ts";
import { RuntimeApi } from "./runtime-api.ts";
import type { Answer } from "./runtime-api.ts";
import type { Invocation } from "./runtime.ts";

// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
const root = "/2018-06-01/runtime";
let api: RuntimeApi;
beforeEach(async () => {
  api = await RuntimeApi.listen();
});
afterEach(() => api.close());

const url = (path: string) => `http://${api.address}${path}`;
const next = () => fetch(url(`${root}/invocation/next`));
const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(url(root + path), { method: "POST", body, headers });

/** Hands an invocation over and answers how it was answered. */
function invoke(more: Partial<Invocation> = {}): Promise<Answer> {
  const invocation = { requestId: "r-1", event: utf8('{"a":1}'), deadline: 0, functionArn: "arn:f", ...more };
  return new Promise((resolve) => api.invoke(invocation, 1234.5, resolve));
}

async function refusal(response: Response): Promise<unknown> {
  return { status: response.status, ...((await response.json()) as object) };
}

describe("next", () => {
  test("waits for an invocation and gives it with its headers", async () => {
    const waiting = next();
    void invoke({
      traceId: "Root=1\r\nEvil: é",
      clientContext: '{\n"custom":"é"}',
      cognitoIdentity: '{"cognitoIdentityId":"i"}',
    });
    const response = await waiting;
    expect(await response.text()).toBe('{"a":1}');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": "r-1",
      "lambda-runtime-deadline-ms": "1235",
      "lambda-runtime-invoked-function-arn": "arn:f",
      "lambda-runtime-trace-id": "Root=1??Evil: ?",
      "lambda-runtime-client-context": '{ "custom":"\\u00e9"}',
      "lambda-runtime-cognito-identity": '{"cognitoIdentityId":"i"}',
    });
  });

  test("gives an invocation that came before it at once", async () => {
    void invoke();
    expect((await next()).status).toBe(200);
  });

  test("tells once that init has ended", async () => {
    let ready = 0;
    api.onReady = () => ready++;
    void invoke();
    await next();
    await post("/invocation/r-1/response", "1");
    void invoke();
    await next();
    expect(ready).toBe(1);
  });

  test("is refused in the middle of an invocation", async () => {
    void invoke();
    await next();
    expect(await refusal(await next())).toEqual({
      status: 403,
      errorType: "InvalidStateTransition",
      errorMessage: "State transition from Running to Ready failed for runtime. Error: State transition is not allowed",
    });
  });

  test("may follow a response in the same packet", async () => {
    const answer = invoke();
    await next();
    const socket = connect(Number(api.address.split(":")[1]), "127.0.0.1");
    const head = `Host: ${api.address}\r\n`;
    socket.write(
      `POST ${root}/invocation/r-1/response HTTP/1.1\r\n${head}Content-Length: 2\r\n\r\n42GET ${root}/invocation/next HTTP/1.1\r\n${head}\r\n`,
    );
    expect(await answer).toMatchObject({ kind: "response" });
    void invoke({ requestId: "r-2" });
    let text = "";
    for await (const chunk of socket) if ((text += String(chunk)).includes('{"a":1}')) break;
    expect(text).toMatch(/^HTTP\/1\.1 202 Accepted[^]*HTTP\/1\.1 200 OK[^]*Lambda-Runtime-Aws-Request-Id: r-2/);
  });
});

describe("response", () => {
  test("is the answer, and is accepted", async () => {
    const answer = invoke();
    await next();
    const response = await post("/invocation/r-1/response", "[1]");
    expect([response.status, await response.json()]).toEqual([202, { status: "OK" }]);
    expect(await answer).toEqual({ kind: "response", payload: Buffer.from("[1]") });
  });

  test("is refused for another request id, and the invocation goes on", async () => {
    const answer = invoke();
    await next();
    expect(await refusal(await post("/invocation/other/response", "1"))).toEqual({
      status: 400,
      errorType: "InvalidRequestID",
      errorMessage: "Invalid request ID",
    });
    await post("/invocation/r-1/response", "2");
    expect(await answer).toMatchObject({ kind: "response" });
  });

  test("is refused when nothing was asked, and when it was answered already", async () => {
    expect(await refusal(await post("/invocation/r-1/response", "1"))).toMatchObject({
      status: 403,
      errorMessage:
        "State transition from Started to InvocationResponse failed for runtime. Error: State transition is not allowed",
    });
    void invoke();
    await next();
    await post("/invocation/r-1/response", "1");
    expect(await refusal(await post("/invocation/r-1/response", "1"))).toMatchObject({
      status: 403,
      errorMessage:
        "State transition from ResponseSent to InvocationResponse failed for runtime. Error: State transition is not allowed",
    });
  });

  test("of more than 6 MB is refused and is the invocation's error", async () => {
    const answer = invoke();
    await next();
    expect(await refusal(await post("/invocation/r-1/response", new Uint8Array(6_291_557)))).toEqual({
      status: 413,
      errorType: "RequestEntityTooLarge",
      errorMessage: "Exceeded maximum allowed payload size (6291556 bytes).",
    });
    expect(await answer).toMatchObject({ kind: "error", error: { errorType: "Function.ResponseSizeTooLarge" } });
  });

  test("is refused in a mode that there is not", async () => {
    void invoke();
    await next();
    const response = await post("/invocation/r-1/response", "1", { "Lambda-Runtime-Function-Response-Mode": "odd" });
    expect(await refusal(response)).toEqual({
      status: 400,
      errorType: "InvalidFunctionResponseMode",
      errorMessage: "Invalid function response mode",
    });
  });

  test("streams to who asked for a stream, and a reader who leaves does not hold it up", async () => {
    let first: string | undefined;
    const answer = invoke({
      onStream: async (_type, body) => {
        for await (const chunk of body) {
          first = asBuffer(chunk).toString();
          break;
        }
      },
    });
    await next();
    const stream = request(url(`${root}/invocation/r-1/response`), {
      method: "POST",
      headers: { "Lambda-Runtime-Function-Response-Mode": "streaming", "Content-Type": "text/plain" },
    });
    stream.write("first");
    await expect.poll(() => first).toBe("first");
    for (let count = 0; count < 50; count++) stream.write("x".repeat(65_536));
    stream.end();
    expect(await answer).toMatchObject({ kind: "response" });
  });
});

describe("error", () => {
  test("is the answer, with the type of its header", async () => {
    const answer = invoke();
    await next();
    const body = '{"errorMessage":"no","errorType":"Body"}';
    await post("/invocation/r-1/error", body, { "Lambda-Runtime-Function-Error-Type": "Header.Type" });
    expect(await answer).toEqual({ kind: "error", error: { errorType: "Header.Type", payload: Buffer.from(body) } });
  });

  test.each([
    ['{"errorType":"Body"}', "Body", '{"errorType":"Body"}'],
    ["not json", "Runtime.Unknown", '{"errorType":"Runtime.Unknown","errorMessage":"not json"}'],
    ["", "Runtime.Unknown", '{"errorType":"Runtime.Unknown","errorMessage":""}'],
  ])("that says %j is of type %s", async (body, errorType, payload) => {
    const answer = invoke();
    await next();
    await post("/invocation/r-1/error", body);
    const got = await answer;
    expect(got.kind === "error" && [got.error.errorType, asBuffer(got.error.payload).toString()]).toEqual([
      errorType,
      payload,
    ]);
  });

  test("of init is told once, before the first next only", async () => {
    const types: string[] = [];
    api.onInitError = (error) => types.push(error.errorType);
    expect((await post("/init/error", '{"errorType":"Init.Bad"}')).status).toBe(202);
    expect((await post("/init/error", "{}")).status).toBe(403);
    expect((await next()).status).toBe(403);
    expect(types).toEqual(["Init.Bad"]);
  });
});

describe("strangers", () => {
  test("that browse are refused", async () => {
    const options = { headers: { origin: "http://evil.example" } };
    expect((await fetch(url(`${root}/invocation/next`), options)).status).toBe(403);
  });

  test("that come by another name are refused", async () => {
    const status = await new Promise((resolve, reject) => {
      const req = request(url(`${root}/invocation/next`), { headers: { host: "evil.example" } }, (res) =>
        resolve(res.statusCode),
      );
      req.on("error", reject);
      req.end();
    });
    expect(status).toBe(403);
  });

  test.each([
    ["GET", "/", 404],
    ["GET", "/2020-01-01/extension/register", 404],
    ["GET", `${root}/invocation/r-1/response`, 405],
    ["POST", `${root}/invocation/next`, 404],
  ])("%s %s is answered %d", async (method, path, status) => {
    expect((await fetch(url(path), { method })).status).toBe(status);
  });
});
