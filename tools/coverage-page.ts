import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { coveragePage } from "./coverage/page.ts";
import { root } from "./files.ts";
import { serviceCoverage } from "./service-definitions.ts";

// `npm run coverage-page`: writes docs/coverage.md from what the services define.
const coverage = await serviceCoverage();
writeFileSync(join(root, "docs/coverage.md"), coveragePage(coverage));
const implemented = coverage.reduce((sum, service) => sum + service.implemented.size, 0);
console.log(
  `docs/coverage.md: ${implemented} operations of ${coverage.filter((each) => each.implemented.size > 0).length} services`,
);
