import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const hasCli = spawnSync("aws", ["--version"]).status === 0;
// Functions in Python need boto3 in the Python that runs them, so they name that one.
const python = spawnSync("python3", ["-c", "import boto3, sys; print('python%d.%d' % sys.version_info[:2])"], {
  encoding: "utf8",
});
const runtime = python.status === 0 ? python.stdout.trim() : undefined;

/** The example as a person runs it, in Python; the demo's test runs it in JavaScript. */
describe.skipIf(!hasCli || !runtime)(
  "the users API deployed by deploy.sh (skipped without the AWS CLI and boto3)",
  () => {
    let folder: string;
    let platform: ChildProcess;
    let endpoint = "";

    async function start(port: string): Promise<void> {
      platform = spawn(
        process.execPath,
        ["src/cli/virga.ts", "start", "--port", port, "--data-dir", join(folder, "data")],
        {
          cwd: root,
          stdio: ["ignore", "pipe", "ignore"],
        },
      );
      endpoint = await new Promise((done, failed) => {
        let text = "";
        platform.stdout!.on("data", (chunk) => {
          text += chunk;
          const found = /ready at (\S+)/.exec(text)?.[1];
          if (found) done(found);
        });
        platform.once("exit", (code) => failed(new Error(`the platform ended with ${code}`)));
      });
    }

    async function kill(): Promise<void> {
      const ended = new Promise((done) => platform.once("exit", done));
      platform.kill("SIGKILL");
      await ended;
    }

    function script(name: string): string {
      const { AWS_PROFILE: _, AWS_SHARED_CREDENTIALS_FILE: __, ...environment } = process.env;
      const ended = spawnSync("bash", [join(import.meta.dirname, name)], {
        encoding: "utf8",
        env: { ...environment, AWS_ENDPOINT_URL: endpoint, AWS_DEFAULT_REGION: "us-east-1", RUNTIME: runtime },
      });
      if (ended.status !== 0) throw new Error(`${name} ended with ${ended.status}:\n${ended.stdout}${ended.stderr}`);
      return ended.stdout;
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "virga-test-"));
      await start("0");
    });
    afterAll(async () => {
      await kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    test(
      "works, survives kill -9 with everything in it, and is removed by destroy.sh",
      { timeout: 240_000 },
      async () => {
        const output = script("deploy.sh");
        expect(output).toContain(`"/welcome/to/the/cloud"`);
        const url = /── Calls to (\S+)/.exec(output)![1]!;
        const users = async () =>
          ((await (await fetch(`${url}/users`)).json()) as { id: number }[]).toSorted((a, b) => a.id - b.id);
        const both = [
          { id: 1, name: "Ada", email: "ada@example.com" },
          { id: 2, name: "Grace", email: "grace@example.com" },
        ];
        expect(await users()).toEqual(both);

        await kill();
        await start(new URL(endpoint).port);
        expect(await users()).toEqual(both);

        script("destroy.sh");
        expect((await fetch(`${url}/users`)).status).toBe(403);
      },
    );
  },
);
