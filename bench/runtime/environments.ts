import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../../src/base/clock.ts";
import { randomIds } from "../../src/base/ids.ts";
import { silentLog } from "../../src/base/log.ts";
import { createInterpreterFinder } from "../../src/runtime/interpreters.ts";
import { createProcessRuntime } from "../../src/runtime/process-runtime.ts";
import type { ExecutionEnvironment } from "../../src/runtime/runtime.ts";

/**
 * What an execution environment costs: from nothing to the first answer, a warm invocation, and how many environments answer
 * together. Trivial handlers. `node bench/runtime/environments.ts`
 */
const path = "/usr/local/bin:/usr/bin:/bin";
const clock = new SystemClock();
const runtime = createProcessRuntime({
  clock,
  ids: randomIds(),
  log: silentLog,
  sandboxDirectory: join(import.meta.dirname, "../../sandbox"),
  findInterpreter: createInterpreterFinder({ path, home: homedir(), execPath: process.execPath }),
  path,
});
const taskRoot = await mkdtemp(join(tmpdir(), "virga-bench-"));
await writeFile(join(taskRoot, "index.js"), "exports.handler = async (event) => event;");
await writeFile(
  join(taskRoot, "sdk.js"),
  'require("@aws-sdk/client-dynamodb"); exports.handler = async (event) => event;',
);
await writeFile(join(taskRoot, "index.py"), "def handler(event, context): return event");

async function start(name: string, handler: string): Promise<ExecutionEnvironment> {
  const started = await runtime.start({
    runtime: name,
    taskRoot,
    handler,
    variables: {},
    memoryMb: 512,
    ephemeralStorageMb: 512,
    initTimeoutMs: 10_000,
    onLog: () => {},
  });
  if (started.kind === "failed") throw new Error(Buffer.from(started.error.payload).toString());
  return started.environment;
}

let count = 0;
async function invoke(environment: ExecutionEnvironment): Promise<void> {
  const outcome = await environment.invoke({
    requestId: `bench-${count++}`,
    event: Buffer.from('{"key":"value"}'),
    deadline: clock.now() + 10_000,
    functionArn: "arn:aws:lambda:us-east-1:000000000000:function:bench",
  });
  if (outcome.kind !== "response") throw new Error(outcome.kind);
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
const percentile = (values: number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)]!;

const rows: Record<string, Record<string, number>> = {};
for (const [title, name, handler, colds] of [
  ["Node.js 24", "nodejs24.x", "index.handler", 15],
  ["Node.js 24, DynamoDB client", "nodejs24.x", "sdk.handler", 10],
  ["Python 3", "python3.13", "index.handler", 15],
] as const) {
  await start(name, handler).then(invoke);
  const cold: number[] = [];
  const environments: ExecutionEnvironment[] = [];
  for (let round = 0; round < colds; round++) {
    cold.push(
      await time(async () => {
        const environment = await start(name, handler);
        await invoke(environment);
        environments.push(environment);
      }),
    );
  }
  const one = environments[0]!;
  const warm: number[] = [];
  for (let round = 0; round < 3000; round++) warm.push(await time(() => invoke(one)));
  const eight = environments.slice(0, 8);
  const together = async (environment: ExecutionEnvironment) => {
    for (let round = 0; round < 500; round++) await invoke(environment);
  };
  const all = await time(() => Promise.all(eight.map(together)));
  rows[title] = {
    "cold p50 ms": round(percentile(cold, 0.5), 1),
    "warm p50 µs": round(percentile(warm, 0.5) * 1000, 0),
    "warm p99 µs": round(percentile(warm, 0.99) * 1000, 0),
    "one, per s": round(1000 / (warm.reduce((sum, each) => sum + each, 0) / warm.length), 0),
    "eight, per s": round((8 * 500) / (all / 1000), 0),
  };
  await Promise.all(environments.map((environment) => environment.stop()));
}
console.table(rows);
console.log(JSON.stringify(rows));
await runtime.close();
await rm(taskRoot, { recursive: true });

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
