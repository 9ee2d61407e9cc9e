import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { Steps } from "./demo/steps.ts";

const root = resolve(import.meta.dirname, "../..");

test("the demo deploys, calls and removes the users API through the AWS SDK", { timeout: 60_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["src/cli/virga.ts", "demo"], {
    cwd: root,
    encoding: "utf8",
    timeout: 50_000,
  });
  expect(stderr).toBe("");
  expect(stdout).toContain(`201 {"id":1,"name":"Ada","email":"ada@example.com"}`);
  expect(stdout).toContain(`200 "/welcome/to/the/cloud"`);
  expect(stdout).toContain("All of it worked.");
  expect(status).toBe(0);
});

test("a step that fails is shown with its reason, counted and passed on", async () => {
  const lines: string[] = [];
  const steps = new Steps(new ManualClock(), (line) => lines.push(line));
  await steps.run("one", async () => "answer");
  await expect(steps.run("two", () => Promise.reject(new RangeError("too far")))).rejects.toThrow("too far");
  expect([steps.done, steps.failed]).toEqual([1, 1]);
  expect(lines.join("\n")).toMatch(/✓ +0 ms {2}one\n +answer\n✗ +0 ms {2}two\n +RangeError: too far/);
});
