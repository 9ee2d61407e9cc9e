import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coveragePage } from "./coverage/page.ts";
import { root } from "./files.ts";
import { serviceCoverage } from "./service-definitions.ts";

test("docs/coverage.md says what the services define (`npm run coverage-page` writes it)", async () => {
  expect(coveragePage(await serviceCoverage())).toBe(readFileSync(join(root, "docs/coverage.md"), "utf8"));
});

test("a service counts what it implements, and lists what it does not", () => {
  const page = coveragePage([
    {
      name: "sts",
      title: "AWS STS",
      operations: ["AssumeRole", "GetCallerIdentity"],
      implemented: new Set(["AssumeRole"]),
    },
    { name: "sns", title: "Amazon SNS", operations: ["Publish"], implemented: new Set() },
  ]);
  expect(page).toContain("1 of the 3 operations");
  expect(page).toContain("| [sts](#sts) | AWS STS | 1 | 2 |");
  expect(page).toContain("| sns | Amazon SNS | 0 | 1 |");
  expect(page).toContain("Implemented (1): `AssumeRole`");
  expect(page).toContain("Not implemented (1)");
});
