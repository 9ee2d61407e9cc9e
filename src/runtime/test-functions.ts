import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SystemClock } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { asBuffer, utf8 } from "../base/bytes.ts";
import { randomIds } from "../base/ids.ts";
import { silentLog } from "../base/log.ts";
import { createInterpreterFinder } from "./interpreters.ts";
import type { FindInterpreter } from "./interpreters.ts";
import { createProcessRuntime } from "./process-runtime.ts";
import type {
  EnvironmentSpec,
  ExecutionEnvironment,
  FunctionError,
  Invocation,
  Outcome,
  StartedEnvironment,
} from "./runtime.ts";

export const sandboxDirectory = fileURLToPath(new URL("../../sandbox", import.meta.url));
const searchPath = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;
export const findInterpreter: FindInterpreter = createInterpreterFinder({
  path: searchPath,
  home: homedir(),
  execPath: process.execPath,
});

export interface TestFunction {
  readonly environment: ExecutionEnvironment;
  /** Invokes with a JSON value and answers what came of it, its payload parsed. */
  readonly call: (event?: unknown, more?: Partial<Invocation>) => Promise<Result>;
  /** The log since the last call of `takeLog`. */
  readonly takeLog: () => string[];
}

export type Result = { readonly kind: Outcome["kind"]; readonly value: unknown; readonly outcome: Outcome };

/** A runtime of real processes and functions made of the files that a test writes. */
export function testRuntime(clock: Clock = new SystemClock()) {
  const ids = randomIds();
  const runtime = createProcessRuntime({
    clock,
    ids,
    log: silentLog,
    sandboxDirectory,
    findInterpreter,
    path: searchPath,
  });
  const folders: string[] = [];

  async function writePackage(files: Readonly<Record<string, string>>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "virga-test-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
      if (text.startsWith("#!")) await chmod(join(folder, name), 0o755);
    }
    return folder;
  }

  async function start(
    files: Readonly<Record<string, string>>,
    more: Partial<EnvironmentSpec> = {},
  ): Promise<{ started: StartedEnvironment; log: string[] }> {
    const log: string[] = [];
    const started = await runtime.start({
      runtime: "nodejs24.x",
      taskRoot: more.taskRoot ?? (await writePackage(files)),
      handler: "index.handler",
      memoryMb: 256,
      ephemeralStorageMb: 512,
      initTimeoutMs: 10_000,
      onLog: (line) => log.push(line),
      ...more,
      variables: {
        AWS_LAMBDA_FUNCTION_NAME: "test",
        AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
        AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/test",
        AWS_LAMBDA_LOG_STREAM_NAME: "2026/01/01/[$LATEST]0123",
        AWS_REGION: "us-east-1",
        ...more.variables,
      },
    });
    return { started, log };
  }

  return {
    runtime,
    writePackage,
    /** Starts a function whose init must go well. */
    async start(files: Readonly<Record<string, string>>, more: Partial<EnvironmentSpec> = {}): Promise<TestFunction> {
      const { started, log } = await start(files, more);
      if (started.kind === "failed")
        throw new Error(`Init failed: ${asBuffer(started.error.payload).toString()}\n${log.join("\n")}`);
      const { environment } = started;
      return {
        environment,
        async call(event = {}, invocation = {}) {
          const outcome = await environment.invoke({
            requestId: ids.uuid(),
            event: utf8(JSON.stringify(event)),
            deadline: clock.now() + 10_000,
            functionArn: "arn:aws:lambda:us-east-1:000000000000:function:test",
            ...invocation,
          });
          return { kind: outcome.kind, value: valueOf(outcome), outcome };
        },
        takeLog: () => log.splice(0),
      };
    },
    /** Starts a function whose init must fail, and answers how. */
    async fail(
      files: Readonly<Record<string, string>>,
      more: Partial<EnvironmentSpec> = {},
    ): Promise<{ error: FunctionError; payload: Record<string, unknown>; log: string[] }> {
      const { started, log } = await start(files, more);
      if (started.kind !== "failed") throw new Error("Init went well, which it should not have.");
      return { error: started.error, payload: JSON.parse(asBuffer(started.error.payload).toString()), log };
    },
    async close(): Promise<void> {
      await runtime.close();
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

function valueOf(outcome: Outcome): unknown {
  if (outcome.kind === "response") {
    return outcome.payload.byteLength === 0 ? undefined : JSON.parse(asBuffer(outcome.payload).toString());
  }
  return outcome.kind === "error" ? JSON.parse(asBuffer(outcome.error.payload).toString()) : undefined;
}
