import { afterEach, beforeEach, expect, test } from "vitest";
import type { Runtime } from "../../../api/lambda/types.ts";
import type { SystemClock } from "../../../base/clock.ts";
import { zip } from "../../../../test/harness/functions.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { makeFunction } from "../test-functions.ts";

let platform: TestPlatform<SystemClock>;
let lambda: ReturnType<TestPlatform["aws"]>["lambda"];
beforeEach(async () => {
  platform = await liveTestPlatform({ functions: true });
  lambda = platform.aws().lambda;
});
afterEach(() => platform.close());

const node = zip({
  "index.js": `exports.handler = async (event) => {
    if (event.hang) await new Promise((done) => setTimeout(done, 5000));
    console.debug("quiet");
    console.warn("loud", 7);
  }`,
});
const python = zip({
  "index.py": `import logging
def handler(event, context):
    logging.getLogger().debug("quiet")
    logging.getLogger().warning("loud %s", 7)
`,
});

async function logOf(event: object = {}): Promise<Record<string, never>[]> {
  const { LogResult } = await lambda.Invoke({
    FunctionName: "f",
    LogType: "Tail",
    Payload: Buffer.from(JSON.stringify(event)),
  });
  const text = Buffer.from(LogResult!, "base64").toString();
  // The first line of an environment may be a warning about the interpreter.
  return text
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

test.each<[Runtime, Uint8Array]>([
  ["nodejs24.x", node],
  ["python3.13", python],
])("with JSON logs %s and Lambda itself write objects, above the levels that are set", async (Runtime, ZipFile) => {
  await makeFunction(platform, "", {
    Runtime,
    Code: { ZipFile },
    Timeout: 10,
    LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "WARN", SystemLogLevel: "DEBUG" },
  });
  expect(await logOf()).toMatchObject([
    { type: "platform.start", time: expect.stringMatching(/Z$/), record: { version: "$LATEST" } },
    { level: expect.stringMatching(/^WARN/), message: "loud 7" },
    { type: "platform.runtimeDone", record: { status: "success" } },
    {
      type: "platform.report",
      record: {
        status: "success",
        metrics: { memorySizeMB: 128, billedDurationMs: expect.any(Number), initDurationMs: expect.any(Number) },
      },
    },
  ]);
  await lambda.UpdateFunctionConfiguration({ FunctionName: "f", LoggingConfig: { SystemLogLevel: "WARN" } });
  await platform.idle();
  expect(await logOf()).toMatchObject([{ message: "loud 7" }]);
});

test("what went wrong is told above every level", async () => {
  await makeFunction(platform, "", {
    Code: { ZipFile: node },
    Timeout: 1,
    LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN" },
  });
  const log = await logOf({ hang: true });
  expect(log).toMatchObject([
    { type: "platform.runtimeDone", record: { status: "timeout" } },
    { type: "platform.report", record: { status: "timeout" } },
  ]);
  const { LoggingConfig } = await lambda.GetFunctionConfiguration({ FunctionName: "f" });
  expect(LoggingConfig).toEqual({
    LogFormat: "JSON",
    ApplicationLogLevel: "INFO",
    SystemLogLevel: "WARN",
    LogGroup: "/aws/lambda/f",
  });
});

test("levels without JSON are refused", async () => {
  const refused = makeFunction(platform, "", { LoggingConfig: { ApplicationLogLevel: "WARN" } });
  await expect(refused).rejects.toMatchObject({ code: "InvalidParameterValueException" });
});
