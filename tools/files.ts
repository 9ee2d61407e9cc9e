import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository. */
export const root = resolve(import.meta.dirname, "..");

/** Every file under a folder of the repository, as a path with slashes from its root, in order. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    )
    .toSorted();
}
