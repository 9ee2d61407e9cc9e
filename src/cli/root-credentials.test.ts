import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seededIds } from "../base/ids.ts";
import { rootCredentials } from "./root-credentials.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "virga-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("the first start makes a key that only its owner can read, and later starts use it", async () => {
  const file = join(folder, "data/root-credentials");
  const made = await rootCredentials(file, seededIds("a"));
  expect(made.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(made.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await rootCredentials(file, seededIds("b"))).toEqual(made);
});

test("the file is an AWS credentials file", async () => {
  const file = join(folder, "root-credentials");
  const made = await rootCredentials(file, seededIds("a"));
  expect(await readFile(file, "utf8")).toBe(
    `[default]\naws_access_key_id = ${made.accessKeyId}\naws_secret_access_key = ${made.secretAccessKey}\n`,
  );
});

test("a file that others can read is refused", async () => {
  const file = join(folder, "root-credentials");
  await rootCredentials(file, seededIds("a"));
  await chmod(file, 0o644);
  await expect(rootCredentials(file, seededIds("a"))).rejects.toThrow(`Run \`chmod 600 ${file}\``);
});

test("a file without a key is refused and kept", async () => {
  const file = join(folder, "root-credentials");
  await writeFile(file, "[default]\n", { mode: 0o600 });
  await expect(rootCredentials(file, seededIds("a"))).rejects.toThrow("holds no access key");
  expect(await readFile(file, "utf8")).toBe("[default]\n");
});
