import { afterEach, beforeEach, expect, test } from "vitest";
import type { SystemClock } from "../../../../base/clock.ts";
import { zip } from "../../../../../test/harness/functions.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { makeFunction, payloadOf } from "../../test-functions.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const answering = (text: string) =>
  `exports.handler = async (event, context) => [${JSON.stringify(text)}, context.invokedFunctionArn]`;
let platform: TestPlatform<SystemClock>;
let lambda: ReturnType<TestPlatform["aws"]>["lambda"];
/** Version 1 answers "one", version 2 "two". */
beforeEach(async () => {
  platform = await liveTestPlatform({ functions: true });
  lambda = platform.aws().lambda;
  await makeFunction(platform, answering("one"));
  await lambda.PublishVersion({ FunctionName: "f" });
  await lambda.UpdateFunctionCode({ FunctionName: "f", ZipFile: zip({ "index.js": answering("two") }), Publish: true });
  await platform.idle();
});
afterEach(() => platform.close());

const create = (more: object = {}) =>
  lambda.CreateAlias({ FunctionName: "f", Name: "live", FunctionVersion: "1", ...more });

test("an alias runs the version it points to, under its own ARN, and moves at once", async () => {
  const created = await create({ Description: "what people use" });
  expect(created).toEqual({
    AliasArn: `${arn}:live`,
    Name: "live",
    FunctionVersion: "1",
    Description: "what people use",
    RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(await lambda.GetAlias({ FunctionName: "f", Name: "live" })).toEqual(created);
  const answer = await lambda.Invoke({ FunctionName: "f", Qualifier: "live" });
  expect([payloadOf(answer), answer.ExecutedVersion]).toEqual([["one", `${arn}:live`], "1"]);
  const moved = await lambda.UpdateAlias({
    FunctionName: "f",
    Name: "live",
    FunctionVersion: "2",
    RevisionId: created.RevisionId,
  });
  expect(moved).toMatchObject({ FunctionVersion: "2", Description: "what people use" });
  expect(payloadOf(await lambda.Invoke({ FunctionName: `${arn}:live` }))).toEqual(["two", `${arn}:live`]);
  expect((await lambda.GetFunction({ FunctionName: "f:live" })).Configuration).toMatchObject({
    FunctionArn: `${arn}:live`,
    Version: "2",
  });
  await expect(
    lambda.UpdateAlias({ FunctionName: "f", Name: "live", FunctionVersion: "1", RevisionId: created.RevisionId }),
  ).rejects.toMatchObject({ code: "PreconditionFailedException", status: 412 });
});

test("a second version gets its share of the invocations", async () => {
  await create({ RoutingConfig: { AdditionalVersionWeights: { "2": 0.3 } } });
  expect((await lambda.GetAlias({ FunctionName: "f", Name: "live" })).RoutingConfig).toEqual({
    AdditionalVersionWeights: { "2": 0.3 },
  });
  const seen = { "1": 0, "2": 0 };
  for (let i = 0; i < 100; i++) {
    seen[(await lambda.Invoke({ FunctionName: "f:live" })).ExecutedVersion as "1" | "2"]++;
  }
  expect(seen["2"]).toBeGreaterThan(12);
  expect(seen["2"]).toBeLessThan(50);
  await lambda.UpdateAlias({ FunctionName: "f", Name: "live", RoutingConfig: {} });
  expect(await lambda.GetAlias({ FunctionName: "f", Name: "live" })).not.toHaveProperty("RoutingConfig");
});

test("what an alias cannot point to is refused", async () => {
  const routed = (version: string, weights: Record<string, number>) =>
    create({ FunctionVersion: version, RoutingConfig: { AdditionalVersionWeights: weights } });
  await expect(create({ FunctionVersion: "9" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: `Function not found: ${arn}:9`,
  });
  await expect(routed("1", { "2": 0.1, "3": 0.1 })).rejects.toMatchObject({
    message: "Number of items in AdditionalVersionWeights cannot be greater than 1",
  });
  await expect(routed("1", { "1": 0.1 })).rejects.toMatchObject({
    message: "Invalid function version 1. Function version 1 is already included in routing configuration.",
  });
  await expect(routed("$LATEST", { "1": 0.1 })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: "$LATEST is not supported for an alias pointing to more than 1 version",
  });
  await expect(create({ Name: "123" })).rejects.toMatchObject({ status: 400 });
  await create();
  await expect(create()).rejects.toMatchObject({
    code: "ResourceConflictException",
    message: `Alias already exists: ${arn}:live`,
  });
});

test("aliases are listed by name, also those of one version, and deleted", async () => {
  for (const [Name, FunctionVersion] of [
    ["b", "1"],
    ["a", "2"],
    ["c", "1"],
  ] as const) {
    await create({ Name, FunctionVersion });
  }
  const names = async (more: object = {}) =>
    (await lambda.ListAliases({ FunctionName: "f", ...more })).Aliases!.map(({ Name }) => Name);
  expect(await names()).toEqual(["a", "b", "c"]);
  expect(await names({ FunctionVersion: "1" })).toEqual(["b", "c"]);
  const first = await lambda.ListAliases({ FunctionName: "f", MaxItems: 2 });
  expect(await names({ Marker: first.NextMarker })).toEqual(["c"]);
  await lambda.DeleteAlias({ FunctionName: "f", Name: "b" });
  await lambda.DeleteAlias({ FunctionName: "f", Name: "b" });
  await expect(lambda.GetAlias({ FunctionName: "f", Name: "b" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: `Cannot find alias arn: ${arn}:b`,
  });
  await expect(lambda.DeleteFunction({ FunctionName: "f:a" })).rejects.toMatchObject({
    message: "Deletion of aliases is not currently supported.",
  });
});

test("an asynchronous invocation runs what its alias points to", async () => {
  await create();
  await lambda.Invoke({ FunctionName: "f:live", InvocationType: "Event" });
  await platform.idle();
  await expect
    .poll(async () => {
      const { logStreams } = await platform.aws().logs.DescribeLogStreams({ logGroupName: "/aws/lambda/f" });
      return logStreams!.map(({ logStreamName }) => logStreamName!.split("/").at(-1)!.slice(0, 3));
    })
    .toContain("[1]");
});

test("function, version and alias each have a policy of their own", async () => {
  await create();
  const caller = { kind: "service", service: "apigateway.amazonaws.com" } as const;
  const allow = (more: object) =>
    lambda.AddPermission({
      FunctionName: "f",
      StatementId: "s",
      Action: "lambda:InvokeFunction",
      Principal: caller.service,
      ...more,
    });
  const may = (Qualifier?: string) =>
    platform
      .aws(caller)
      .lambda.Invoke({ FunctionName: "f", Qualifier, InvocationType: "DryRun" })
      .then(
        () => true,
        (error: { code: string }) => error.code,
      );
  expect(JSON.parse((await allow({ Qualifier: "live" })).Statement!).Resource).toBe(`${arn}:live`);
  expect([await may("live"), await may(), await may("1")]).toEqual([
    true,
    "AccessDeniedException",
    "AccessDeniedException",
  ]);
  await allow({ FunctionName: "f:2" });
  expect([await may("2"), await may()]).toEqual([true, "AccessDeniedException"]);
  await expect(lambda.GetPolicy({ FunctionName: "f" })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  expect((await lambda.GetPolicy({ FunctionName: "f", Qualifier: "live" })).Policy).toContain(`${arn}:live`);
  await lambda.RemovePermission({ FunctionName: "f", Qualifier: "live", StatementId: "s" });
  expect(await may("live")).toBe("AccessDeniedException");
  await expect(allow({ Qualifier: "$LATEST" })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: "We currently do not support adding policies for $LATEST.",
  });
});
