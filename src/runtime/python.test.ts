import { afterAll, describe, expect, test } from "vitest";
import { findInterpreter, testRuntime } from "./test-functions.ts";
import type { TestFunction } from "./test-functions.ts";
import type { EnvironmentSpec } from "./runtime.ts";
import { allGone } from "./test-processes.ts";

// https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
const functions = testRuntime();
afterAll(() => functions.close());

const python = { runtime: "python3.13", handler: "index.handler" };
const found = await findInterpreter(python.runtime);

async function startPy(code: string, more: Partial<EnvironmentSpec> = {}): Promise<TestFunction> {
  const started = await functions.start({ "index.py": code }, { ...python, ...more });
  started.takeLog();
  return started;
}

describe.skipIf(found.kind === "missing")("Python functions (skipped where there is no Python 3.8 or newer)", () => {
  test("answer what their handler returns, and keep the state of their module", async () => {
    const { call } = await startPy(`count = 0
def handler(event, context):
    global count
    count += 1
    return {"count": count, "event": event}`);
    expect((await call({ name: "Zoë" })).value).toEqual({ count: 1, event: { name: "Zoë" } });
    expect((await call([1, null])).value).toEqual({ count: 2, event: [1, null] });
  });

  test.each<[string, Record<string, string>, string]>([
    ["in a folder", { "pkg/mod.py": "def run(event, context): return 'here'" }, "pkg/mod.run"],
    ["in a package", { "pkg/__init__.py": "", "pkg/mod.py": "def run(event, context): return 'here'" }, "pkg.mod.run"],
    [
      "importing their neighbours",
      { "index.py": "import other\ndef handler(event, context): return other.x", "other.py": "x = 'here'" },
      "index.handler",
    ],
  ])("are found %s", async (_name, files, handler) => {
    const { call } = await functions.start(files, { ...python, handler });
    expect((await call()).value).toBe("here");
  });

  test("have a complete context", async () => {
    const { call } = await startPy(`import os
def handler(event, context):
    return [context.function_name, context.function_version, context.invoked_function_arn, context.memory_limit_in_mb,
            context.aws_request_id, context.log_group_name, context.log_stream_name, context.identity.cognito_identity_id,
            context.client_context.custom, context.client_context.client.app_title, os.environ["_X_AMZN_TRACE_ID"],
            0 < context.get_remaining_time_in_millis() <= 10000]`);
    const { value } = await call(
      {},
      {
        requestId: "r-1",
        traceId: "Root=1",
        clientContext: '{"custom":{"a":"ü"},"client":{"app_title":"t"}}',
        cognitoIdentity: '{"cognitoIdentityId":"id"}',
      },
    );
    expect(value).toEqual([
      "test",
      "$LATEST",
      "arn:aws:lambda:us-east-1:000000000000:function:test",
      "256",
      "r-1",
      "/aws/lambda/test",
      "2026/01/01/[$LATEST]0123",
      "id",
      { a: "ü" },
      "t",
      "Root=1",
      true,
    ]);
  });

  test("answer errors with type, message, request id and trace, and log them", async () => {
    const { call, takeLog } = await startPy(
      "def inner():\n    raise ValueError('no good')\n\ndef handler(event, context):\n    inner()\n",
    );
    const { kind, value } = await call({}, { requestId: "r-1" });
    expect(kind).toBe("error");
    expect(value).toMatchObject({ errorType: "ValueError", errorMessage: "no good", requestId: "r-1" });
    const { stackTrace } = value as { stackTrace: string[] };
    expect(stackTrace).toHaveLength(2);
    expect(stackTrace[0]).toMatch(/^ {2}File ".*\/index\.py", line 5, in handler\n {4}inner\(\)\n$/);
    expect(stackTrace[1]).toMatch(/^ {2}File ".*\/index\.py", line 2, in inner\n {4}raise ValueError\('no good'\)\n$/);
    const log = takeLog();
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(
      /^\[ERROR\] ValueError: no good\nTraceback \(most recent call last\):\n\u00a0\u00a0File ".*\/index\.py"/,
    );
    expect((await call()).kind).toBe("error");
  });

  test("write results as AWS does", async () => {
    const { call } = await startPy(`from decimal import Decimal
class Odd: pass
def handler(event, context):
    return {"decimal": {"a": Decimal("1.10"), "b": [Decimal("12345678901234567890.5")]}, "none": None, "set": {1}, "odd": Odd(), "bytes": b'"raw"'}[event]`);
    const { outcome } = await call("decimal");
    expect(outcome.kind === "response" && Buffer.from(outcome.payload).toString()).toBe(
      '{"a": 1.10, "b": [12345678901234567890.5]}',
    );
    expect((await call("none")).value).toBe(null);
    expect((await call("bytes")).value).toBe("raw");
    expect((await call("set")).value).toMatchObject({
      errorType: "Runtime.MarshalError",
      errorMessage: "Unable to marshal response: Object of type set is not JSON serializable",
      stackTrace: [],
    });
    expect((await call("odd")).value).toMatchObject({
      errorMessage: "Unable to marshal response: Object of type Odd is not JSON serializable",
    });
  });

  test("log in AWS's form, in order", async () => {
    const { call, takeLog } = await startPy(`import logging, sys
logger = logging.getLogger()
logger.setLevel("INFO")
def handler(event, context):
    print("plain", "ü")
    logger.info("two\\nlines %s", 1)
    print("to stderr", file=sys.stderr)
    logging.getLogger("other").warning("careful")
    logger.debug("unheard")
    sys.stdout.write("half")`);
    await call({}, { requestId: "r-1" });
    await call({}, { requestId: "r-2" });
    const log = takeLog().map((line) => line.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, "TIME"));
    expect(log).toEqual([
      "plain ü",
      "[INFO]\tTIME\tr-1\ttwo\nlines 1",
      "to stderr",
      "[WARNING]\tTIME\tr-1\tcareful",
      "halfplain ü",
      "[INFO]\tTIME\tr-2\ttwo\nlines 1",
      "to stderr",
      "[WARNING]\tTIME\tr-2\tcareful",
    ]);
  });

  test("log JSON when they are set so", async () => {
    const { call, takeLog } = await startPy(
      `import logging
def handler(event, context):
    logging.info("hello %s", "you", extra={"colour": "red"})
    try:
        1 / 0
    except Exception:
        logging.exception("sum")`,
      { variables: { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: "INFO" } },
    );
    await call({}, { requestId: "r-1" });
    expect(takeLog().map((line) => JSON.parse(line))).toMatchObject([
      { level: "INFO", message: "hello you", requestId: "r-1", colour: "red" },
      { level: "ERROR", message: "sum", errorType: "ZeroDivisionError", errorMessage: "division by zero" },
    ]);
  });

  test.each<[string, Record<string, string>, string, string, RegExp]>([
    [
      "a missing module",
      {},
      "index.handler",
      "Runtime.ImportModuleError",
      /^Unable to import module 'index': No module named 'index'$/,
    ],
    [
      "a missing dependency",
      { "index.py": "import nope" },
      "index.handler",
      "Runtime.ImportModuleError",
      /^Unable to import module 'index': No module named 'nope'$/,
    ],
    [
      "a missing function",
      { "index.py": "" },
      "index.handler",
      "Runtime.HandlerNotFound",
      /^Handler 'handler' missing on module 'index'$/,
    ],
    [
      "broken code",
      { "index.py": "def (" },
      "index.handler",
      "Runtime.UserCodeSyntaxError",
      /^Syntax error in module 'index': invalid syntax.*\(index\.py, line 1\)$/,
    ],
    [
      "a handler without a dot",
      { "index.py": "" },
      "index",
      "Runtime.MalformedHandlerName",
      /^Bad handler 'index': not enough values to unpack \(expected 2, got 1\)$/,
    ],
    [
      "the name of a built-in module",
      {},
      "sys.exit",
      "Runtime.BuiltInModuleConflict",
      /^Cannot use built-in module sys as a handler module$/,
    ],
    ["code that raises", { "index.py": "raise KeyError('x')" }, "index.handler", "KeyError", /^'x'$/],
    [
      "code that exits",
      { "index.py": "import sys; sys.exit(4)" },
      "index.handler",
      "Runtime.ExitError",
      /exit status 4$/,
    ],
  ])("fail to start on %s as on AWS", async (_name, files, handler, type, message) => {
    const { error, payload } = await functions.fail(files, { ...python, handler });
    expect(error.errorType).toBe(type);
    expect(payload["errorMessage"]).toMatch(message);
  });

  test("that exit, or run too long, are outcomes", async () => {
    const code = `import os, subprocess, sys, time
def handler(event, context):
    print("begun")
    if event == "exit": sys.exit(3)
    if event == "sleep": time.sleep(60)
    return [os.getpid(), subprocess.Popen(["sleep", "1000"]).pid]`;
    const exiting = await startPy(code);
    expect((await exiting.call("exit")).outcome).toMatchObject({ kind: "exited", exitCode: 3, signal: null });
    expect(exiting.takeLog()).toEqual(["begun"]);
    const sleeping = await startPy(code);
    const pids = (await sleeping.call("start")).value as number[];
    // The deadline has passed as soon as the invocation begins.
    expect((await sleeping.call("sleep", { deadline: 0 })).kind).toBe("timeout");
    await allGone(pids);
  });

  test("take and give 6 MB", async () => {
    const { call } = await startPy("def handler(event, context): return event", { memoryMb: 1024 });
    const text = "x".repeat(6 * 1024 * 1024 - 100);
    expect((await call(text)).value === text).toBe(true);
  });

  test("leave nothing in their package", async () => {
    const { call } = await startPy(
      "import os, other\ndef handler(event, context): return sorted(os.listdir('.'))".replace(
        "import os, other",
        "import os",
      ),
    );
    expect((await call()).value).toEqual(["index.py"]);
  });
});
