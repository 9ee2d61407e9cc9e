import { basename, dirname, posix } from "node:path";
import type { Finding } from "./check-source.ts";

/**
 * Checks the folders of services: each has a door and a README, and each file of operations has a test: beside it
 * (`put-item.test.ts`), or for a family in a test named after the folder (`operations/tags/tags.test.ts`, `operations/tags.test.ts`).
 * `paths` are all files of the repository under `src/`, with slashes.
 */
export function checkServices(paths: readonly string[]): Finding[] {
  const all = new Set(paths);
  const findings: Finding[] = [];
  const services = new Set(paths.filter((path) => path.startsWith("src/services/")).map((path) => path.split("/")[2]!));
  for (const service of services) {
    const folder = `src/services/${service}`;
    if (!all.has(`${folder}/README.md`)) {
      findings.push({
        file: `${folder}/README.md`,
        line: 1,
        message: "is missing: one page on what works, what differs from AWS, and the sources",
      });
    }
    if (!all.has(`${folder}/service.ts`)) {
      findings.push({
        file: `${folder}/service.ts`,
        line: 1,
        message: "is missing: the service's door, which exports its definition",
      });
    }
  }
  for (const path of paths) {
    if (!/^src\/services\/[^/]+\/operations\/.*\.ts$/.test(path) || path.endsWith(".test.ts")) continue;
    const folder = dirname(path);
    const places = [
      path.replace(/\.ts$/, ".test.ts"),
      posix.join(folder, `${basename(folder)}.test.ts`),
      `${folder}.test.ts`,
    ];
    if (!places.some((place) => all.has(place))) {
      findings.push({
        file: path,
        line: 1,
        message: `has no test; write ${places[0]}, from AWS's documentation of the operation`,
      });
    }
  }
  return findings;
}

/**
 * Operations of a definition that no test of the service names. `tests` is the text of all its tests.
 * A family's test can stand for many operations, but has to call each.
 */
export function untestedOperations(operations: readonly string[], tests: string): string[] {
  const words = new Set(tests.match(/\w+/g));
  const camel = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
  return operations.filter((name) => !words.has(name) && !words.has(`${name}Command`) && !words.has(camel(name)));
}
