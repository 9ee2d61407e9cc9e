import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../test/harness/platform.ts";
import { TestApi } from "./test-api.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

test("users need the verb on the path of what they touch", async () => {
  const root = platform.aws();
  const api = await TestApi.make(root);
  const { User: user } = await root.iam.CreateUser({ UserName: "ada" });
  await root.iam.PutUserPolicy({
    UserName: "ada",
    PolicyName: "read",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "apigateway:GET", Resource: `arn:aws:apigateway:us-east-1::/restapis/${api.id}/*` },
        {
          Effect: "Allow",
          Action: "apigateway:POST",
          Resource: `arn:aws:apigateway:us-east-1::/restapis/${api.id}/resources/*`,
        },
      ],
    }),
  });
  const { apigateway } = platform.aws({
    kind: "user",
    account: "000000000000",
    arn: user!.Arn,
    userName: "ada",
    userId: user!.UserId,
  });
  const restApiId = api.id;
  expect((await apigateway.GetResources({ restApiId })).items).toHaveLength(1);
  await apigateway.CreateResource({ restApiId, parentId: api.rootId, pathPart: "a" });
  await expect(apigateway.GetRestApi({ restApiId })).rejects.toMatchObject({
    code: "AccessDeniedException",
    status: 403,
    message: expect.stringContaining(
      `is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:us-east-1::/restapis/${api.id}`,
    ),
  });
  await expect(apigateway.DeleteRestApi({ restApiId })).rejects.toMatchObject({ status: 403 });
  await expect(
    apigateway.GetTags({ resourceArn: `arn:aws:apigateway:us-east-1::/restapis/${api.id}` }),
  ).rejects.toMatchObject({ status: 403 });
});

test("names that are no valid text are names that do not exist", async () => {
  const { apigateway } = platform.aws();
  await expect(apigateway.GetRestApi({ restApiId: "\ud800" })).rejects.toMatchObject({ code: "NotFoundException" });
});
