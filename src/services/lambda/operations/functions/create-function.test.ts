import { afterEach, beforeEach, expect, test } from "vitest";
import type { CreateFunctionRequest } from "../../../../api/lambda/types.ts";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

let platform: TestPlatform;
let role: string;
beforeEach(async () => {
  platform = await testPlatform();
  role = await makeRole(platform.aws());
});
afterEach(() => platform.close());

const code = zip({ "index.js": "exports.handler = async () => 1" });
const create = (more: Partial<CreateFunctionRequest> = {}) =>
  platform.aws().lambda.CreateFunction({
    FunctionName: "hello",
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Role: role,
    Code: { ZipFile: code },
    ...more,
  });

test("a function is pending at first and active soon after, with AWS's defaults", async () => {
  const created = await create();
  expect(created).toEqual({
    FunctionName: "hello",
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
    Runtime: "nodejs22.x",
    Role: role,
    Handler: "index.handler",
    CodeSize: code.byteLength,
    Description: "",
    Timeout: 3,
    MemorySize: 128,
    LastModified: "2026-01-01T00:00:00.000+0000",
    CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    Version: "$LATEST",
    TracingConfig: { Mode: "PassThrough" },
    RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    State: "Pending",
    StateReason: "The function is being created.",
    StateReasonCode: "Creating",
    PackageType: "Zip",
    Architectures: ["x86_64"],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/hello" },
  });
  await platform.idle();
  const active = await platform.aws().lambda.GetFunctionConfiguration({ FunctionName: "hello" });
  expect(active).toMatchObject({ State: "Active", LastUpdateStatus: "Successful", RevisionId: created.RevisionId });
  expect(active).not.toHaveProperty("StateReason");
});

test("a name is taken once", async () => {
  await create();
  await expect(create()).rejects.toMatchObject({
    code: "ResourceConflictException",
    status: 409,
    message: "Function already exist: hello",
  });
});

test("a role that does not exist, or that Lambda may not assume, is refused", async () => {
  const refused = {
    code: "InvalidParameterValueException",
    status: 400,
    message: "The role defined for the function cannot be assumed by Lambda.",
  };
  await expect(create({ Role: "arn:aws:iam::000000000000:role/nobody" })).rejects.toMatchObject(refused);
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const { Role: other } = await platform
    .aws()
    .iam.CreateRole({ RoleName: "other", AssumeRolePolicyDocument: JSON.stringify(trust) });
  await expect(create({ Role: other.Arn })).rejects.toMatchObject(refused);
});

test("who makes a function must be allowed to pass its role to Lambda", async () => {
  const { iam } = platform.aws();
  const { User } = await iam.CreateUser({ UserName: "dev" });
  const allow = (actions: object[]) =>
    iam.PutUserPolicy({
      UserName: "dev",
      PolicyName: "p",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: actions.map((more) => ({ Effect: "Allow", Resource: "*", ...more })),
      }),
    });
  const dev = platform.aws({
    kind: "user",
    account: "000000000000",
    arn: User!.Arn,
    userName: "dev",
    userId: User!.UserId,
  });
  const make = () =>
    dev.lambda.CreateFunction({
      FunctionName: "hello",
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: code },
    });
  await allow([{ Action: "lambda:*" }]);
  await expect(make()).rejects.toMatchObject({
    code: "AccessDeniedException",
    message: expect.stringContaining(`is not authorized to perform: iam:PassRole on resource: ${role}`),
  });
  const toEvents = { StringEquals: { "iam:PassedToService": "events.amazonaws.com" } };
  await allow([{ Action: "lambda:*" }, { Action: "iam:PassRole", Condition: toEvents }]);
  await expect(make()).rejects.toMatchObject({ code: "AccessDeniedException" });
  const toLambda = { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } };
  await allow([{ Action: "lambda:*" }, { Action: "iam:PassRole", Condition: toLambda }]);
  expect((await make()).FunctionName).toBe("hello");
});

test("a package that is none is refused, and one that leads outside makes the function fail", async () => {
  const refused = { code: "InvalidParameterValueException", status: 400 };
  await expect(create({ Code: { ZipFile: Buffer.from("no zip at all") } })).rejects.toMatchObject({
    ...refused,
    message: "Could not unzip uploaded file. Please check your file, then try to upload again.",
  });
  await expect(create({ Code: { ZipFile: new Uint8Array(0) } })).rejects.toMatchObject({
    message: "Uploaded file must be a non-empty zip",
  });
  await expect(create({ Code: {} })).rejects.toMatchObject({
    ...refused,
    message: "Please provide a source for function code.",
  });
  await create({ Code: { ZipFile: zip({ "../../outside.js": "1" }) } });
  await platform.idle();
  const { State, StateReason } = await platform.aws().lambda.GetFunctionConfiguration({ FunctionName: "hello" });
  expect({ State, StateReason }).toEqual({ State: "Failed", StateReason: expect.stringContaining("outside.js") });
});

test("runtime and handler are needed, and only runtimes that run here are taken", async () => {
  await expect(create({ Handler: undefined })).rejects.toMatchObject({
    message: "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
  });
  await expect(create({ Runtime: "java21" })).rejects.toMatchObject({
    status: 501,
    message: expect.stringContaining("java21"),
  });
  await expect(create({ Runtime: "nodejs99.x" as "nodejs22.x" })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: expect.stringMatching(
      /^Value nodejs99\.x at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[nodejs24\.x, /,
    ),
  });
});

test("sizes beyond AWS's are refused", async () => {
  await expect(create({ MemorySize: 10_241 })).rejects.toMatchObject({
    message: "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 10240",
  });
  await expect(create({ Timeout: 901 })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining("less than or equal to 900"),
  });
  await expect(create({ Environment: { Variables: { BIG: "x".repeat(4096) } } })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: expect.stringContaining("exceeded the 4KB limit"),
  });
});

test("variables that Lambda sets itself cannot be set", async () => {
  await expect(create({ Environment: { Variables: { AWS_REGION: "x", MINE: "y" } } })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: expect.stringMatching(/Reserved keys used in this request: AWS_REGION$/),
  });
});

test("what is not built is refused by name and not ignored", async () => {
  const asked: [Partial<CreateFunctionRequest>, string][] = [
    [{ VpcConfig: { SubnetIds: ["subnet-1"] } }, "VPC"],
    [{ VpcConfig: { SecurityGroupIds: ["sg-1"] } }, "VPC"],
    [{ DeadLetterConfig: { TargetArn: "arn:aws:sqs:us-east-1:000000000000:q" } }, "dead-letter"],
    [{ TracingConfig: { Mode: "Active" } }, "tracing"],
    [{ PackageType: "Image", Code: { ImageUri: "x" } }, "container images"],
    [{ Code: { S3Bucket: "abc", S3Key: "k" } }, "S3"],
  ];
  for (const [more, named] of asked) {
    await expect(create(more)).rejects.toMatchObject({ status: 501, message: expect.stringContaining(named) });
  }
});

test("settings and tags come back as they were given", async () => {
  await create({
    Description: "says hello",
    Timeout: 30,
    MemorySize: 256,
    EphemeralStorage: { Size: 1024 },
    Environment: { Variables: { AA: "1" } },
    Architectures: ["arm64"],
    LoggingConfig: { LogGroup: "/mine" },
    Tags: { team: "a" },
  });
  expect(await platform.aws().lambda.GetFunction({ FunctionName: "hello" })).toMatchObject({
    Configuration: {
      Description: "says hello",
      Timeout: 30,
      MemorySize: 256,
      EphemeralStorage: { Size: 1024 },
      Environment: { Variables: { AA: "1" } },
      Architectures: ["arm64"],
      LoggingConfig: { LogFormat: "Text", LogGroup: "/mine" },
    },
    Tags: { team: "a" },
  });
});
