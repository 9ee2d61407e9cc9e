import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decisionIndex } from "./decisions/decision-index.ts";
import { root, sourceFiles } from "./files.ts";

const records = sourceFiles("docs/decisions").map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

test("the index lists every decision record (`npm run decisions` writes it)", () => {
  expect(readFileSync(join(root, "docs/decisions/README.md"), "utf8")).toBe(decisionIndex(records));
});

test("every runtime dependency has a decision record that names it", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const text = records.map((record) => record.text).join("\n");
  // The clients of one SDK are one decision.
  const missing = Object.keys(manifest.dependencies).filter((name) => !text.includes(name.replace("@aws-sdk/", "")));
  expect(missing).toEqual([]);
});

test("no two decision records share a number", () => {
  const numbers = records.map(({ path }) => /\/(\d{4})-/.exec(path)?.[1]).filter((number) => number !== undefined);
  expect(numbers).toEqual([...new Set(numbers)]);
});
