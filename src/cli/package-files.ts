import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file that ships with Virga, from wherever this code runs: the sources or the bundle. */
export function packageFile(path: string): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "bin/virga.js"))) return join(folder, path);
  }
  throw new Error(`${path} is not where Virga is installed; install it again.`);
}
