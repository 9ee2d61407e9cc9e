import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, sourceFiles } from "./files.ts";
import { checkServices } from "./floor-plan/check-services.ts";
import { checkSource } from "./floor-plan/check-source.ts";
import { withDiagram } from "./floor-plan/diagram.ts";

// `npm run floor-plan`: says where the code leaves the floor plan, and redraws the diagram in ARCHITECTURE.md.
const paths = sourceFiles("src");
const findings = [
  ...paths
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .flatMap((path) => checkSource(path, readFileSync(join(root, path), "utf8"))),
  ...checkServices(paths),
];
for (const { file, line, message } of findings) console.log(`${file}:${line} ${message}`);
console.log(`${paths.length} files, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;

const document = join(root, "ARCHITECTURE.md");
writeFileSync(document, withDiagram(readFileSync(document, "utf8")));
