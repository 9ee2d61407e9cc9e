import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
let folder: string;
let running: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virga-test-"));
  running = [];
});
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Runs the command line as a person would, in an empty folder. */
function virga(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, "src/cli/virga.ts"), ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  const ended = new Promise<number | string>((done) => {
    child.on("close", (code, signal) => done(code ?? signal ?? ""));
  });
  /** Resolves with the endpoint once the platform is ready. */
  const ready = new Promise<string>((done, failed) => {
    child.stdout.on("data", () => {
      const endpoint = /ready at (\S+) [^]*virga help\n/.exec(stdout)?.[1];
      if (endpoint) done(endpoint);
    });
    void ended.then((code) => failed(new Error(`ended with ${code} before it was ready: ${stderr}`)));
  });
  ready.catch(() => {});
  return { child, ended, ready, output: () => stdout, errors: () => stderr };
}

describe("virga start", () => {
  test("answers its health, says how to reach it, and stops cleanly when asked", async () => {
    const { child, ready, ended, output, errors } = virga(["start", "--port", "0"]);
    const endpoint = await ready;
    expect((await fetch(`${endpoint}/_virga/health`)).status).toBe(200);
    expect(output()).toContain(`export AWS_ENDPOINT_URL=${endpoint}`);
    expect(output()).toContain(join(folder, ".virga"));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    const lines = errors()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { message: string });
    expect(lines.at(-1)!.message).toBe("Stopped.");
  });

  test("logs one line per request, and none at --log-level warn", async () => {
    const loud = virga(["start", "--port", "0", "--memory"]);
    const quiet = virga(["start", "--port", "0"], { VIRGA_LOG_LEVEL: "warn", VIRGA_MEMORY: "1" });
    for (const each of [loud, quiet]) {
      const endpoint = await each.ready;
      await fetch(endpoint, { method: "POST", headers: { "x-amz-target": "Nothing.Here" } });
      each.child.kill("SIGINT");
      expect(await each.ended).toBe(0);
    }
    const requests = loud
      .errors()
      .split("\n")
      .filter((line) => line.includes('"status"'));
    expect(requests).toHaveLength(1);
    expect(quiet.errors()).toBe("");
  });

  test("a taken port is said in plain words", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    const { ended, errors } = virga(["start", "--memory", "--port", String(port)]);
    expect(await ended).toBe(1);
    server.close();
    expect(errors()).toContain(`Port ${port} of 127.0.0.1 is already taken`);
    expect(errors()).toContain(`--port ${port + 1}`);
    expect(errors()).not.toMatch(/^ +at /m);
  });

  test("a data directory that another platform uses is said in plain words", async () => {
    const first = virga(["start", "--port", "0"]);
    await first.ready;
    const second = virga(["start", "--port", "0"]);
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain(`is in use by process ${first.child.pid}`);
    expect(second.errors()).toContain("--data-dir");
  });

  test.each(process.platform === "linux" ? ["file/data", "/proc/virga/data"] : ["file/data"])(
    "a data directory that cannot be made is said in plain words: %s",
    async (directory) => {
      await writeFile(join(folder, "file"), "");
      const { ended, errors } = virga(["start", "--port", "0", "--data-dir", directory]);
      expect(await ended).toBe(1);
      expect(errors()).toContain("choose another with --data-dir");
      expect(errors()).not.toMatch(/^ +at /m);
    },
  );

  test("strict keeps its root key in the data directory, for its owner only, and prints the path alone", async () => {
    const { ready, output, errors } = virga(["start", "--port", "0", "--auth", "strict"]);
    await ready;
    const file = join(folder, ".virga/root-credentials");
    expect(output()).toContain(`export AWS_SHARED_CREDENTIALS_FILE=${file}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, ".virga")).mode & 0o777).toBe(0o700);
    const secret = /aws_secret_access_key = (\S+)/.exec(await readFile(file, "utf8"))![1]!;
    expect(output() + errors()).not.toContain(secret);
  });

  test("TLS files that are none are said in plain words", async () => {
    await writeFile(join(folder, "x.pem"), "nothing");
    const bad = virga(["start", "--memory", "--port", "0", "--tls-cert", "x.pem", "--tls-key", "x.pem"]);
    const missing = virga(["start", "--memory", "--port", "0", "--tls-cert", "y.pem", "--tls-key", "x.pem"]);
    expect([await bad.ended, await missing.ended]).toEqual([1, 2]);
    expect(bad.errors()).toContain("x.pem must hold a certificate in PEM form");
    expect(missing.errors()).toContain("The TLS file y.pem cannot be read");
  });

  test("lenient on an address that others can reach is refused before anything is made", async () => {
    const { ended, errors } = virga(["start", "--host", "0.0.0.0"]);
    expect(await ended).toBe(2);
    expect(errors()).toContain("--auth strict");
    expect(existsSync(join(folder, ".virga"))).toBe(false);
  });

  test("knows a lifeline that is another process's, and does without", () => {
    const { stderr } = spawnSync(process.execPath, [join(root, "src/cli/virga.ts"), "start", "--port", "none"], {
      env: { ...process.env, VIRGA_LIFELINE: "3:1" },
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^virga: .*--port/);
  });

  test("ends when its launcher is killed", async () => {
    const launcher = spawn(
      process.execPath,
      [
        "-e",
        `const child = require("child_process").spawn(process.execPath, ${JSON.stringify([join(root, "src/cli/virga.ts"), "start", "--memory", "--port", "0"])},
          { stdio: ["ignore", "inherit", "inherit", "pipe"], env: { ...process.env, VIRGA_LIFELINE: "3:" + process.pid } });
         child.unref();`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    running.push(launcher);
    let text = "";
    await new Promise<void>((done) => {
      launcher.stdout.on("data", (chunk) => {
        text += chunk;
        if (text.includes("virga help")) done();
      });
    });
    // Both write to this pipe, so it closes only when both are gone.
    const closed = new Promise((done) => launcher.stdout.once("close", () => done("both are gone")));
    launcher.kill("SIGKILL");
    expect(await closed).toBe("both are gone");
  });
});

test("the help, the version and mistakes need no platform", async () => {
  const help = virga(["help"]);
  const version = virga(["--version"]);
  const mistake = virga(["deploy"]);
  expect([await help.ended, await version.ended, await mistake.ended]).toEqual([0, 0, 2]);
  expect(help.output()).toContain("--durability");
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  expect(version.output().trim()).toBe(manifest.version);
  expect(mistake.errors()).toContain("There are start, demo and help.");
});
