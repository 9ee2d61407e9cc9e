import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBundle } from "./bundle/make-bundle.ts";
import { root } from "./files.ts";

// Inside node_modules, so that what is not bundled is found as it is from dist/.
const directory = join(root, "node_modules/.cache/virga/bundle-under-test");
beforeAll(() => makeBundle(directory));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test(
  "the bundle runs the demo: models, runtimes and late chunks are where it looks for them",
  { timeout: 60_000 },
  () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(directory, "virga.js"), "demo"], {
      encoding: "utf8",
      timeout: 50_000,
    });
    expect(`${stdout}${stderr}`).toContain("All of it worked.");
    expect(status).toBe(0);
  },
);
