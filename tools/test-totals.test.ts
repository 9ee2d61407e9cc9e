import { expect, test } from "vitest";
import { closingLine, countTests } from "./test-totals.ts";

const file = (status: string, ...tests: string[]) => ({
  name: "/x.test.ts",
  status,
  assertionResults: tests.map((each) => ({ status: each, fullName: `is ${each}` })),
});

test("every test is counted once", () => {
  const counts = countTests({
    testResults: [file("failed", "passed", "failed"), file("passed", "passed", "skipped", "todo")],
  });
  expect(closingLine(counts)).toBe("2 passed, 1 failed, 2 skipped");
  expect(counts.skippedTests.map((each) => each.name)).toEqual(["is skipped", "is todo"]);
});

test("a file that cannot be loaded counts as a failure", () => {
  expect(closingLine(countTests({ testResults: [file("failed")] }))).toBe("0 passed, 1 failed, 0 skipped");
});

test("a file whose hook failed after all its tests passed counts as a failure", () => {
  expect(closingLine(countTests({ testResults: [file("failed", "passed")] }))).toBe("1 passed, 1 failed, 0 skipped");
});
