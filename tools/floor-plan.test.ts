import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, sourceFiles } from "./files.ts";
import { checkServices, untestedOperations } from "./floor-plan/check-services.ts";
import { checkSource } from "./floor-plan/check-source.ts";
import { withDiagram } from "./floor-plan/diagram.ts";
import { drawRooms } from "./floor-plan/rooms.ts";
import { loadDefinitions } from "./service-definitions.ts";

const messages = (file: string, source: string) => checkSource(file, source).map((finding) => finding.message);

describe("the repository", () => {
  const paths = sourceFiles("src");

  test("every file keeps to the floor plan", () => {
    const findings = paths
      .filter((path) => path.endsWith(".ts"))
      .flatMap((path) => checkSource(path, readFileSync(join(root, path), "utf8")))
      .map(({ file, line, message }) => `${file}:${line} ${message}`);
    expect(findings).toEqual([]);
  });

  test("every service has a door and a README, and every operation a test", () => {
    expect(checkServices(paths).map(({ file, message }) => `${file} ${message}`)).toEqual([]);
  });

  test("every operation that a service defines is named by one of its tests", async () => {
    const untested: string[] = [];
    for (const [name, { operations }] of await loadDefinitions()) {
      const room = name === "dynamodbstreams" ? "dynamodb" : name;
      const tests = paths
        .filter((path) => path.startsWith(`src/services/${room}/`) && path.endsWith(".test.ts"))
        .map((path) => readFileSync(join(root, path), "utf8"));
      untested.push(...untestedOperations(Object.keys(operations), tests.join("\n")).map((each) => `${name}.${each}`));
    }
    expect(untested).toEqual([]);
  });

  test("the diagram in ARCHITECTURE.md is that of the floor plan (`npm run floor-plan` draws it)", () => {
    const document = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
    expect(withDiagram(document)).toBe(document);
  });
});

describe("imports", () => {
  const cases: readonly (readonly [file: string, source: string, allowed: boolean])[] = [
    ["src/base/ids.ts", `import { createHash } from "node:crypto";`, true],
    ["src/base/ids.ts", `import { AwsError } from "../api/aws-error.ts";`, false],
    ["src/kernel/kernel.ts", `import type { Store } from "../storage/store.ts";`, true],
    ["src/kernel/kernel.ts", `import { type Store } from "../storage/store.ts";`, true],
    ["src/kernel/kernel.ts", `import { StoreUnavailableError } from "../storage/store.ts";`, false],
    ["src/kernel/kernel.ts", `export * from "../storage/store.ts";`, false],
    ["src/kernel/kernel.test.ts", `import { MemoryStore } from "../storage/memory-store.ts";`, true],
    ["src/services/lambda/service.ts", `import { parseArn } from "../../base/arn.ts";`, true],
    ["src/services/lambda/service.ts", `import { table } from "../dynamodb/state.ts";`, false],
    ["src/services/lambda/service.ts", `const state = await import("../dynamodb/state.ts");`, false],
    ["src/services/lambda/service.ts", `type Table = import("../dynamodb/state.ts").Table;`, false],
    ["src/services/lambda/service.ts", `import type { FunctionRuntime } from "../../runtime/runtime.ts";`, true],
    ["src/services/lambda/service.ts", `import { Fleet } from "../../runtime/fleet.ts";`, false],
    ["src/services/lambda/service.ts", `import { collection } from "../../kernel/records.ts";`, true],
    ["src/services/lambda/service.ts", `import { answer } from "../../gateway/answer.ts";`, false],
    ["src/services/lambda/service.test.ts", `import { testPlatform } from "../../../test/harness/platform.ts";`, true],
    ["src/services/lambda/service.ts", `import { testPlatform } from "../../../test/harness/platform.ts";`, false],
    ["src/gateway/answer.ts", `import type { Dispatcher } from "../kernel/dispatch.ts";`, true],
    ["src/gateway/answer.ts", `import type { Store } from "../storage/store.ts";`, false],
    ["src/platform.ts", `import { stsService } from "./services/sts/service.ts";`, true],
    ["src/cli/start.ts", `import { startPlatform } from "../platform.ts";`, true],
    ["src/cli/start.ts", `import { MemoryStore } from "../storage/memory-store.ts";`, false],
  ];
  test.for(cases)("%s: %s", ([file, source, allowed]) => {
    expect(messages(file, source)).toHaveLength(allowed ? 0 : 1);
  });

  test("a refusal says what to do instead", () => {
    expect(messages("src/services/lambda/a.ts", `import { table } from "../dynamodb/state.ts";`)).toEqual([
      `imports src/services/dynamodb/state.ts, but services know nothing of each other; call its AWS API with ctx.aws(principal)["dynamodb"]`,
    ]);
  });

  test("a folder that the plan does not know is refused", () => {
    expect(messages("src/utils/x.ts", "")[0]).toContain("in no room");
  });
});

describe("time, chance and environment", () => {
  test.for([
    "Date.now();",
    "new Date();",
    "Math.random();",
    "performance.now();",
    "setTimeout(() => {}, 5);",
    "globalThis.setTimeout(() => {}, 5);",
    "setInterval(() => {}, 5);",
    "AbortSignal.timeout(5);",
    "process.env;",
    `process["env"];`,
    `import { setTimeout } from "node:timers/promises";`,
    `import { randomUUID } from "node:crypto";`,
  ])("%s is refused in a service", (source) => {
    expect(messages("src/services/sts/x.ts", source)).toHaveLength(1);
  });

  test.for(["new Date(0);", "setImmediate(() => {});", "clock.now();", `import { createHash } from "node:crypto";`])(
    "%s is fine in a service",
    (source) => {
      expect(messages("src/services/sts/x.ts", source)).toEqual([]);
    },
  );

  test("base may ask the machine, and only cli the environment", () => {
    expect(messages("src/base/clock.ts", "Date.now(); setTimeout(() => {}, 5);")).toEqual([]);
    expect(messages("src/base/clock.ts", "process.env;")).toHaveLength(1);
    expect(messages("src/cli/options.ts", "process.env;")).toEqual([]);
  });
});

describe("state of modules", () => {
  test.for([
    "let count = 0;",
    "export let count = 0;",
    "const seen = new Map();",
    "const list: string[] = [];",
    "const seen: Set<string> = new Set();",
  ])("%s is refused", (source) => {
    expect(messages("src/kernel/x.ts", source)).toHaveLength(1);
  });

  test.for([
    "const limit = 5;",
    `const names = new Map([["a", 1]]);`,
    "export const none: readonly string[] = [];",
    "const noNames: ReadonlyMap<string, string> = new Map();",
    "function f() { let count = 0; const seen = new Map(); return [count, seen]; }",
  ])("%s is fine", (source) => {
    expect(messages("src/kernel/x.ts", source)).toEqual([]);
  });
});

describe("services", () => {
  const door = ["src/services/sts/README.md", "src/services/sts/service.ts"];

  test("a service without README or door is found", () => {
    expect(checkServices(["src/services/sts/state.ts"]).map((finding) => finding.file)).toEqual([door[0], door[1]]);
  });

  test("an operation needs a test beside it or in its family's", () => {
    const operations = "src/services/sts/operations";
    const untested = (...paths: string[]) => checkServices([...door, ...paths]).map((finding) => finding.file);
    expect(untested(`${operations}/assume-role.ts`)).toEqual([`${operations}/assume-role.ts`]);
    expect(untested(`${operations}/assume-role.ts`, `${operations}/assume-role.test.ts`)).toEqual([]);
    expect(untested(`${operations}/tags/list.ts`, `${operations}/tags/tags.test.ts`)).toEqual([]);
    expect(untested(`${operations}/tags/list.ts`, `${operations}/tags.test.ts`)).toEqual([]);
  });

  test("an operation that no test names is found", () => {
    const tests = "await sts.AssumeRole({}); new GetCallerIdentityCommand({}); tagUser()";
    expect(untestedOperations(["AssumeRole", "GetCallerIdentity", "TagUser", "UntagUser"], tests)).toEqual([
      "UntagUser",
    ]);
  });
});

test("the diagram shows imports of types as dotted arrows and leaves out the arrows to base that would hide the rest", () => {
  const diagram = drawRooms();
  expect(diagram).toContain("kernel -.->|types| storage");
  expect(diagram).toContain("services -.->|types| runtime");
  expect(diagram).not.toContain("gateway --> base");
});
