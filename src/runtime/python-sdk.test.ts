import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findPythonSdk } from "./python-sdk.ts";
import { findInterpreter, sandboxDirectory } from "./test-functions.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virga-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text = ""): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

const python = (name: string, minor: number) =>
  ({ path: join(folder, name, "bin/python3"), version: [3, minor] }) as const;

describe("boto3", () => {
  test("is the interpreter's own where it has one", async () => {
    await write("a/lib/python3.13/site-packages/boto3/__init__.py");
    await write("b/lib/python3.14/site-packages/boto3/__init__.py");
    const [own, other] = [python("a", 13), python("b", 14)];
    const directory = join(folder, "a/lib/python3.13/site-packages");
    expect(await findPythonSdk(own, [own, other], folder)).toEqual({ directory, isOwn: true });
  });

  test("is the person's own where they installed it for themselves", async () => {
    await write(".local/lib/python3.13/site-packages/boto3/__init__.py");
    const directory = join(folder, ".local/lib/python3.13/site-packages");
    expect(await findPythonSdk(python("a", 13), [], folder)).toEqual({ directory, isOwn: true });
  });

  test("is borrowed from the newest Python that has it, else from none", async () => {
    const pythons = [python("a", 13), python("b", 9), python("c", 11), python("d", 14)];
    expect(await findPythonSdk(pythons[0]!, pythons, folder)).toBeUndefined();
    await write("b/lib/python3.9/site-packages/boto3/__init__.py");
    await write("c/lib/python3.11/site-packages/boto3/__init__.py");
    const directory = join(folder, "c/lib/python3.11/site-packages");
    expect(await findPythonSdk(pythons[0]!, pythons, folder)).toEqual({ directory, isOwn: false });
  });
});

const found = await findInterpreter("python3.13");

describe.skipIf(found.kind === "missing")("a Python without boto3 (skipped where there is no Python)", () => {
  /** Isolated, so that what this machine has installed is not seen. */
  function run(program: string) {
    const { path } = found as { path: string };
    const start = `import sys; sys.path.append(${JSON.stringify(join(sandboxDirectory, "python"))}); from virga_runtime.sdk import find_sdk; `;
    return spawnSync(path, ["-I", "-S", "-B", "-c", start + program], { encoding: "utf8" });
  }

  test("finds the borrowed one and what it needs, and nothing else beside it", async () => {
    await write("boto3/__init__.py", "import botocore");
    await write("botocore/__init__.py");
    await write("numpy/__init__.py");
    const { stdout, stderr } = run(
      `find_sdk(${JSON.stringify(folder)}); import boto3; print(boto3.__file__, boto3.botocore.__name__); import numpy`,
    );
    expect(stdout.trim()).toBe(`${join(folder, "boto3/__init__.py")} botocore`);
    expect(stderr).toContain("No module named 'numpy'");
  });

  test("says how to get one where nothing can be borrowed", () => {
    const { stderr } = run("find_sdk(None); import boto3");
    expect(stderr).toContain("python3 -m pip install boto3");
    expect(stderr).toContain("No module named 'boto3'");
  });
});
