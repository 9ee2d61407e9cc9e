import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decisionIndex } from "./decisions/decision-index.ts";
import { root, sourceFiles } from "./files.ts";

// `npm run decisions`: writes docs/decisions/README.md, the index of the decision records.
const records = sourceFiles("docs/decisions").map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
writeFileSync(join(root, "docs/decisions/README.md"), decisionIndex(records));
