import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { zip } from "./zip.ts";

const python = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!python)("another implementation reads every file back (skipped without python3)", () => {
  const folder = mkdtempSync(join(tmpdir(), "virga-test-"));
  try {
    const archive = join(folder, "a.zip");
    writeFileSync(archive, zip({ "index.mjs": Buffer.from("export {};\n"), "größe/b.bin": Buffer.from([0, 255, 10]) }));
    const script = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(z.testzip(), [(i.filename, oct(i.external_attr >> 16), z.read(i)) for i in z.infolist()])`;
    const read = spawnSync("python3", ["-c", script, archive], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], PYTHONUTF8: "1" },
    });
    expect(read.stdout.trim()).toBe(
      String.raw`None [('index.mjs', '0o100644', b'export {};\n'), ('größe/b.bin', '0o100644', b'\x00\xff\n')]`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
