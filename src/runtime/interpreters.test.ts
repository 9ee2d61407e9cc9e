import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createInterpreterFinder } from "./interpreters.ts";

const own = Number(process.versions.node.split(".")[0]);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virga-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Puts a program somewhere that says `answer` when it is run, and answers its path. */
async function install(path: string, answer: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho "${answer} ${file}"\n`);
  await chmod(file, 0o755);
  return file;
}

const finder = () =>
  createInterpreterFinder({ path: `${folder}/bin:relative:${folder}/none`, home: folder, execPath: process.execPath });

describe("an interpreter", () => {
  test("is the platform's own where that is the version", async () => {
    expect(await finder()(`nodejs${own}.x`)).toEqual({ kind: "found", language: "nodejs", path: process.execPath });
  });

  test.each([
    ".nvm/versions/node/v18.20.1/bin/node",
    ".local/share/fnm/node-versions/v18.20.1/installation/bin/node",
    ".volta/tools/image/node/18.20.1/bin/node",
    ".asdf/installs/nodejs/18.20.1/bin/node",
    ".local/share/mise/installs/node/18.20.1/bin/node",
    "bin/node",
  ])("of Node.js is found at %s", async (path) => {
    const file = await install(path, "v18.20.1");
    expect(await finder()("nodejs18.x")).toEqual({ kind: "found", language: "nodejs", path: file });
  });

  test.each([
    ".pyenv/versions/3.12.1/bin/python3",
    ".asdf/installs/python/3.12.1/bin/python3",
    ".local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu/bin/python3",
    "bin/python3",
    "bin/python3.12",
  ])("of Python is found at %s", async (path) => {
    const file = await install(path, "3.12");
    expect(await finder()("python3.12")).toEqual({ kind: "found", language: "python", path: file });
  });

  test.each([
    ["python3.9", "3.10", "newer before older, however near"],
    ["python3.8", "3.10", "the nearest of the newer"],
    ["python3.14", "3.13", "the nearest of the older when there is no newer"],
  ])("for %s is Python %s: %s", async (runtime, version) => {
    for (const each of ["3.6", "3.13", "3.10"]) await install(`.pyenv/versions/${each}.2/bin/python3`, each);
    const found = await finder()(runtime);
    const wanted = runtime.slice("python".length);
    expect(found).toEqual({
      kind: "found",
      language: "python",
      path: `${folder}/.pyenv/versions/${version}.2/bin/python3`,
      warning: `WARNING: this machine has no Python ${wanted}; the function runs on Python ${version}, the nearest version found. Install Python ${wanted} to run it as on AWS.`,
    });
  });

  test("too old to run functions is not one", async () => {
    await install(".pyenv/versions/3.7.2/bin/python3", "3.7");
    const found = await finder()("python3.12");
    expect(found.kind === "missing" && found.message).toBe(
      "There is no Python on this machine that could run python3.12 functions. Install Python 3.12 so that it is found on PATH (or with pyenv, uv, asdf or mise) and start the platform again.",
    );
  });

  test("that does not answer is not one", async () => {
    await install("bin/python3", "no version");
    expect((await finder()("python3.12")).kind).toBe("missing");
  });

  test.each(["java21", "ruby3.4", "nodejs", "nodejs22", "python3", "", "__proto__"])(
    "for %j is refused",
    async (runtime) => {
      const found = await finder()(runtime);
      expect(found.kind === "missing" && found.message).toContain(`the runtime ${runtime} cannot run here yet`);
    },
  );

  test("is looked for once", async () => {
    const find = finder();
    await install(".pyenv/versions/3.12.1/bin/python3", "3.12");
    const first = await find("python3.12");
    await rm(join(folder, ".pyenv"), { recursive: true });
    expect(await find("python3.12")).toEqual(first);
  });
});
