import { afterEach, beforeEach, expect, test } from "vitest";
import type { SystemClock } from "../../../../base/clock.ts";
import { makeRole } from "../../../../../test/harness/functions.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { makeFunction } from "../../test-functions.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:";
let platform: TestPlatform<SystemClock>;
let lambda: ReturnType<TestPlatform["aws"]>["lambda"];
beforeEach(async () => {
  platform = await liveTestPlatform({ functions: true });
  lambda = platform.aws().lambda;
  const Role = await makeRole(platform.aws(), "both", ["logs:*", "lambda:InvokeFunction"]);
  await makeFunction(
    platform,
    "exports.handler = async (event) => { console.log('ran'); if (event.fail) throw new Error('no'); return { a: 1 } }",
    { Role },
  );
  await makeFunction(platform, "exports.handler = async (event) => console.log('told', JSON.stringify(event))", {
    FunctionName: "listener",
    Role,
  });
});
afterEach(() => platform.close());

const put = (more: object) => lambda.PutFunctionEventInvokeConfig({ FunctionName: "f", ...more });
const logged = async (name: string, filterPattern: string) => {
  const found = await platform
    .aws()
    .logs.FilterLogEvents({ logGroupName: `/aws/lambda/${name}`, filterPattern })
    .catch(() => undefined);
  return found?.events?.map(({ message }) => message!) ?? [];
};
const fire = (event: object, more: object = {}) =>
  lambda.Invoke({
    FunctionName: "f",
    InvocationType: "Event",
    Payload: Buffer.from(JSON.stringify(event)),
    ...more,
  });
const record = async () => {
  await expect.poll(() => logged("listener", "told")).toHaveLength(1);
  const [line] = await logged("listener", "told");
  return JSON.parse(line!.slice(line!.indexOf("told ") + 5));
};

test("a configuration is put, updated in parts, listed and deleted", async () => {
  const whole = await put({ MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 });
  expect(whole).toEqual({
    LastModified: expect.any(Date),
    FunctionArn: `${arn}f:$LATEST`,
    MaximumRetryAttempts: 1,
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  });
  expect(await lambda.GetFunctionEventInvokeConfig({ FunctionName: "f" })).toEqual(whole);
  const OnFailure = { Destination: `${arn}listener` };
  expect(
    await lambda.UpdateFunctionEventInvokeConfig({ FunctionName: "f", DestinationConfig: { OnFailure } }),
  ).toMatchObject({ MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60, DestinationConfig: { OnFailure } });
  expect(await put({ MaximumRetryAttempts: 0 })).not.toHaveProperty("MaximumEventAgeInSeconds");
  await lambda.PublishVersion({ FunctionName: "f" });
  await put({ Qualifier: "1", MaximumRetryAttempts: 2 });
  const { FunctionEventInvokeConfigs } = await lambda.ListFunctionEventInvokeConfigs({ FunctionName: "f" });
  expect(FunctionEventInvokeConfigs!.map(({ FunctionArn }) => FunctionArn)).toEqual([`${arn}f:$LATEST`, `${arn}f:1`]);
  await lambda.DeleteFunctionEventInvokeConfig({ FunctionName: "f" });
  const missing = {
    code: "ResourceNotFoundException",
    message: `The function ${arn}f:$LATEST doesn't have an EventInvokeConfig`,
  };
  await expect(lambda.GetFunctionEventInvokeConfig({ FunctionName: "f" })).rejects.toMatchObject(missing);
  await expect(lambda.DeleteFunctionEventInvokeConfig({ FunctionName: "f" })).rejects.toMatchObject(missing);
});

test("what makes no sense, or is not built, is refused", async () => {
  await expect(put({})).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: "You must specify at least one of error handling or destination setting.",
  });
  await expect(put({ FunctionName: "none", MaximumRetryAttempts: 1 })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: "The function doesn't exist.",
  });
  const onFailure = (Destination: string) => put({ DestinationConfig: { OnFailure: { Destination } } });
  await expect(onFailure(`${arn}f`)).rejects.toMatchObject({
    message: "You can't specify the function as a destination for itself.",
  });
  await expect(onFailure(`${arn}none`)).rejects.toMatchObject({
    message: `The destination ARN ${arn}none is invalid.`,
  });
  await expect(onFailure("arn:aws:iam::000000000000:role/r")).rejects.toMatchObject({
    message:
      "The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=arn:aws:iam::000000000000:role/r)) is invalid.",
  });
  await expect(onFailure("arn:aws:sqs:us-east-1:000000000000:q")).rejects.toMatchObject({ status: 501 });
  await expect(put({ MaximumRetryAttempts: 3 })).rejects.toMatchObject({ status: 400 });
});

test("a function that failed as often as it may tells its destination", async () => {
  await put({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Destination: `${arn}listener` } } });
  await fire({ fail: true });
  await expect.poll(() => logged("f", "ran")).toHaveLength(1);
  await platform.idle();
  await platform.clock.advance(60_000);
  expect(await record()).toEqual({
    version: "1.0",
    timestamp: expect.stringMatching(/Z$/),
    requestContext: {
      requestId: expect.any(String),
      functionArn: `${arn}f:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 2,
    },
    requestPayload: { fail: true },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: expect.objectContaining({ errorType: "Error", errorMessage: "no" }),
  });
  expect(await logged("f", "ran")).toHaveLength(2);
});

test("an answer goes to the destination for success, of the alias that was invoked", async () => {
  await lambda.PublishVersion({ FunctionName: "f" });
  await lambda.CreateAlias({ FunctionName: "f", Name: "live", FunctionVersion: "1" });
  await put({ Qualifier: "live", DestinationConfig: { OnSuccess: { Destination: `${arn}listener` } } });
  await fire({});
  await platform.idle();
  await fire({ b: 2 }, { Qualifier: "live" });
  expect(await record()).toMatchObject({
    requestContext: { functionArn: `${arn}f:live`, condition: "Success", approximateInvokeCount: 1 },
    requestPayload: { b: 2 },
    responseContext: { statusCode: 200, executedVersion: "1" },
    responsePayload: { a: 1 },
  });
});

test("an event that is too old, or for which no concurrency is reserved, is not tried again", async () => {
  await put({
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: { OnFailure: { Destination: `${arn}listener` } },
  });
  await lambda.PutFunctionConcurrency({ FunctionName: "f", ReservedConcurrentExecutions: 0 });
  await fire({ c: 3 });
  expect(await record()).toMatchObject({
    requestContext: { condition: "ZeroReservedConcurrency", approximateInvokeCount: 0 },
    requestPayload: { c: 3 },
  });
  expect(await logged("f", "ran")).toEqual([]);
});
