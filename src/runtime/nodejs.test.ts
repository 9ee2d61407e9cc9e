import { afterAll, describe, expect, test } from "vitest";
import { asBuffer } from "../base/bytes.ts";
import type { EnvironmentSpec } from "./runtime.ts";
import { testRuntime } from "./test-functions.ts";
import type { TestFunction } from "./test-functions.ts";

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
const functions = testRuntime();
afterAll(() => functions.close());

/** A function of one file, of a runtime that still knows callbacks. Whether this machine has that version is another test's matter. */
async function startJs(code: string, more: Partial<EnvironmentSpec> = {}): Promise<TestFunction> {
  const started = await functions.start({ "index.js": code }, { runtime: "nodejs22.x", ...more });
  started.takeLog();
  return started;
}
const startModule = (code: string) => functions.start({ "index.mjs": code });

describe("handlers", () => {
  test.each([
    ["async", "exports.handler = async (event) => ({ got: event.n + 1 })"],
    ["returning a promise", "exports.handler = (event) => Promise.resolve({ got: event.n + 1 })"],
    ["with a callback", "exports.handler = (event, context, callback) => callback(null, { got: event.n + 1 })"],
    [
      "with a late callback",
      "exports.handler = (e, c, callback) => { setImmediate(callback, null, { got: e.n + 1 }) }",
    ],
    ["with context.succeed", "exports.handler = (event, context) => context.succeed({ got: event.n + 1 })"],
    ["with context.done", "exports.handler = (event, context) => context.done(null, { got: event.n + 1 })"],
  ])("%s answer what they mean to", async (_name, code) => {
    const { call } = await startJs(code);
    expect(await call({ n: 1 })).toMatchObject({ kind: "response", value: { got: 2 } });
    expect(await call({ n: 2 })).toMatchObject({ kind: "response", value: { got: 3 } });
  });

  test.each([
    ["async without a result", "exports.handler = async () => {}", null],
    ["that neither return a promise nor call back", "exports.handler = () => 5", null],
    ["whose result has no JSON form", "exports.handler = async () => () => {}", null],
  ])("%s answer null", async (_name, code, value) => {
    const { call } = await startJs(code);
    expect(await call()).toMatchObject({ kind: "response", value });
  });

  test("of nodejs24.x answer what they return without a promise, and have no callback", async () => {
    const { call } = await functions.start({ "index.js": "exports.handler = (e, c) => [typeof c.succeed, 'sync']" });
    expect(await call()).toMatchObject({ kind: "response", value: ["undefined", "sync"] });
    const { payload } = await functions.fail({ "index.js": "exports.handler = (event, context, callback) => {}" });
    expect(payload["errorType"]).toBe("Runtime.CallbackHandlerDeprecated");
  });

  test("that call back are answered when the event loop is empty, or at once when they ask for that", async () => {
    const code = (wait: boolean) => `exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = ${wait};
      globalThis.late = "not yet";
      setTimeout(() => { globalThis.late = "done"; console.log("late work") }, 50);
      callback(null, 1);
    }`;
    const waiting = await startJs(code(true));
    await waiting.call();
    expect(waiting.takeLog().join()).toContain("late work");
    const hurried = await startJs(code(false));
    await hurried.call();
    expect(hurried.takeLog().join()).not.toContain("late work");
  });

  test("keep the state of their module between invocations", async () => {
    const { call } = await startJs("let count = 0; exports.handler = async () => ++count");
    expect((await call()).value).toBe(1);
    expect((await call()).value).toBe(2);
  });

  test.each<[string, Record<string, string>, string]>([
    ["nested in folders", { "a/b.js": "exports.run = async () => 'here'" }, "a/b.run"],
    ["nested in objects", { "index.js": "exports.api = { get: async () => 'here' }" }, "index.api.get"],
    ["in a .cjs file", { "index.cjs": "exports.handler = async () => 'here'" }, "index.handler"],
    ["in a .mjs file", { "index.mjs": "export const handler = async () => 'here'" }, "index.handler"],
    [
      "in a package of modules, with await at the top level",
      {
        "package.json": '{"type":"module"}',
        "index.js": "const here = await Promise.resolve('here'); export const handler = async () => here",
      },
      "index.handler",
    ],
    ["in TypeScript", { "index.ts": "export const handler = async (): Promise<string> => 'here'" }, "index.handler"],
    [
      "using packages that came with them",
      {
        "index.js": "exports.handler = async () => require('x')",
        "node_modules/x/index.js": "module.exports = 'here'",
      },
      "index.handler",
    ],
  ])("are found %s", async (_name, files, handler) => {
    const { call } = await functions.start(files, { handler });
    expect(await call()).toMatchObject({ kind: "response", value: "here" });
  });
});

describe("errors", () => {
  test.each([
    ["thrown", "exports.handler = async () => { throw new RangeError('too far') }"],
    ["thrown without async", "exports.handler = () => { throw new RangeError('too far') }"],
    ["called back", "exports.handler = (e, c, callback) => callback(new RangeError('too far'))"],
    ["given to context.fail", "exports.handler = (e, context) => context.fail(new RangeError('too far'))"],
  ])("%s are answered with type, message and trace, and are logged", async (_name, code) => {
    const { call, takeLog } = await startJs(code);
    const { kind, value } = await call();
    expect(kind).toBe("error");
    expect(value).toMatchObject({ errorType: "RangeError", errorMessage: "too far" });
    expect((value as { trace: string[] }).trace[0]).toBe("RangeError: too far");
    expect(takeLog().join("\n")).toMatch(
      /\tERROR\tInvoke Error \t\{"errorType":"RangeError","errorMessage":"too far",.*"stack":\[/,
    );
    expect((await call()).kind).toBe("error");
  });

  test.each([
    ["a text", "'sad'", { errorType: "string", errorMessage: "sad", trace: [] }],
    ["a number", "42", { errorType: "number", errorMessage: "42", trace: [] }],
    ["an object", "{}", { errorType: "object", errorMessage: "[object Object]", trace: [] }],
  ])("that are %s have its type for a type", async (_name, thrown, payload) => {
    const { call } = await startJs(`exports.handler = async () => { throw ${thrown} }`);
    expect((await call()).value).toEqual(payload);
  });

  test("that nobody catches end the process after they were reported", async () => {
    const code = "exports.handler = () => new Promise(() => { setImmediate(() => { throw new Error('loose') }) })";
    const { call, environment, takeLog } = await startJs(code);
    expect((await call()).value).toMatchObject({ errorType: "Error", errorMessage: "loose" });
    await environment.exited;
    expect(takeLog().join()).toContain("\tERROR\tUncaught Exception \t");
    expect((await call()).kind).toBe("exited");
  });

  test("of promises that nobody caught are Runtime.UnhandledPromiseRejection", async () => {
    const { call } = await startJs(
      "exports.handler = () => { Promise.reject(new Error('loose')); return new Promise((r) => setTimeout(r, 1000)) }",
    );
    expect((await call()).value).toMatchObject({
      errorType: "Runtime.UnhandledPromiseRejection",
      errorMessage: "Error: loose",
    });
  });

  test("tell of a promise that nothing can settle any more", async () => {
    const { call } = await startJs("exports.handler = async () => { await new Promise(() => {}) }");
    expect((await call()).value).toMatchObject({ errorType: "Runtime.NodeJsExit" });
    expect((await call()).kind).toBe("error");
  });

  test("tell of a result that cannot be written as JSON", async () => {
    const { call } = await startJs("exports.handler = async () => { const a = {}; a.a = a; return a }");
    expect((await call()).value).toMatchObject({
      errorType: "Error",
      errorMessage: "Unable to stringify response body",
    });
  });
});

describe("init", () => {
  test.each<[string, Record<string, string>, string, string, RegExp]>([
    [
      "a missing handler file",
      {},
      "index.handler",
      "Runtime.ImportModuleError",
      /^Error: Cannot find module 'index'\nRequire stack:\n/,
    ],
    [
      "a missing package",
      { "index.js": "require('nope')" },
      "index.handler",
      "Runtime.ImportModuleError",
      /^Error: Cannot find module 'nope'\nRequire stack:\n/,
    ],
    [
      "a missing export",
      { "index.js": "" },
      "index.handler",
      "Runtime.HandlerNotFound",
      /^index\.handler is undefined or not exported$/,
    ],
    [
      "an export that is no function",
      { "index.js": "exports.handler = 1" },
      "index.handler",
      "Runtime.HandlerNotFound",
      /^index\.handler is not a function$/,
    ],
    [
      "broken code",
      { "index.js": "}" },
      "index.handler",
      "Runtime.UserCodeSyntaxError",
      /^SyntaxError: Unexpected token '}'$/,
    ],
    ["a handler without a dot", { "index.js": "" }, "index", "Runtime.MalformedHandlerName", /^Bad handler$/],
    [
      "a handler that climbs",
      { "index.js": "" },
      "../index.handler",
      "Runtime.MalformedHandlerName",
      /is not a valid handler name/,
    ],
    ["code that throws", { "index.js": "throw new TypeError('no')" }, "index.handler", "TypeError", /^no$/],
    ["code that exits", { "index.js": "process.exit(3)" }, "index.handler", "Runtime.ExitError", /exit status 3$/],
    [
      "a package missing from a module",
      { "index.mjs": "import 'zod'" },
      "index.handler",
      "Error",
      /^Cannot find package 'zod' imported from /,
    ],
  ])("fails on %s as on AWS", async (_name, files, handler, type, message) => {
    const { error, payload } = await functions.fail(files, { handler });
    expect(error.errorType).toBe(type);
    expect(payload["errorType"]).toBe(type);
    expect(payload["errorMessage"]).toMatch(message);
  });

  test("tells where broken code is broken", async () => {
    const { payload, log } = await functions.fail({ "index.js": "let a = 1;\n}" });
    const place = expect.stringMatching(/^ {4}at \/.*\/index\.js:2$/) as unknown;
    expect((payload["trace"] as string[]).slice(0, 2)).toEqual([
      "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token '}'",
      place,
    ]);
    expect(log.join()).toContain("/index.js:2");
  });

  test("is cut off after its time", async () => {
    const { payload } = await functions.fail({ "index.js": "for (;;);" }, { initTimeoutMs: 200 });
    expect(payload["errorType"]).toBe("Sandbox.Timedout");
  });

  test("keeps what was logged", async () => {
    const { log } = await functions.fail({
      "index.js": "console.log('on my way'); process.stdout.write('half a line'); process.exit(1)",
    });
    expect(log[0]).toMatch(/\tundefined\tINFO\ton my way$/);
    expect(log[1]).toBe("half a line");
  });
});

describe("what a function sees", () => {
  test("the context is complete", async () => {
    const { call } = await startJs(
      "exports.handler = async (e, c) => ({ ...c, left: c.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID })",
    );
    const { value } = await call(
      {},
      {
        requestId: "8c8e6c43-2d1c-4ad4-a5d1-0e4d0e8e2d4b",
        traceId: "Root=1-2-3",
        clientContext: '{"custom":{"name":"Zoë"}}',
        cognitoIdentity: '{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}',
      },
    );
    expect(value).toEqual({
      functionName: "test",
      functionVersion: "$LATEST",
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/test",
      logStreamName: "2026/01/01/[$LATEST]0123",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:test",
      awsRequestId: "8c8e6c43-2d1c-4ad4-a5d1-0e4d0e8e2d4b",
      clientContext: { custom: { name: "Zoë" } },
      identity: { cognitoIdentityId: "id", cognitoIdentityPoolId: "pool" },
      callbackWaitsForEmptyEventLoop: true,
      left: expect.any(Number),
      trace: "Root=1-2-3",
    });
    const { left } = value as { left: number };
    expect(left).toBeGreaterThan(5_000);
    expect(left).toBeLessThanOrEqual(10_000);
  });

  test("the environment is AWS's, with nothing of the platform's", async () => {
    const { call } = await startJs(
      "exports.handler = async () => ({ env: process.env, cwd: process.cwd(), tmp: require('os').tmpdir() })",
      {
        variables: { TABLE: "users", TZ: "Europe/Vienna", _HANDLER: "forged", AWS_LAMBDA_RUNTIME_API: "forged" },
      },
    );
    const { env, cwd, tmp } = (await call()).value as { env: Record<string, string>; cwd: string; tmp: string };
    expect(env).toMatchObject({
      TABLE: "users",
      TZ: "Europe/Vienna",
      _HANDLER: "index.handler",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      LAMBDA_TASK_ROOT: cwd,
      LANG: "en_US.UTF-8",
    });
    expect(env["AWS_LAMBDA_RUNTIME_API"]).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(Object.keys(env).filter((name) => /^(npm_|VITEST|NODE_ENV|USER$|PWD$|SHELL$)/.test(name))).toEqual([]);
    expect(tmp).toBe(env["TMPDIR"]);
  });

  test("the AWS SDK is there for require and for import, the platform's other packages are not", async () => {
    const tried =
      "['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', '@smithy/types', 'vitest', 'classic-level', '@aws-sdk/none']";
    const expected = [true, true, true, false, false, false];
    const required = await startJs(`const there = (n) => { try { require(n); return true } catch { return false } };
      exports.handler = async () => ${tried}.map(there)`);
    expect((await required.call()).value).toEqual(expected);
    const imported = await startModule(`const there = (n) => import(n).then(() => true, () => false);
      export const handler = () => Promise.all(${tried}.map(there))`);
    expect((await imported.call()).value).toEqual(expected);
  });

  test("a package's own copy of the AWS SDK comes first", async () => {
    const own = { "node_modules/@aws-sdk/client-s3/index.js": "exports.own = true" };
    const required = await functions.start({
      ...own,
      "index.js": "exports.handler = async () => require('@aws-sdk/client-s3').own",
    });
    expect((await required.call()).value).toBe(true);
    const imported = await functions.start({
      ...own,
      "index.mjs": "import s3 from '@aws-sdk/client-s3'; export const handler = async () => s3.own",
    });
    expect((await imported.call()).value).toBe(true);
  });
});

describe("the log", () => {
  test("has AWS's form, one record per call", async () => {
    const { call, takeLog } = await startJs(`exports.handler = async () => {
      console.log("a %s", "b", { c: [1] }); console.warn("two\\nlines"); console.error(new Error("bad")); console.debug("d"); console.info("i"); console.trace("t");
      process.stdout.write("plain\\n"); process.stderr.write("plain too\\n");
    }`);
    const { outcome } = await call({}, { requestId: "r-1" });
    expect(outcome.kind).toBe("response");
    const log = takeLog();
    const rest = log.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, "TIME"));
    expect(rest[0]).toBe("TIME\tr-1\tINFO\ta b { c: [ 1 ] }");
    expect(rest[1]).toBe("TIME\tr-1\tWARN\ttwo\nlines");
    expect(rest[2]).toMatch(/^TIME\tr-1\tERROR\tError: bad\n {4}at /);
    expect(rest.slice(3)).toEqual([
      "TIME\tr-1\tDEBUG\td",
      "TIME\tr-1\tINFO\ti",
      "TIME\tr-1\tTRACE\tt",
      "plain",
      "plain too",
    ]);
  });

  test("is JSON from the asked level on when the function is set so", async () => {
    const { call, takeLog } = await startJs(
      "exports.handler = async () => { console.info('no'); console.error('yes', new RangeError('x')) }",
      {
        variables: { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: "WARN" },
      },
    );
    await call({}, { requestId: "r-1" });
    const records = takeLog().map((line) => JSON.parse(line));
    expect(records).toMatchObject([{ level: "ERROR", requestId: "r-1", errorType: "RangeError", errorMessage: "x" }]);
  });

  test("is whole before the outcome, however much there is", async () => {
    const { call, takeLog } = await startJs(`exports.handler = async () => {
      for (let i = 0; i < 2000; i++) console.log("line", i, "x".repeat(100));
      for (let i = 0; i < 2000; i++) process.stdout.write("raw " + i + " " + "y".repeat(100) + "\\n");
      console.log("z".repeat(600_000));
    }`);
    await call();
    const log = takeLog();
    expect(log).toHaveLength(4003);
    expect(log[3999]).toMatch(/^raw 1999 y+$/);
    expect(log.slice(4000).map((line) => line.length)).toEqual([262_144, 262_144, expect.any(Number)]);
    expect(
      log
        .slice(4000)
        .join("")
        .replace(/^.*INFO\t/, ""),
    ).toBe("z".repeat(600_000));
  });
});

describe("streamed responses", () => {
  const code = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    if (event.http) stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
    else stream.setContentType("text/plain");
    stream.write("one ");
    if (event.fail) throw new RangeError("half way");
    await new Promise((resolve) => setTimeout(resolve, 5));
    stream.write("two"); stream.end();
  })`;

  async function streamed(event: unknown) {
    const { call, takeLog } = await functions.start({ "index.js": code });
    let type = "";
    let text: Promise<string> | undefined;
    const { outcome } = await call(event, {
      onStream: (contentType, body) => {
        type = contentType;
        text = (async () => {
          const parts: Uint8Array[] = [];
          for await (const part of body) parts.push(part);
          return Buffer.concat(parts).toString();
        })();
      },
    });
    return { type, text: await text, outcome, log: takeLog() };
  }

  test("pass through as they come", async () => {
    expect(await streamed({})).toMatchObject({ type: "text/plain", text: "one two", outcome: { kind: "response" } });
  });

  test("carry an HTTP prelude", async () => {
    expect(await streamed({ http: true })).toMatchObject({
      type: "application/vnd.awslambda.http-integration-response",
      text: `{"statusCode":201}${"\0".repeat(8)}one two`,
    });
  });

  test("tell of an error in the middle", async () => {
    const { text, outcome } = await streamed({ fail: true });
    expect(text).toBe("one ");
    expect(outcome).toMatchObject({ kind: "error", error: { errorType: "RangeError" } });
  });

  test("are gathered for a caller who does not stream", async () => {
    const { environment } = await functions.start({ "index.js": code });
    const outcome = await environment.invoke({
      requestId: "r",
      event: Buffer.from("{}"),
      deadline: Number.MAX_SAFE_INTEGER,
      functionArn: "arn",
    });
    expect(outcome.kind === "response" && asBuffer(outcome.payload).toString()).toBe("one two");
  });
});
