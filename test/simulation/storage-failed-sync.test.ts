import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import type { FailedSyncReport } from "./failed-sync-load.ts";

const beside = (name: string) => new URL(name, import.meta.url).pathname;

test("what a failed sync refused never shows, though the log holds it whole", async ({ skip }) => {
  if (process.platform !== "linux") return skip("syncs are made to fail by way of LD_PRELOAD");
  const directory = await mkdtemp(join(tmpdir(), "virga-sync-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const library = join(directory, "failing-sync.so");
  const compiled = spawnSync("cc", ["-shared", "-fPIC", "-o", library, beside("failing-sync.c"), "-ldl"]);
  if (compiled.status !== 0) return skip("there is no C compiler to make syncs fail with");
  const flag = join(directory, "syncs-fail");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [beside("failed-sync-load.ts"), join(directory, "data"), flag],
    { env: { LD_PRELOAD: library, FAILING_SYNC_WHILE: flag } },
  );
  const report = JSON.parse(stdout) as FailedSyncReport;
  expect(report.refusals).toEqual(Array.from({ length: 6 }, () => "StoreUnavailableError"));
  expect(report.failing).toEqual(["acknowledged", null, null]);
  expect(report.recovered).toEqual(["acknowledged", null, "acknowledged"]);
  expect(report.restarted).toEqual(["acknowledged", null, "acknowledged"]);
});
