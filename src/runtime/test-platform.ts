// A platform that starts functions of the package it is given, tells of their processes, and waits to be killed.
import { SystemClock } from "../base/clock.ts";
import { testRuntime } from "./test-functions.ts";

await run(process.argv[2]!);

async function run(taskRoot: string): Promise<void> {
  const functions = testRuntime();
  const pids: number[] = [];
  let folder = "";
  for (let count = 0; count < 2; count++) {
    const { call } = await functions.start({}, { taskRoot });
    const value = (await call()).value as { pids: number[]; folder: string };
    pids.push(...value.pids);
    folder = value.folder;
  }
  process.stdout.write(JSON.stringify({ pids, folder }));
  await new SystemClock().until(Number.MAX_SAFE_INTEGER);
}
