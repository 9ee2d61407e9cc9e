import { afterEach, beforeEach, expect, test } from "vitest";
import type { ManualClock } from "../../../../base/clock.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { makeFunction } from "../../test-functions.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
let platform: TestPlatform<ManualClock>;
let lambda: ReturnType<TestPlatform["aws"]>["lambda"];
beforeEach(async () => {
  platform = await testPlatform();
  lambda = platform.aws().lambda;
  await makeFunction(platform, "");
});
afterEach(() => platform.close());

test("a URL is made once for a function and once for each alias, changed and deleted", async () => {
  const Cors = { AllowOrigins: ["https://a.example"], AllowMethods: ["GET"], MaxAge: 10, AllowCredentials: true };
  const created = await lambda.CreateFunctionUrlConfig({ FunctionName: "f", AuthType: "NONE", Cors });
  expect(created).toEqual({
    FunctionUrl: expect.stringMatching(/^http:\/\/[a-z0-9]{32}\.lambda-url\.us-east-1\.localhost:\d+\/$/),
    FunctionArn: arn,
    AuthType: "NONE",
    Cors,
    InvokeMode: "BUFFERED",
    CreationTime: "2026-01-01T00:00:00.000Z",
  });
  await expect(lambda.CreateFunctionUrlConfig({ FunctionName: "f", AuthType: "NONE" })).rejects.toMatchObject({
    code: "ResourceConflictException",
    message: `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
  });
  await lambda.PublishVersion({ FunctionName: "f" });
  await lambda.CreateAlias({ FunctionName: "f", Name: "live", FunctionVersion: "1" });
  await lambda.CreateFunctionUrlConfig({ FunctionName: "f", Qualifier: "live", AuthType: "NONE" });
  await platform.clock.advance(1000);
  const changed = await lambda.UpdateFunctionUrlConfig({ FunctionName: "f", InvokeMode: "RESPONSE_STREAM" });
  expect(changed).toEqual({
    ...created,
    InvokeMode: "RESPONSE_STREAM",
    LastModifiedTime: "2026-01-01T00:00:01.000Z",
  });
  expect(await lambda.GetFunctionUrlConfig({ FunctionName: arn })).toEqual(changed);
  const { FunctionUrlConfigs } = await lambda.ListFunctionUrlConfigs({ FunctionName: "f" });
  expect(FunctionUrlConfigs.map(({ FunctionArn }) => FunctionArn)).toEqual([arn, `${arn}:live`]);
  await lambda.DeleteFunctionUrlConfig({ FunctionName: "f" });
  await lambda.DeleteAlias({ FunctionName: "f", Name: "live" });
  for (const Qualifier of [undefined, "live"]) {
    await expect(lambda.GetFunctionUrlConfig({ FunctionName: "f", Qualifier })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: "The resource you requested does not exist.",
    });
  }
});

test("a URL of a function that does not exist, or with AWS_IAM, is refused", async () => {
  await expect(lambda.CreateFunctionUrlConfig({ FunctionName: "g", AuthType: "NONE" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: "Function does not exist",
  });
  await expect(lambda.CreateFunctionUrlConfig({ FunctionName: "f", AuthType: "AWS_IAM" })).rejects.toMatchObject({
    status: 501,
  });
});

test("a permission for a URL carries its conditions", async () => {
  const condition = async (more: object) => {
    const { Statement } = await lambda.AddPermission({
      FunctionName: "f",
      StatementId: "s",
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      ...more,
    });
    return JSON.parse(Statement!).Condition;
  };
  expect(await condition({ FunctionUrlAuthType: "NONE" })).toEqual({
    StringEquals: { "lambda:FunctionUrlAuthType": "NONE" },
  });
  const invoke = { StatementId: "t", Action: "lambda:InvokeFunction" };
  expect(await condition({ ...invoke, InvokedViaFunctionUrl: true })).toEqual({
    Bool: { "lambda:InvokedViaFunctionUrl": "true" },
  });
  await expect(condition({ ...invoke, StatementId: "u", FunctionUrlAuthType: "NONE" })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
  });
});

test("a policy may bound what URLs, permissions and layers somebody sets", async () => {
  const { iam } = platform.aws();
  const { User } = await iam.CreateUser({ UserName: "u" });
  const statement = (Action: string, Condition: object) => ({ Effect: "Allow", Action, Resource: "*", Condition });
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      statement("lambda:CreateFunctionUrlConfig", { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } }),
      statement("lambda:AddPermission", { StringEquals: { "lambda:Principal": "sns.amazonaws.com" } }),
      statement("lambda:UpdateFunctionConfiguration", {
        "ForAllValues:StringLike": { "lambda:Layer": "arn:aws:lambda:*:*:layer:mine:*" },
      }),
    ],
  });
  await iam.PutUserPolicy({ UserName: "u", PolicyName: "p", PolicyDocument });
  const user = platform.aws({
    kind: "user",
    account: "000000000000",
    arn: User!.Arn,
    userName: "u",
    userId: User!.UserId,
  }).lambda;
  const denied = { code: "AccessDeniedException", status: 403 };
  await expect(user.CreateFunctionUrlConfig({ FunctionName: "f", AuthType: "NONE" })).rejects.toMatchObject(denied);
  await expect(user.CreateFunctionUrlConfig({ FunctionName: "f", AuthType: "AWS_IAM" })).rejects.toMatchObject({
    status: 501,
  });
  const allow = (Principal: string) =>
    user.AddPermission({ FunctionName: "f", StatementId: "s", Action: "lambda:InvokeFunction", Principal });
  await expect(allow("*")).rejects.toMatchObject(denied);
  expect((await allow("sns.amazonaws.com")).Statement).toContain("sns");
  const layers = (layer: string) =>
    user.UpdateFunctionConfiguration({
      FunctionName: "f",
      Layers: [`arn:aws:lambda:us-east-1:000000000000:layer:${layer}:1`],
    });
  await expect(layers("other")).rejects.toMatchObject(denied);
  await expect(layers("mine")).rejects.toMatchObject({ code: "InvalidParameterValueException" });
});
