import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { asBuffer } from "../base/bytes.ts";
import { ManualClock, SystemClock } from "../base/clock.ts";
import { testRuntime } from "./test-functions.ts";
import { allGone, isAlive, stateOf } from "./test-processes.ts";

const machine = new SystemClock();
const functions = testRuntime(machine);
afterAll(() => functions.close());

const startJs = (code: string, more = {}) => functions.start({ "index.js": code }, more);

describe("an environment", () => {
  test("is one process, started once and used again", async () => {
    const { call } = await startJs("exports.handler = async () => process.pid");
    const first = (await call()).value;
    expect(first).not.toBe(process.pid);
    expect((await call()).value).toBe(first);
  });

  test("runs beside others, each for itself", async () => {
    const started = await Promise.all(
      Array.from({ length: 6 }, () => startJs("exports.handler = async (event) => ({ pid: process.pid, event })")),
    );
    const results = await Promise.all(started.map(({ call }, index) => call(index)));
    const values = results.map(({ value }) => value as { pid: number; event: number });
    expect(values.map(({ event }) => event)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(values.map(({ pid }) => pid)).size).toBe(6);
  });

  test("takes and gives 6 MB", async () => {
    const { call } = await startJs("exports.handler = async (event) => event", { memoryMb: 1024 });
    const text = "x".repeat(6 * 1024 * 1024 - 100);
    const { kind, value } = await call(text);
    expect(kind).toBe("response");
    expect(value === text).toBe(true);
  });

  test("refuses to give more than 6 MB, and goes on", async () => {
    const { call } = await startJs("exports.handler = async (size) => 'x'.repeat(size)", { memoryMb: 1024 });
    expect((await call(6_291_556 - 2)).kind).toBe("response");
    expect((await call(6_291_556 - 1)).value).toEqual({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    });
    expect((await call(1)).value).toBe("x");
  });

  test("tells how much memory it has used", async () => {
    const { call } = await startJs("exports.handler = async (mb) => Buffer.alloc(mb << 20, 1).length");
    const small = (await call(1)).outcome.maxMemoryMb;
    const large = (await call(80)).outcome.maxMemoryMb;
    expect(small).toBeGreaterThan(10);
    expect(large).toBeGreaterThanOrEqual(small + 60);
    expect((await call(1)).outcome.maxMemoryMb).toBeGreaterThanOrEqual(large);
  });

  test("tells how long an invocation took", async () => {
    const { call } = await startJs("exports.handler = () => new Promise((resolve) => setTimeout(resolve, 30))");
    expect((await call()).outcome.durationMs).toBeGreaterThanOrEqual(29);
  });

  test("stands still between invocations, with all that it started", async () => {
    const code = `let ticks = 0; setInterval(() => ticks++, 1);
      exports.handler = async () => ({ ticks, pid: process.pid, child: require("child_process").spawn("sleep", ["1000"]).pid })`;
    const { call, environment } = await startJs(code);
    const { pid, child } = (await call()).value as { pid: number; child: number };
    await expect.poll(() => [stateOf(pid), stateOf(child)]).toEqual(["T", "T"]);
    expect((await call()).kind).toBe("response");
    await expect.poll(() => stateOf(pid)).toBe("T");
    await environment.stop();
    await allGone([pid, child]);
  });

  test("goes on between invocations while a debugger may come", async () => {
    const code = "setInterval(() => console.log('tick'), 1); exports.handler = async () => process.pid";
    const { call, takeLog } = await startJs(code, { variables: { NODE_OPTIONS: "--inspect=127.0.0.1:0" } });
    await call();
    takeLog();
    await expect
      .poll(() => takeLog().filter((line) => line.endsWith("tick")).length, { interval: 100 })
      .toBeGreaterThan(20);
  });

  test("has an empty folder of its own for temporary files, which goes with it", async () => {
    const { call, environment } = await startJs(
      "exports.handler = async () => { const t = require('os').tmpdir(); require('fs').writeFileSync(t + '/x', ''); return [t, require('fs').readdirSync(t).length] }",
    );
    const [folder, files] = (await call()).value as [string, number];
    expect(files).toBe(1);
    await environment.stop();
    await expect.poll(() => existsSync(folder)).toBe(false);
  });
});

describe("the end of a process", () => {
  test.each([
    ["exit with success", "process.exit(0)", { exitCode: 0, signal: null }],
    ["exit with a status", "process.exit(7)", { exitCode: 7, signal: null }],
    ["death by a signal", "process.kill(process.pid, 'SIGSEGV')", { exitCode: null, signal: "SIGSEGV" }],
  ])("in the middle of an invocation is an outcome: %s", async (_name, code, expected) => {
    const { call, environment, takeLog } = await startJs(
      `exports.handler = () => new Promise(() => { process.stdout.write("last words"); ${code} })`,
    );
    expect((await call()).outcome).toMatchObject({ kind: "exited", outOfMemory: false, ...expected });
    await environment.exited;
    expect(takeLog()).toEqual(["last words"]);
    expect((await call()).outcome).toMatchObject({ kind: "exited", notTaken: true });
  });

  test("before it takes an invocation is told apart, so that another environment can have it", async () => {
    const files = {
      bootstrap: `#!${process.execPath}
        fetch("http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/next").then(async (next) => {
          const id = next.headers.get("lambda-runtime-aws-request-id");
          await fetch("http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/" + id + "/response", { method: "POST", body: "1" });
          process.exit(2);
        });`,
    };
    const { call } = await functions.start(files, { runtime: "provided.al2023" });
    expect((await call()).value).toBe(1);
    expect((await call()).outcome).toMatchObject({ kind: "exited", exitCode: 2, notTaken: true });
  });

  test("right after its response does not take the response away", async () => {
    const code =
      "exports.handler = (e, context) => { context.succeed('x'.repeat(1e6)); setTimeout(() => process.exit(1), 1) }";
    const { call } = await startJs(code, { runtime: "nodejs22.x" });
    expect((await call()).kind).toBe("response");
  });

  test("for want of JavaScript heap is told apart", async () => {
    const { call } = await startJs(
      "exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({})) }",
      { memoryMb: 128 },
    );
    expect((await call()).outcome).toMatchObject({ kind: "exited", outOfMemory: true });
  });

  test("comes when it takes more memory than it was given", async () => {
    const code =
      "exports.handler = () => { globalThis.all = Buffer.alloc(400 << 20, 1); return new Promise((resolve) => setTimeout(resolve, 5000)) }";
    const { call } = await startJs(code, { memoryMb: 128 });
    expect((await call()).outcome).toMatchObject({ kind: "exited", signal: "SIGKILL", outOfMemory: true });
  });

  test("takes the processes that it started along", async () => {
    const code = `const { spawn } = require("child_process");
      exports.handler = async () => [process.pid, spawn("sleep", ["1000"]).pid, spawn("sh", ["-c", "trap '' TERM; sleep 1000"]).pid]`;
    const stopped = await startJs(code);
    const pids = (await stopped.call()).value as number[];
    expect(pids.map(isAlive)).toEqual([true, true, true]);
    await stopped.environment.stop();
    await allGone(pids);

    const exiting = await startJs(code.replace("async () =>", "async (exit) => exit === true ? process.exit(1) :"));
    const others = (await exiting.call()).value as number[];
    expect((await exiting.call(true)).kind).toBe("exited");
    await allGone(others);
  });

  test("can be asked for: the function hears SIGTERM first", async () => {
    const { environment, takeLog } = await startJs(
      "process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); exports.handler = async () => {}",
    );
    await environment.stop();
    await environment.exited;
    expect(takeLog().join()).toContain("bye");
  });

  test("is made when the function does not hear", async () => {
    const { call, environment } = await startJs(
      "process.on('SIGTERM', () => {}); exports.handler = async () => process.pid",
    );
    const pid = (await call()).value as number;
    await environment.stop();
    expect(isAlive(pid)).toBe(false);
  });
});

describe("a deadline", () => {
  const busy =
    "exports.handler = async (how) => { console.log('begun'); if (how === 'spin') for (;;); await new Promise((r) => setTimeout(r, 60_000)) }";

  test.each(["wait", "spin"])("ends the process in real time: %s", async (how) => {
    const { call, environment, takeLog } = await startJs(busy);
    const { outcome } = await call(how, { deadline: machine.now() + 150 });
    expect(outcome.kind).toBe("timeout");
    expect(outcome.durationMs).toBeGreaterThanOrEqual(145);
    await environment.exited;
    expect(takeLog().join()).toContain("begun");
    expect((await call()).kind).toBe("exited");
  });

  test("ends the process when the platform's clock passes it", async () => {
    const clock = new ManualClock();
    const moved = testRuntime(clock);
    try {
      let begun!: () => void;
      const hasBegun = new Promise<void>((resolve) => (begun = resolve));
      const { call } = await moved.start({ "index.js": busy }, { onLog: () => begun() });
      const result = call("wait", { deadline: clock.now() + 900_000 });
      await hasBegun;
      await clock.advance(900_000);
      expect((await result).kind).toBe("timeout");
    } finally {
      await moved.close();
    }
  });

  test("is told to the function on its own clock", async () => {
    const clock = new ManualClock();
    const moved = testRuntime(clock);
    try {
      const { call } = await moved.start({
        "index.js": "exports.handler = async (e, c) => c.getRemainingTimeInMillis()",
      });
      const left = (await call({}, { deadline: clock.now() + 3000 })).value as number;
      expect(left).toBeGreaterThan(1000);
      expect(left).toBeLessThanOrEqual(3000);
    } finally {
      await moved.close();
    }
  });

  test("is each invocation's own", async () => {
    const { call } = await startJs(
      "exports.handler = (ms) => new Promise((resolve) => setTimeout(resolve, ms, 'done'))",
    );
    expect((await call(1, { deadline: machine.now() + 60_000 })).value).toBe("done");
    expect((await call(1, { deadline: machine.now() + 300 })).value).toBe("done");
    expect((await call(400, { deadline: machine.now() + 60_000 })).value).toBe("done");
    expect((await call(5000, { deadline: machine.now() + 100 })).kind).toBe("timeout");
  });
});

describe("the end of the platform", () => {
  test("by kill -9 takes every function and what it started along", async () => {
    const code = `const { spawn } = require("child_process");
      exports.handler = async () => ({ pids: [process.pid, spawn("sleep", ["1000"]).pid], folder: process.env.TMPDIR })`;
    const taskRoot = await functions.writePackage({ "index.js": code });
    const platform = spawn(process.execPath, [fileURLToPath(new URL("test-platform.ts", import.meta.url)), taskRoot], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { pids, folder } = await new Promise<{ pids: number[]; folder: string }>((resolve, reject) => {
      platform.stdout.once("data", (bytes: Buffer) => resolve(JSON.parse(bytes.toString())));
      platform.once("exit", () => reject(new Error("The platform ended too soon.")));
    });
    expect(pids.length).toBe(4);
    expect(pids.every(isAlive)).toBe(true);
    platform.kill("SIGKILL");
    await allGone(pids);
    await expect.poll(() => existsSync(folder)).toBe(false);
  });

  test("by close stops every function", async () => {
    const closing = testRuntime();
    const { call } = await closing.start({
      "index.js": "exports.handler = async () => [process.pid, process.env.TMPDIR]",
    });
    const [pid, folder] = (await call()).value as [number, string];
    await closing.close();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("custom runtimes", () => {
  const hasCurl = existsSync("/usr/bin/curl") || existsSync("/bin/curl");
  // https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html
  const bootstrap = `#!/bin/sh
set -u
echo "starting $_HANDLER" > /dev/stderr
while true; do
  HEADERS="$(mktemp)"
  EVENT=$(curl -sS -LD "$HEADERS" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  ID=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
  echo "got $EVENT"
  if [ "$EVENT" = '"fail"' ]; then
    curl -sS -o /dev/null "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$ID/error" -H "Lambda-Runtime-Function-Error-Type: Shell.Sad" -d '{"errorType":"Shell.Sad","errorMessage":"no"}'
  else
    curl -sS -o /dev/null "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$ID/response" -d "{\\"echo\\":$EVENT}"
  fi
done
`;
  const custom = { runtime: "provided.al2023", handler: "function.handler" };

  test.skipIf(!hasCurl)("written in shell with curl work (skipped where there is no curl)", async () => {
    const { call, takeLog } = await functions.start({ bootstrap }, custom);
    expect(await call({ a: 1 })).toMatchObject({ kind: "response", value: { echo: { a: 1 } } });
    expect(takeLog()).toEqual(["starting function.handler", 'got {"a":1}']);
    expect((await call("fail")).outcome).toMatchObject({ kind: "error", error: { errorType: "Shell.Sad" } });
    expect((await call(2)).value).toEqual({ echo: 2 });
  });

  test("need a bootstrap that can be executed", async () => {
    const missing = await functions.fail({ readme: "" }, custom);
    expect(missing.payload).toEqual({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
    });
    const plain = await functions.fail({ bootstrap: "echo" }, custom);
    expect(plain.payload["errorMessage"]).toBe("Error: fork/exec /var/task/bootstrap: permission denied");
    const broken = await functions.fail({ bootstrap: "#!/no/such/program\n" }, custom);
    expect(broken.error.errorType).toBe("Runtime.InvalidEntrypoint");
  });
});

test("a language that cannot run here is refused with what to do", async () => {
  const { error, payload } = await functions.fail({}, { runtime: "java21" });
  expect(error.errorType).toBe("Runtime.InvalidRuntime");
  expect(payload["errorMessage"]).toContain("java21 cannot run here yet");
  expect(asBuffer(error.payload).length).toBeGreaterThan(0);
});
