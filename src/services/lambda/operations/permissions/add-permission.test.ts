import { afterEach, beforeEach, expect, test } from "vitest";
import type { AddPermissionRequest } from "../../../../api/lambda/types.ts";
import type { ServicePrincipal } from "../../../../kernel/principal.ts";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
  const Role = await makeRole(platform.aws());
  const Code = { ZipFile: zip({ "i.js": "" }) };
  await platform.aws().lambda.CreateFunction({ FunctionName: "f", Runtime: "nodejs22.x", Handler: "i.h", Role, Code });
});
afterEach(() => platform.close());

const allow = (more: Partial<AddPermissionRequest> = {}) =>
  platform.aws().lambda.AddPermission({
    FunctionName: "f",
    StatementId: "gateway",
    Action: "lambda:InvokeFunction",
    Principal: "apigateway.amazonaws.com",
    SourceArn: "arn:aws:execute-api:us-east-1:000000000000:abc/*",
    ...more,
  });

test("the statement is answered as it stands in the policy", async () => {
  const { Statement } = await allow({ SourceAccount: "000000000000" });
  const statement = {
    Sid: "gateway",
    Effect: "Allow",
    Principal: { Service: "apigateway.amazonaws.com" },
    Action: "lambda:InvokeFunction",
    Resource: arn,
    Condition: {
      StringEquals: { "AWS:SourceAccount": "000000000000" },
      ArnLike: { "AWS:SourceArn": "arn:aws:execute-api:us-east-1:000000000000:abc/*" },
    },
  };
  expect(JSON.parse(Statement!)).toEqual(statement);
  const { Policy } = await platform.aws().lambda.GetPolicy({ FunctionName: "f" });
  expect(JSON.parse(Policy!)).toEqual({ Version: "2012-10-17", Id: "default", Statement: [statement] });
});

test("a service invokes the function only when a statement names it and its source", async () => {
  const gateway = (api: string): ServicePrincipal => ({
    kind: "service",
    service: "apigateway.amazonaws.com",
    sourceArn: `arn:aws:execute-api:us-east-1:000000000000:${api}/dev/GET/`,
    sourceAccount: "000000000000",
  });
  const dryRun = (principal: ServicePrincipal) =>
    platform.aws(principal).lambda.Invoke({ FunctionName: "f", InvocationType: "DryRun" });
  await expect(dryRun(gateway("abc"))).rejects.toMatchObject({ code: "AccessDeniedException", status: 403 });
  await allow();
  expect((await dryRun(gateway("abc"))).StatusCode).toBe(204);
  await expect(dryRun(gateway("xyz"))).rejects.toMatchObject({ code: "AccessDeniedException" });
  await platform.aws().lambda.RemovePermission({ FunctionName: "f", StatementId: "gateway" });
  await expect(dryRun(gateway("abc"))).rejects.toMatchObject({ code: "AccessDeniedException" });
});

test("accounts and ARNs are principals too; anything else is refused", async () => {
  const principalOf = async (StatementId: string, Principal: string) =>
    JSON.parse((await allow({ StatementId, Principal })).Statement!).Principal;
  expect(await principalOf("a", "111122223333")).toEqual({ AWS: "arn:aws:iam::111122223333:root" });
  expect(await principalOf("b", "arn:aws:iam::111122223333:user/u")).toEqual({
    AWS: "arn:aws:iam::111122223333:user/u",
  });
  expect(await principalOf("c", "*")).toBe("*");
  await expect(principalOf("d", "somebody")).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: "The provided principal was invalid. Please check the principal and try again.",
  });
});

test("a statement id is used once, and the policy has a largest size", async () => {
  await allow();
  await expect(allow()).rejects.toMatchObject({
    code: "ResourceConflictException",
    status: 409,
    message: expect.stringContaining("The statement id (gateway) provided already exists."),
  });
  const SourceArn = `arn:aws:execute-api:us-east-1:000000000000:${"x".repeat(200)}`;
  let failure: unknown;
  for (let i = 0; i < 100 && !failure; i++)
    await allow({ StatementId: `s${i}`, SourceArn }).catch((error: unknown) => (failure = error));
  expect(failure).toMatchObject({
    code: "PolicyLengthExceededException",
    message: expect.stringContaining("is bigger than the limit (20480)"),
  });
});
