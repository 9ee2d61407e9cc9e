import { beforeAll, describe, expect, it } from "vitest";
import { AwsError } from "../../api/aws-error.ts";
import { ModelLibrary } from "../../api/load-model.ts";
import type { ServiceModel } from "../../api/model.ts";
import { compileValidator } from "./compile-validator.ts";

const library = new ModelLibrary();
const services = [
  "acm",
  "apigateway",
  "cloudformation",
  "cloudfront",
  "cognito-idp",
  "dynamodb",
  "ecr",
  "events",
  "firehose",
  "iam",
  "kinesis",
  "lambda",
  "logs",
  "s3",
  "sns",
  "sqs",
  "stepfunctions",
  "sts",
] as const;
const models = new Map<string, ServiceModel>();

beforeAll(async () => {
  for (const service of services) models.set(service, await library.load(service));
});

/** What AWS answers, as `Code: message`; undefined where the input is good. */
function answer(service: (typeof services)[number], operation: string, input: unknown): string | undefined {
  const validate = compileValidator(models.get(service)!, operation);
  try {
    validate(input);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    expect(error.status).toBe(400);
    return `${error.code}: ${error.message}`;
  }
  return undefined;
}

const role = "arn:aws:iam::000000000000:role/r";
const attributes = [{ AttributeName: "id", AttributeType: "S" }];
const keys = [{ AttributeName: "id", KeyType: "HASH" }];

// The messages are answers of AWS, as recorded in dynalite, kinesalite, moto and LocalStack's tests and in issues on GitHub.
describe("the words of AWS", () => {
  it.each([
    [
      "a missing member",
      "kinesis",
      "PutRecords",
      {},
      "ValidationException: 1 validation error detected: " +
        "Value null at 'records' failed to satisfy constraint: Member must not be null",
    ],
    [
      "all that is wrong at once, in Java's order of members",
      "kinesis",
      "PutRecords",
      { StreamName: "", Records: [{ PartitionKey: "", Data: new Uint8Array(), ExplicitHashKey: "" }] },
      "ValidationException: 4 validation errors detected: " +
        "Value '' at 'records.1.member.partitionKey' failed to satisfy constraint: " +
        "Member must have length greater than or equal to 1; " +
        "Value '' at 'records.1.member.explicitHashKey' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38}); " +
        "Value '' at 'streamName' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "a list that is too short",
      "logs",
      "PutLogEvents",
      { logGroupName: "g", logStreamName: "s", logEvents: [] },
      "InvalidParameterException: 1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: " +
        "Member must have length greater than or equal to 1",
    ],
    [
      "a missing member of an entry",
      "logs",
      "PutLogEvents",
      { logGroupName: "g", logStreamName: "s", logEvents: [{ message: "m" }] },
      "InvalidParameterException: 1 validation error detected: " +
        "Value null at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member must not be null",
    ],
    [
      "pattern before length",
      "logs",
      "DescribeLogGroups",
      { logGroupNamePrefix: "" },
      "InvalidParameterException: 2 validation errors detected: Value '' at 'logGroupNamePrefix' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+; " +
        "Value '' at 'logGroupNamePrefix' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "an enum, in Java's order of values",
      "dynamodb",
      "Query",
      { TableName: "abc", ReturnConsumedCapacity: "hi" },
      "ValidationException: 1 validation error detected: Value 'hi' at 'returnConsumedCapacity' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    ],
    [
      "an enum of many values",
      "dynamodb",
      "Query",
      { TableName: "abc", QueryFilter: { b: { ComparisonOperator: "" } } },
      "ValidationException: 1 validation error detected: " +
        "Value '' at 'queryFilter.b.member.comparisonOperator' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]",
    ],
    [
      "numbers",
      "dynamodb",
      "CreateTable",
      {
        TableName: "abc",
        AttributeDefinitions: attributes,
        KeySchema: keys,
        ProvisionedThroughput: { ReadCapacityUnits: -1, WriteCapacityUnits: -1 },
      },
      "ValidationException: 2 validation errors detected: " +
        "Value '-1' at 'provisionedThroughput.writeCapacityUnits' failed to satisfy constraint: " +
        "Member must have value greater than or equal to 1; " +
        "Value '-1' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: " +
        "Member must have value greater than or equal to 1",
    ],
    [
      "members of an entry, the type before the name",
      "dynamodb",
      "CreateTable",
      { TableName: "abc", AttributeDefinitions: [{}], KeySchema: keys },
      "ValidationException: 2 validation errors detected: " +
        "Value null at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'attributeDefinitions.1.member.attributeName' failed to satisfy constraint: Member must not be null",
    ],
    [
      "structures within lists within maps",
      "dynamodb",
      "BatchWriteItem",
      { RequestItems: { "aa;": [{ PutRequest: {}, DeleteRequest: {} }] } },
      "ValidationException: 2 validation errors detected: " +
        "Value null at 'requestItems.aa;.member.1.member.putRequest.item' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'requestItems.aa;.member.1.member.deleteRequest.key' failed to satisfy constraint: Member must not be null",
    ],
    [
      "sizes of the values of a map",
      "dynamodb",
      "BatchWriteItem",
      { RequestItems: { abc: [] } },
      "ValidationException: 1 validation error detected: Value '{abc=[]}' at 'requestItems' failed to satisfy constraint: " +
        "Map value must satisfy constraint: [Member must have length less than or equal to 25, " +
        "Member must have length greater than or equal to 1]",
    ],
    [
      "an empty map",
      "dynamodb",
      "BatchWriteItem",
      { RequestItems: {} },
      "ValidationException: 1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: " +
        "Member must have length greater than or equal to 1",
    ],
    [
      "the name of a table before all else",
      "dynamodb",
      "CreateTable",
      {},
      "ValidationException: The parameter 'TableName' is required but was not present in the request",
    ],
    [
      "a table name that is too short",
      "dynamodb",
      "DescribeTable",
      { TableName: "a;" },
      "ValidationException: TableName must be at least 3 characters long and at most 255 characters long",
    ],
    [
      "entries of a list of strings, which Lambda also wants not to be null",
      "lambda",
      "CreateFunctionUrlConfig",
      { FunctionName: "f", AuthType: "NONE", Cors: { AllowMethods: ["OPTIONS!"] } },
      "ValidationException: 1 validation error detected: Value '[OPTIONS!]' at 'cors.allowMethods' failed to satisfy constraint: " +
        "Member must satisfy constraint: [Member must have length less than or equal to 6, " +
        "Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: .*, " +
        "Member must not be null]",
    ],
    [
      "entries of a list of enums",
      "lambda",
      "CreateFunction",
      { FunctionName: "f", Role: "arn:aws:iam::000000000000:role/r", Code: {}, Architectures: ["foo"] },
      "ValidationException: 1 validation error detected: Value '[foo]' at 'architectures' failed to satisfy constraint: " +
        "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
    ],
    [
      "values of a map of numbers, which are floating",
      "lambda",
      "CreateAlias",
      { FunctionName: "f", Name: "a", FunctionVersion: "1", RoutingConfig: { AdditionalVersionWeights: { "2": 2 } } },
      "ValidationException: 1 validation error detected: " +
        "Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: " +
        "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, " +
        "Member must have value greater than or equal to 0.0, Member must not be null]",
    ],
    [
      "keys of a map",
      "events",
      "PutTargets",
      {
        Rule: "r",
        Targets: [{ Id: "1", Arn: "arn:a", InputTransformer: { InputPathsMap: { "a?": "$.b" }, InputTemplate: "t" } }],
      },
      "ValidationException: 1 validation error detected: " +
        "Value '{a?=$.b}' at 'targets.1.member.inputTransformer.inputPathsMap' failed to satisfy constraint: " +
        "Map keys must satisfy constraint: [Member must have length less than or equal to 256, " +
        "Member must have length greater than or equal to 1, " +
        "Member must satisfy regular expression pattern: [A-Za-z0-9\\_\\-]+]",
    ],
    [
      "missing secrets without a value",
      "cognito-idp",
      "AdminAddUserToGroup",
      { UserPoolId: "us-east-1_abc" },
      "InvalidParameterException: 2 validation errors detected: " +
        "Value null at 'groupName' failed to satisfy constraint: Member must not be null; " +
        "Value at 'username' failed to satisfy constraint: Member must not be null",
    ],
    [
      "secrets without their value",
      "cognito-idp",
      "ForgotPassword",
      { ClientId: "abc", Username: "" },
      "InvalidParameterException: 2 validation errors detected: " +
        "Value at 'username' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+; " +
        "Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "query services, with another code",
      "iam",
      "CreateUser",
      { UserName: "u", Tags: [{ Key: "k", Value: "%" }] },
      "ValidationError: 1 validation error detected: Value '%' at 'tags.1.member.value' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*",
    ],
    [
      "IAM's own words for names",
      "iam",
      "CreateUser",
      { UserName: "a b" },
      "ValidationError: The specified value for userName is invalid. " +
        "It must contain only alphanumeric characters and/or the following: +=,.@_-",
    ],
    [
      "IAM's own words for paths",
      "iam",
      "CreateRole",
      { RoleName: "r", AssumeRolePolicyDocument: "{}", Path: "a" },
      "ValidationError: The specified value for path is invalid. " +
        "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    ],
    [
      "all of a name in capitals",
      "sns",
      "AddPermission",
      { TopicArn: "t" },
      "ValidationError: 3 validation errors detected: " +
        "Value null at 'aWSAccountId' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'label' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'actionName' failed to satisfy constraint: Member must not be null",
    ],
    [
      "an enum of CloudFormation",
      "cloudformation",
      "CreateChangeSet",
      { StackName: "s", ChangeSetName: "c", ChangeSetType: "INVALID" },
      "ValidationError: 1 validation error detected: Value 'INVALID' at 'changeSetType' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [IMPORT, UPDATE, CREATE]",
    ],
    [
      "API Gateway's paths, which begin with the operation",
      "apigateway",
      "PutIntegration",
      { restApiId: "a", resourceId: "r", httpMethod: "GET", type: "FOO" },
      "ValidationException: 1 validation error detected: Value 'FOO' at 'putIntegrationInput.type' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]",
    ],
    [
      "CloudFront's code",
      "cloudfront",
      "CreateCloudFrontOriginAccessIdentity",
      { CloudFrontOriginAccessIdentityConfig: { CallerReference: "r" } },
      "MalformedXML: 1 validation error detected: " +
        "Value null at 'cloudFrontOriginAccessIdentityConfig.comment' failed to satisfy constraint: Member must not be null",
    ],
    [
      "S3's words",
      "s3",
      "PutBucketVersioning",
      { Bucket: "b", VersioningConfiguration: { Status: "Maybe" } },
      "MalformedXML: The XML you provided was not well-formed or did not validate against our published schema",
    ],
    [
      "SQS's words for what is missing",
      "sqs",
      "CreateQueue",
      {},
      "MissingParameter: The request must contain the parameter QueueName.",
    ],
    [
      "ECR's words",
      "ecr",
      "DescribeRepositories",
      { registryId: "nope" },
      "InvalidParameterException: Invalid parameter at 'registryId' failed to satisfy constraint: " +
        "'Member must satisfy regular expression pattern: [0-9]{12}'",
    ],
  ] as const)("for %s", (_, service, operation, input, expected) => {
    expect(answer(service, operation, input)).toBe(expected);
  });

  it("for more than ten errors are the first ten", () => {
    const refusal = answer("kinesis", "PutRecords", {
      Records: Array.from({ length: 501 }, () => ({ PartitionKey: "" })),
    });
    expect(refusal).toContain("10 validation errors detected: Value '[PutRecordsRequestEntry(data=null, ");
    expect(refusal).toContain(
      "at 'records' failed to satisfy constraint: Member must have length less than or equal to 500; ",
    );
    expect(refusal?.match(/failed to satisfy constraint/g)).toHaveLength(10);
  });

  it("repeat a value only so far", () => {
    const refusal = answer("sts", "AssumeRole", { RoleArn: "a".repeat(1_000_000), RoleSessionName: "session" });
    expect(refusal?.length).toBeLessThan(20_000);
    expect(refusal).toContain("aaa...' at 'roleArn' failed to satisfy constraint: Member must have length less than");
  });
});

describe("a refusal of large input", () => {
  it("names keys of maps only so far", () => {
    const RequestItems = { ["k".repeat(100_000)]: [{ PutRequest: {} }] };
    const refusal = answer("dynamodb", "BatchWriteItem", { RequestItems });
    expect(refusal).toContain("kkk....member.1.member.putRequest.item' failed");
    expect(refusal?.length).toBeLessThan(40_000);
  });

  it("is found among very many entries", () => {
    const Architectures = [...Array.from({ length: 200_000 }, () => "arm64"), "foo"];
    const refusal = answer("lambda", "CreateFunction", { FunctionName: "f", Role: role, Code: {}, Architectures });
    expect(refusal).toContain("Member must have length less than or equal to 1; ");
    expect(refusal).toContain(
      "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
    );
  });
});

describe("good input", () => {
  it.each([
    ["dynamodb", "PutItem", { TableName: "abc", Item: { id: { S: "1" }, m: { M: { l: { L: [{ NULL: true }] } } } } }],
    ["dynamodb", "DescribeTable", { TableName: "arn:aws:dynamodb:us-east-1:000000000000:table/abc" }],
    ["dynamodb", "ListTables", {}],
    [
      "lambda",
      "CreateFunction",
      { FunctionName: "f", Role: "arn:aws:iam::000000000000:role/r", Code: {}, Runtime: "mine" },
    ],
    ["lambda", "Invoke", { FunctionName: "arn:aws:lambda:us-east-1:000000000000:function:f:live" }],
    ["s3", "PutObject", { Bucket: "b", Key: "k", StorageClass: "MINE" }],
    ["stepfunctions", "StartExecution", { stateMachineArn: "arn", traceHeader: "Root=1-é".slice(0, 7) }],
    ["sts", "GetCallerIdentity", {}],
  ] as const)("passes: %s %s %j", (service, operation, input) => {
    expect(answer(service, operation, input)).toBeUndefined();
  });

  it("may have members that are null", () => {
    expect(answer("dynamodb", "ListTables", { Limit: null })).toBeUndefined();
  });

  it("may have a body that streams, whose length nobody knows", () => {
    expect(answer("s3", "PutObject", { Bucket: "b", Key: "k", Body: (async function* () {})() })).toBeUndefined();
  });
});

describe("input that would harm a handler", () => {
  it("is refused when an entry of a list is null", () => {
    expect(answer("dynamodb", "BatchGetItem", { RequestItems: { abc: { Keys: [null] } } })).toContain(
      "'requestItems.abc.member.keys' failed to satisfy constraint: Member must satisfy constraint: [Member must not be null]",
    );
  });

  it("is checked below shapes that hold themselves", () => {
    const deep = { M: { a: { L: [{ M: { ["n".repeat(65_536)]: { S: "x" } } }] } } };
    expect(answer("dynamodb", "PutItem", { TableName: "abc", Item: { deep } })).toContain(
      "at 'item.deep.member.m.a.member.l.1.member.m' failed to satisfy constraint: Map keys must satisfy constraint: ",
    );
  });

  it("cannot smuggle a key past the check of a map", () => {
    const RequestItems = JSON.parse(`{"__proto__": []}`) as unknown;
    expect(answer("dynamodb", "BatchWriteItem", { RequestItems })).toContain("Map value must satisfy constraint");
  });
});
