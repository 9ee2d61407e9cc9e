import { afterEach, beforeEach, expect, test } from "vitest";
import type { SystemClock } from "../../../../base/clock.ts";
import { zip } from "../../../../../test/harness/functions.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { makeFunction, payloadOf } from "../../test-functions.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const answering = (text: string) =>
  `exports.handler = async (event, context) => [${JSON.stringify(text)}, process.env.AWS_LAMBDA_FUNCTION_VERSION, ` +
  "context.functionVersion, context.invokedFunctionArn, context.logStreamName]";
let platform: TestPlatform<SystemClock>;
let lambda: ReturnType<TestPlatform["aws"]>["lambda"];
beforeEach(async () => {
  platform = await liveTestPlatform({ functions: true });
  lambda = platform.aws().lambda;
  await makeFunction(platform, answering("one"));
});
afterEach(() => platform.close());

const update = async (text: string, more: object = {}) => {
  const ZipFile = zip({ "index.js": answering(text) });
  const updated = await lambda.UpdateFunctionCode({ FunctionName: "f", ZipFile, ...more });
  await platform.idle();
  return updated;
};

test("a version is what $LATEST was, in code, configuration and everything that runs", async () => {
  const latest = await lambda.GetFunctionConfiguration({ FunctionName: "f" });
  const published = await lambda.PublishVersion({ FunctionName: "f", Description: "the first" });
  expect(published).toEqual({
    ...latest,
    FunctionArn: `${arn}:1`,
    Version: "1",
    Description: "the first",
    RevisionId: expect.not.stringMatching(latest.RevisionId!),
  });
  await lambda.UpdateFunctionConfiguration({ FunctionName: "f", Timeout: 9 });
  await platform.idle();
  await update("two");
  const one = await lambda.Invoke({ FunctionName: "f", Qualifier: "1", LogType: "Tail" });
  expect(payloadOf(one)).toEqual(["one", "1", "1", `${arn}:1`, expect.stringMatching(/\/\[1\][0-9a-f]{32}$/)]);
  expect(one.ExecutedVersion).toBe("1");
  expect(Buffer.from(one.LogResult!, "base64").toString()).toMatch(/^START RequestId: \S+ Version: 1\n/);
  const two = await lambda.Invoke({ FunctionName: `${arn}:$LATEST` });
  expect(payloadOf(two)).toMatchObject(["two", "$LATEST", "$LATEST", `${arn}:$LATEST`, expect.any(String)]);
  expect(await lambda.GetFunctionConfiguration({ FunctionName: "f:1" })).toMatchObject({ Timeout: 3, Version: "1" });
  const { Code, Configuration } = await lambda.GetFunction({ FunctionName: "f", Qualifier: "1" });
  expect(Configuration).toMatchObject({ FunctionArn: `${arn}:1`, CodeSha256: latest.CodeSha256 });
  expect((await fetch(Code!.Location!)).status).toBe(200);
});

test("nothing is published twice, and numbers are never given again", async () => {
  await lambda.PublishVersion({ FunctionName: "f" });
  expect((await lambda.PublishVersion({ FunctionName: "f", Description: "again" })).Version).toBe("1");
  expect(await update("one", { Publish: true })).toMatchObject({ Version: "1" });
  expect(await update("two", { Publish: true })).toMatchObject({ Version: "2", FunctionArn: `${arn}:2` });
  expect(await lambda.GetFunctionConfiguration({ FunctionName: "f:2" })).toMatchObject({ State: "Active" });
  await lambda.DeleteFunction({ FunctionName: "f", Qualifier: "2" });
  expect((await lambda.PublishVersion({ FunctionName: "f" })).Version).toBe("3");
  await lambda.DeleteFunction({ FunctionName: "f" });
  await expect(lambda.GetFunction({ FunctionName: "f:1" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: `Function not found: ${arn}:1`,
  });
  await makeFunction(platform, answering("new"), {
    Publish: true,
    Role: (await platform.aws().iam.GetRole({ RoleName: "role-of-f" })).Role.Arn,
  });
  expect(payloadOf(await lambda.Invoke({ FunctionName: "f:4" }))).toMatchObject({ 0: "new", 1: "4" });
});

test("a function that is made with Publish answers version 1, under its unqualified ARN", async () => {
  const { Role } = await platform.aws().iam.GetRole({ RoleName: "role-of-f" });
  const created = await lambda.CreateFunction({
    FunctionName: "g",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: Role.Arn,
    Code: { ZipFile: zip({ "index.js": answering("g") }) },
    Publish: true,
  });
  expect(created).toMatchObject({ Version: "1", State: "Pending", FunctionArn: arn.replace(/f$/, "g") });
  expect(payloadOf(await lambda.Invoke({ FunctionName: "g", Qualifier: "1" }))).toMatchObject({ 0: "g", 1: "1" });
});

test("code or revision that is not the present one publishes nothing", async () => {
  const { CodeSha256 } = await lambda.GetFunctionConfiguration({ FunctionName: "f" });
  await expect(lambda.PublishVersion({ FunctionName: "f", CodeSha256: "abc=" })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: `CodeSHA256 (abc=) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
  });
  await expect(lambda.PublishVersion({ FunctionName: "f", RevisionId: "old" })).rejects.toMatchObject({
    code: "PreconditionFailedException",
    status: 412,
  });
  expect((await lambda.ListVersionsByFunction({ FunctionName: "f" })).Versions).toHaveLength(1);
});

test("versions are listed after $LATEST, in pages, and with ALL among all functions", async () => {
  await lambda.PublishVersion({ FunctionName: "f" });
  await update("two", { Publish: true });
  await update("three", { Publish: true });
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.ListVersionsByFunction({ FunctionName: "f", MaxItems: 2, Marker });
    seen.push(...page.Versions!.map((version) => version.FunctionArn!));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(seen).toEqual([`${arn}:$LATEST`, `${arn}:1`, `${arn}:2`, `${arn}:3`]);
  const all: string[] = [];
  do {
    const page = await lambda.ListFunctions({ FunctionVersion: "ALL", MaxItems: 1, Marker });
    all.push(...page.Functions!.map((version) => version.FunctionArn!));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(all).toEqual(seen);
  expect((await lambda.ListFunctions({})).Functions).toMatchObject([{ FunctionArn: arn }]);
});

test("$LATEST and versions that an alias points to are not deleted; a package goes with the last that runs it", async () => {
  await lambda.PublishVersion({ FunctionName: "f" });
  const { Code } = await lambda.GetFunction({ FunctionName: "f:1" });
  await lambda.CreateAlias({ FunctionName: "f", Name: "live", FunctionVersion: "1" });
  await expect(lambda.DeleteFunction({ FunctionName: "f", Qualifier: "1" })).rejects.toMatchObject({
    code: "ResourceConflictException",
    message: "Unable to delete version because the following aliases reference it: [live]",
  });
  await expect(lambda.DeleteFunction({ FunctionName: "f", Qualifier: "$LATEST" })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: "$LATEST version cannot be deleted without deleting the function.",
  });
  await update("two");
  expect((await fetch(Code!.Location!)).status).toBe(200);
  await lambda.DeleteAlias({ FunctionName: "f", Name: "live" });
  await lambda.DeleteFunction({ FunctionName: "f", Qualifier: "1" });
  await platform.idle();
  expect((await fetch(Code!.Location!)).status).toBe(404);
  expect(payloadOf(await lambda.Invoke({ FunctionName: "f" }))).toMatchObject({ 0: "two" });
});
