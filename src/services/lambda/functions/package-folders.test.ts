import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { zip } from "../../../../test/harness/functions.ts";
import { PackageError, PackageFolders } from "./package-folders.ts";

let base: string;
let folders: PackageFolders;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "virga-test-packages-"));
  folders = new PackageFolders(join(base, "packages"));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function open(bytes: Uint8Array, key = "k"): Promise<string> {
  const file = join(base, "package.zip");
  await writeFile(file, bytes);
  return folders.open(key, async () => file);
}

test("files are unpacked with their folders and their modes", async () => {
  const folder = await open(zip({ "a.js": "A", "lib/b.sh": "B" }, { "lib/b.sh": 0o100755 }));
  expect(await readFile(join(folder, "a.js"), "utf8")).toBe("A");
  expect((await stat(join(folder, "a.js"))).mode & 0o777).toBe(0o644);
  expect((await stat(join(folder, "lib/b.sh"))).mode & 0o777).toBe(0o755);
});

test("a package is unpacked once for all who ask, and dropped for good", async () => {
  const bytes = zip({ "a.js": "A" });
  const [one, two] = await Promise.all([open(bytes), open(bytes)]);
  expect(one).toBe(two);
  await folders.drop("k");
  await expect(stat(one)).rejects.toThrow("ENOENT");
});

test.each([
  ["a path that leads outside", zip({ "../out.js": "x" })],
  ["an absolute path", zip({ "/etc/out.js": "x" })],
  ["a Windows path", zip({ "a\\..\\..\\out.js": "x" })],
  ["a symbolic link", zip({ link: "/etc/passwd" }, { link: 0o120777 })],
  ["a device", zip({ device: "" }, { device: 0o020666 })],
  ["a truncated archive", zip({ "a.js": "A".repeat(1000) }).subarray(0, 60)],
  ["no archive", Buffer.from("PK\u0003\u0004 and then nothing")],
])("%s is refused and leaves nothing behind", async (_, bytes) => {
  await expect(open(bytes)).rejects.toThrow(PackageError);
  await expect(stat(join(base, "packages", "k"))).rejects.toThrow("ENOENT");
  await expect(stat(join(base, "out.js"))).rejects.toThrow("ENOENT");
});

test("an archive that unpacks to more than 250 MB is refused", async () => {
  const file = new Uint8Array(132_000_000);
  await expect(open(zip({ a: file, b: file }))).rejects.toThrow("Unzipped size must be smaller than 262144000 bytes");
});

test("an archive that lies about its sizes is refused", async () => {
  const bytes = Buffer.from(zip({ "a.js": "A".repeat(10_000) }));
  // The size unpacked, in the central directory.
  const central = bytes.indexOf("PK\u0001\u0002");
  bytes.writeUInt32LE(10, central + 24);
  await expect(open(bytes)).rejects.toThrow(PackageError);
});
