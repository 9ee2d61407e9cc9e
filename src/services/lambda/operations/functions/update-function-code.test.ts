import { afterEach, beforeEach, expect, test } from "vitest";
import type { SystemClock } from "../../../../base/clock.ts";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

let platform: TestPlatform<SystemClock>;
beforeEach(async () => {
  platform = await liveTestPlatform({ functions: true });
  const Role = await makeRole(platform.aws());
  await platform.aws().lambda.CreateFunction({
    FunctionName: "f",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role,
    Code: { ZipFile: answering("one") },
  });
  await platform.idle();
});
afterEach(() => platform.close());

const answering = (text: string) => zip({ "index.js": `exports.handler = async () => ${JSON.stringify(text)}` });
const answer = async () => {
  const { Payload } = await platform.aws().lambda.Invoke({ FunctionName: "f" });
  return JSON.parse(Buffer.from(Payload!).toString());
};

test("new code runs from the next invocation on, also where an environment was warm", async () => {
  expect(await answer()).toBe("one");
  const updated = await platform.aws().lambda.UpdateFunctionCode({ FunctionName: "f", ZipFile: answering("two") });
  expect(updated).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress" });
  await platform.idle();
  expect(await platform.aws().lambda.GetFunctionConfiguration({ FunctionName: "f" })).toMatchObject({
    LastUpdateStatus: "Successful",
    CodeSha256: updated.CodeSha256,
  });
  expect(await answer()).toBe("two");
});

test("a second update during the first, and one for another revision, are refused", async () => {
  const { lambda } = platform.aws();
  await expect(
    lambda.UpdateFunctionCode({ FunctionName: "f", ZipFile: answering("two"), RevisionId: "of-yesterday" }),
  ).rejects.toMatchObject({ code: "PreconditionFailedException", status: 412 });
  const both = await Promise.allSettled([
    lambda.UpdateFunctionCode({ FunctionName: "f", ZipFile: answering("two") }),
    lambda.UpdateFunctionCode({ FunctionName: "f", ZipFile: answering("three") }),
  ]);
  const refused = both.filter((result) => result.status === "rejected").map((result) => result.reason);
  for (const error of refused) {
    expect(error).toMatchObject({
      code: "ResourceConflictException",
      message: expect.stringContaining("An update is in progress for resource"),
    });
  }
});

test("a dry run checks the package and changes nothing", async () => {
  const { lambda } = platform.aws();
  await lambda.UpdateFunctionCode({ FunctionName: "f", ZipFile: answering("two"), DryRun: true });
  await expect(
    lambda.UpdateFunctionCode({ FunctionName: "f", ZipFile: Buffer.from("x"), DryRun: true }),
  ).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
  expect(await answer()).toBe("one");
});
