import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SystemClock } from "../../../base/clock.ts";
import { makeRole, zip } from "../../../../test/harness/functions.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

const source = `
let count = 0;
exports.handler = async (event, context) => {
  switch (event.do) {
    case "count": return ++count;
    case "throw": throw new TypeError("broken on purpose");
    case "log": console.log("a line"); return "logged";
    case "hang": await new Promise(() => setInterval(() => {}, 1000)); break;
    case "exit": process.exit(3); break;
    case "pid": return process.pid;
    case "environment": return process.env;
    case "context": return { ...context, left: context.getRemainingTimeInMillis() };
    default: return event;
  }
};
`;

let platform: TestPlatform<SystemClock>;
let role: string;

beforeAll(async () => {
  platform = await liveTestPlatform({ functions: true });
  const aws = platform.aws();
  role = await makeRole(aws);
  await aws.lambda.CreateFunction({
    FunctionName: "subject",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: role,
    Timeout: 1,
    Code: { ZipFile: zip({ "index.js": source }) },
    Environment: { Variables: { COLOUR: "green" } },
  });
});
afterAll(() => platform.close());

async function invoke(event: unknown, more: object = {}) {
  const answer = await platform
    .aws()
    .lambda.Invoke({ FunctionName: "subject", Payload: Buffer.from(JSON.stringify(event)), ...more });
  const text = Buffer.from(answer.Payload!).toString();
  return { ...answer, result: text === "" ? undefined : JSON.parse(text) };
}

test("the handler's answer comes back as JSON", async () => {
  expect(await invoke({ a: [1, "ü"] })).toMatchObject({
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
    result: { a: [1, "ü"] },
  });
  expect(await invoke({})).not.toHaveProperty("FunctionError");
});

test("an environment is used again, so what a module keeps is kept", async () => {
  const { result: first } = await invoke({ do: "count" });
  expect((await invoke({ do: "count" })).result).toBe(first + 1);
});

test("no payload is the empty object", async () => {
  const answer = await platform.aws().lambda.Invoke({ FunctionName: "subject" });
  expect(Buffer.from(answer.Payload!).toString()).toBe("{}");
});

test("an error that the handler throws is answered in AWS's form", async () => {
  expect(await invoke({ do: "throw" })).toMatchObject({
    StatusCode: 200,
    FunctionError: "Unhandled",
    result: {
      errorType: "TypeError",
      errorMessage: "broken on purpose",
      trace: expect.arrayContaining(["TypeError: broken on purpose"]),
    },
  });
});

test("the log's tail holds what Lambda and the function wrote", async () => {
  await invoke({});
  const { LogResult, result } = await invoke({ do: "log" }, { LogType: "Tail" });
  expect(result).toBe("logged");
  const lines = Buffer.from(LogResult!, "base64").toString().split("\n");
  const id = /^START RequestId: (\S+) Version: \$LATEST$/.exec(lines[0]!)![1];
  expect(lines[1]).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t${id}\\tINFO\\ta line$`));
  expect(lines[2]).toBe(`END RequestId: ${id}`);
  expect(lines[3]).toMatch(
    new RegExp(
      `^REPORT RequestId: ${id}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\t$`,
    ),
  );
});

test("the log is written to the function's group, in the environment's stream, by its role", async () => {
  await invoke({ do: "log" });
  await expect
    .poll(async () => {
      const found = await platform
        .aws()
        .logs.FilterLogEvents({ logGroupName: "/aws/lambda/subject", filterPattern: '"a line"' })
        .catch(() => undefined);
      return found?.events?.length ?? 0;
    })
    .toBeGreaterThan(0);
  const { logStreams } = await platform.aws().logs.DescribeLogStreams({ logGroupName: "/aws/lambda/subject" });
  expect(logStreams![0]!.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
});

test("a function that takes too long is ended, and the next invocation gets a new environment", async () => {
  expect(await invoke({ do: "hang" }, { LogType: "Tail" })).toMatchObject({
    FunctionError: "Unhandled",
    result: {
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
    },
  });
  expect((await invoke({ do: "count" })).result).toBe(1);
});

test("a process that ends is an error of the invocation, and the next gets a new environment", async () => {
  expect(await invoke({ do: "exit" })).toMatchObject({
    FunctionError: "Unhandled",
    result: {
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("Error: Runtime exited with error: exit status 3"),
    },
  });
  expect((await invoke({ do: "count" })).result).toBe(1);
});

test("a warm environment that was killed meanwhile is replaced, and the invocation answered", async () => {
  const { result: pid } = await invoke({ do: "pid" });
  process.kill(pid, "SIGKILL");
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive).toBe(false);
  expect(await invoke({ do: "count" })).toMatchObject({ StatusCode: 200, result: 1 });
});

test("an environment that ends while it starts is named with the invocation that met it", async () => {
  const { lambda } = platform.aws();
  const Code = { ZipFile: zip({ "index.js": "process.exit(4)" }) };
  await lambda.CreateFunction({ FunctionName: "quitter", Runtime: "nodejs24.x", Handler: "index.h", Role: role, Code });
  const answer = await lambda.Invoke({ FunctionName: "quitter" });
  expect(JSON.parse(Buffer.from(answer.Payload!).toString())).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 4$/),
  });
});

test("the function sees its own variables, those of Lambda and the credentials of its role", async () => {
  const { result } = await invoke({ do: "environment" });
  expect(result).toMatchObject({
    COLOUR: "green",
    AWS_LAMBDA_FUNCTION_NAME: "subject",
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/subject",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ENDPOINT_URL: platform.endpoint,
    AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
    AWS_SESSION_TOKEN: expect.any(String),
    _HANDLER: "index.handler",
    TZ: ":UTC",
  });
});

test("the context says what AWS's says", async () => {
  const client = { custom: { a: "1" } };
  const { result } = await invoke(
    { do: "context" },
    { ClientContext: Buffer.from(JSON.stringify(client)).toString("base64") },
  );
  expect(result).toMatchObject({
    functionName: "subject",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:subject",
    memoryLimitInMB: "128",
    logGroupName: "/aws/lambda/subject",
    clientContext: client,
  });
  expect(result.left).toBeGreaterThan(0);
  expect(result.left).toBeLessThanOrEqual(1000);
});

test("a dry run answers 204 and runs nothing", async () => {
  expect(await invoke({ do: "exit" }, { InvocationType: "DryRun" })).toMatchObject({
    StatusCode: 204,
    result: undefined,
  });
});

test("functions are found by name, partial ARN and ARN, and what does not exist is named", async () => {
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:subject";
  for (const FunctionName of [arn, `${arn}:$LATEST`, "000000000000:function:subject", "subject:$LATEST"]) {
    expect((await invoke({ x: 1 }, { FunctionName })).result).toEqual({ x: 1 });
  }
  for (const more of [{ FunctionName: "other" }, { Qualifier: "7" }]) {
    await expect(invoke({}, more)).rejects.toMatchObject({ code: "ResourceNotFoundException", status: 404 });
  }
  await expect(invoke({}, { Qualifier: "7" })).rejects.toMatchObject({ message: `Function not found: ${arn}:7` });
});

test("a payload that is no JSON or too large is refused before the function runs", async () => {
  const { lambda } = platform.aws();
  await expect(lambda.Invoke({ FunctionName: "subject", Payload: Buffer.from("{") })).rejects.toMatchObject({
    code: "InvalidRequestContentException",
    status: 400,
    message: expect.stringContaining("Could not parse request body into json"),
  });
  await expect(
    lambda.Invoke({ FunctionName: "subject", Payload: Buffer.from(JSON.stringify("x".repeat(6_291_456))) }),
  ).rejects.toMatchObject({ code: "RequestTooLargeException", status: 413 });
});

test("a module that cannot be loaded is an error in AWS's form, and told in the log", async () => {
  const { lambda } = platform.aws();
  await lambda.CreateFunction({
    FunctionName: "unloadable",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: role,
    Code: { ZipFile: zip({ "index.js": "require('nothing-of-this-name')" }) },
  });
  const answer = await lambda.Invoke({ FunctionName: "unloadable", LogType: "Tail" });
  expect(answer.FunctionError).toBe("Unhandled");
  expect(JSON.parse(Buffer.from(answer.Payload!).toString())).toMatchObject({
    errorType: "Runtime.ImportModuleError",
    errorMessage: expect.stringContaining("Cannot find module 'nothing-of-this-name'"),
  });
  const tail = Buffer.from(answer.LogResult!, "base64").toString();
  expect(tail).toMatch(
    /INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime\.ImportModuleError/,
  );
});

describe("asynchronous invocations", () => {
  test("are accepted at once and run later", async () => {
    const { lambda } = platform.aws();
    expect(await invoke({ do: "log" }, { InvocationType: "Event" })).toMatchObject({
      StatusCode: 202,
      result: undefined,
    });
    await platform.idle();
    await expect(
      lambda.Invoke({ FunctionName: "subject", InvocationType: "Event", Payload: Buffer.alloc(1_048_577, 0x20) }),
    ).rejects.toMatchObject({ code: "RequestTooLargeException" });
  });

  test("are tried twice more when the function fails, after one and two minutes", async () => {
    const { lambda, logs } = platform.aws();
    await lambda.CreateFunction({
      FunctionName: "failing",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: role,
      Code: {
        ZipFile: zip({
          "index.js":
            "exports.handler = async (e, c) => { console.log('attempt', c.awsRequestId); throw new Error('no'); }",
        }),
      },
    });
    await lambda.Invoke({ FunctionName: "failing", InvocationType: "Event", Payload: Buffer.from("{}") });
    const attempts = async () => {
      const found = await logs
        .FilterLogEvents({ logGroupName: "/aws/lambda/failing", filterPattern: "attempt" })
        .catch(() => undefined);
      return found?.events?.map((event) => event.message!.trim().split(" ").at(-1)) ?? [];
    };
    await expect.poll(attempts).toHaveLength(1);
    await platform.idle();
    await platform.clock.advance(60_000);
    await expect.poll(attempts).toHaveLength(2);
    await platform.idle();
    await platform.clock.advance(119_000);
    await platform.idle();
    expect(await attempts()).toHaveLength(2);
    await platform.clock.advance(1_000);
    await expect.poll(attempts).toHaveLength(3);
    await platform.idle();
    await platform.clock.advance(3_600_000);
    await platform.idle();
    expect(new Set(await attempts()).size).toBe(1);
    expect(await attempts()).toHaveLength(3);
  });
});

test("an asynchronous invocation that a stop of the platform cut short runs again after the start", async () => {
  const { lambda, logs } = platform.aws();
  const source =
    "exports.handler = async (e, c) => { console.log('run', c.awsRequestId); await new Promise((r) => setTimeout(r, e.ms)); console.log('done'); }";
  await lambda.CreateFunction({
    FunctionName: "slow",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: role,
    Timeout: 60,
    Code: { ZipFile: zip({ "index.js": source }) },
  });
  await lambda.Invoke({ FunctionName: "slow", InvocationType: "Event", Payload: Buffer.from('{"ms":1500}') });
  const found = async (filterPattern: string) =>
    (await logs.FilterLogEvents({ logGroupName: "/aws/lambda/slow", filterPattern }).catch(() => undefined))?.events
      ?.length ?? 0;
  await expect.poll(() => found("run")).toBe(1);
  await platform.restart();
  await expect.poll(() => found("done"), { timeout: 5000 }).toBe(1);
  expect(await found("run")).toBe(2);
});

test("a Python function runs too", async () => {
  const { lambda } = platform.aws();
  await lambda.CreateFunction({
    FunctionName: "python",
    Runtime: "python3.13",
    Handler: "app.handler",
    Role: role,
    Timeout: 10,
    Code: {
      ZipFile: zip({
        "app.py": "def handler(event, context):\n    return {'name': context.function_name, 'got': event}\n",
      }),
    },
  });
  const answer = await lambda.Invoke({ FunctionName: "python", Payload: Buffer.from('{"a":1}') });
  expect(JSON.parse(Buffer.from(answer.Payload!).toString())).toEqual({ name: "python", got: { a: 1 } });
});
