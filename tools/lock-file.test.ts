import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./files.ts";

interface Entry {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, Entry> };
const packages = Object.entries(lock.packages).filter(([path]) => path.includes("node_modules/"));

test("the lock file holds the packages of every platform; without one `npm ci` refuses it", () => {
  const missing = Object.values(lock.packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    .filter((name) => !lock.packages[`node_modules/${name}`]);
  expect(missing).toEqual([]);
});

test("every package is held to its checksum and none to a registry's host", () => {
  const loose = packages.filter(([, entry]) => !entry.link && !entry.integrity).map(([path]) => path);
  const hosts = packages.filter(([, entry]) => entry.resolved?.includes("://")).map(([path]) => path);
  expect({ loose, hosts }).toEqual({ loose: [], hosts: [] });
});

test("nothing but classic-level asks for an install script, and that one only where it has no prebuilt binary", () => {
  const scripts = packages.filter(([, entry]) => entry.hasInstallScript).map(([path]) => path);
  expect(scripts).toEqual(["node_modules/classic-level"]);
});
