import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "./files.ts";

let clone: string;
const lock = (packages: object) => JSON.stringify({ packages: { "": {}, ...packages } });
const runtimeOnly = { "node_modules/a": { version: "1.0.0" } };
const withDev = { ...runtimeOnly, "node_modules/b": { version: "1.0.0", dev: true } };
const withOptional = { ...runtimeOnly, "node_modules/c": { version: "1.0.0", optional: true } };

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "virga-test-"));
  cpSync(join(root, "bin"), join(clone, "bin"), { recursive: true });
  writeFileSync(join(clone, "package.json"), `{ "type": "module" }`);
  writeFileSync(join(clone, "hello.js"), `console.log("hello", ...process.argv.slice(2)); process.exitCode = 3;`);
  // Stands for npm: notes what it was asked, and installs what the lock file says unless told to fail.
  writeFileSync(
    join(clone, "npm.cjs"),
    `const fs = require("fs");
    fs.appendFileSync("asked", process.argv[2] + "\\n");
    if (process.env.FAIL) process.exit(9);
    fs.mkdirSync("node_modules", { recursive: true });
    fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");`,
  );
});
afterEach(() => rmSync(clone, { recursive: true }));

function run(args: readonly string[], environment: Record<string, string> = {}) {
  const ended = spawnSync(process.execPath, ["bin/run.js", ...args], {
    cwd: clone,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], npm_execpath: join(clone, "npm.cjs"), ...environment },
  });
  const asked = join(clone, "asked");
  return { ...ended, asked: existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : [] };
}

function installed(packages: object): void {
  mkdirSync(join(clone, "node_modules"));
  writeFileSync(join(clone, "node_modules/.package-lock.json"), lock(packages));
}

describe("what a script needs is installed before it runs", () => {
  test("everything on a fresh clone, and then never again", () => {
    writeFileSync(join(clone, "package-lock.json"), lock(withDev));
    const first = run(["hello.js", "a", "--b"]);
    expect([first.stdout, first.status, first.asked]).toEqual(["hello a --b\n", 3, ["ci"]]);
    expect(first.stderr).toContain("installing dependencies, because they are missing");
    expect(run(["hello.js"]).asked).toEqual(["ci"]);
  });

  test("what has changed, without emptying node_modules under whatever runs from it", () => {
    writeFileSync(join(clone, "package-lock.json"), lock({ "node_modules/a": { version: "1.0.1" } }));
    installed(runtimeOnly);
    const ended = run(["hello.js"]);
    expect(ended.asked).toEqual(["install"]);
    expect(ended.stderr).toContain("a has changed");
  });

  test("development dependencies only for scripts that need them", () => {
    writeFileSync(join(clone, "package-lock.json"), lock(withDev));
    installed(runtimeOnly);
    expect(run(["hello.js"]).asked).toEqual([]);
    expect(run(["--dev", "hello.js"]).asked).toEqual(["install"]);
  });

  test("not what fits other machines only", () => {
    writeFileSync(join(clone, "package-lock.json"), lock(withOptional));
    installed(runtimeOnly);
    expect(run(["hello.js"]).asked).toEqual([]);
  });

  test("nothing where there is no lock file, as in an installed package", () => {
    expect(run(["hello.js"]).asked).toEqual([]);
  });

  test("a failing npm ends the launch with its exit code and the next step", () => {
    writeFileSync(join(clone, "package-lock.json"), lock(runtimeOnly));
    const ended = run(["hello.js"], { FAIL: "1" });
    expect([ended.status, ended.stdout]).toEqual([9, ""]);
    expect(ended.stderr).toContain("run the same command again");
  });
});

const olderNode = (process.env["PATH"] ?? "")
  .split(":")
  .map((folder) => join(folder, "node"))
  .find((node) => {
    const version = existsSync(node) ? spawnSync(node, ["--version"], { encoding: "utf8" }).stdout : "";
    return /^v2[0-3]\./.test(version);
  });

describe.skipIf(!olderNode)("on an older Node (skipped where PATH has none)", () => {
  test("a script runs on Node 24 and its exit code is the launcher's", () => {
    writeFileSync(join(clone, "version.js"), `console.log(process.versions.node.split(".")[0]); process.exitCode = 5;`);
    const ended = spawnSync(olderNode!, ["bin/run.js", "version.js"], {
      cwd: clone,
      encoding: "utf8",
      env: { VIRGA_NODE: process.execPath },
    });
    expect([Number(ended.stdout) >= 24, ended.status, ended.stderr]).toEqual([true, 5, ""]);
  });

  test("signals reach the script", async () => {
    writeFileSync(
      join(clone, "wait.js"),
      `process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000);`,
    );
    const child = spawn(olderNode!, ["bin/run.js", "wait.js"], {
      cwd: clone,
      env: { VIRGA_NODE: process.execPath },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((done) => child.stdout.once("data", done));
    const ended = new Promise((done) => child.once("close", done));
    child.kill("SIGTERM");
    expect(await ended).toBe(7);
  });

  test("without a Node 24 it says how to get one", () => {
    const ended = spawnSync(olderNode!, ["bin/run.js", "hello.js"], {
      cwd: clone,
      encoding: "utf8",
      env: { PATH: dirname(olderNode!) },
    });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain("needs Node 24 or newer");
    expect(ended.stderr).toContain("VIRGA_NODE=");
  });
});
