import { lambdaTrust } from "../../harness/functions.ts";
import { program } from "./make-input.ts";

/** A call that succeeds on a platform that knows the calls before it; what it names may be an answer of those. */
export interface SeedCall {
  readonly service: string;
  readonly operation: string;
  readonly input: (answers: Answers) => Record<string, unknown>;
}

/** Answers of the calls whose ids and ARNs later ones need. */
export interface Answers {
  readonly CreatePolicy: { readonly Policy: { readonly Arn: string } };
  readonly CreateAccessKey: { readonly AccessKey: { readonly AccessKeyId: string } };
  readonly CreateRole: { readonly Role: { readonly Arn: string } };
  readonly CreateTable: { readonly TableDescription: { readonly LatestStreamArn: string } };
  readonly DescribeStream: { readonly StreamDescription: { readonly Shards: readonly { readonly ShardId: string }[] } };
  readonly GetShardIterator: { readonly ShardIterator: string };
  readonly CreateRestApi: { readonly id: string; readonly rootResourceId: string };
  readonly CreateResource: { readonly id: string };
  readonly CreateDeployment: { readonly id: string };
}

const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" },
});

/** Makes one of each: from these the fuzzer learns names, ids and ARNs that exist. `n` makes their names new. */
export function seedCalls(n: number): readonly SeedCall[] {
  const calls: SeedCall[] = [];
  const call = (service: string, operation: string, input: Record<string, unknown> | SeedCall["input"]) =>
    calls.push({ service, operation, input: typeof input === "function" ? input : () => input });

  const RoleName = `role-${n}`;
  const UserName = `user-${n}`;
  call("iam", "CreateRole", { RoleName, AssumeRolePolicyDocument: lambdaTrust, Tags: [{ Key: "a", Value: "b" }] });
  call("iam", "CreateUser", { UserName, Path: "/team/" });
  call("iam", "CreateAccessKey", { UserName });
  call("iam", "CreatePolicy", { PolicyName: `policy-${n}`, PolicyDocument: policy, Description: "all" });
  const PolicyArn = (answers: Answers) => answers.CreatePolicy.Policy.Arn;
  call("iam", "CreatePolicyVersion", (a) => ({ PolicyArn: PolicyArn(a), PolicyDocument: policy, SetAsDefault: true }));
  call("iam", "AttachRolePolicy", (a) => ({ RoleName, PolicyArn: PolicyArn(a) }));
  call("iam", "AttachUserPolicy", (a) => ({ UserName, PolicyArn: PolicyArn(a) }));
  call("iam", "PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: policy });
  call("iam", "PutUserPolicy", { UserName, PolicyName: "inline", PolicyDocument: policy });
  call("iam", "PutUserPermissionsBoundary", (a) => ({ UserName, PermissionsBoundary: PolicyArn(a) }));
  const key = (answers: Answers) => ({ UserName, AccessKeyId: answers.CreateAccessKey.AccessKey.AccessKeyId });
  call("iam", "UpdateAccessKey", (a) => ({ ...key(a), Status: "Inactive" }));
  call("iam", "DeleteAccessKey", key);
  for (const Kind of ["User", "Role"]) {
    const named = { [`${Kind}Name`]: `gone-${n}` };
    call("iam", `Create${Kind}`, { ...named, ...(Kind === "Role" && { AssumeRolePolicyDocument: trust }) });
    if (Kind === "Role") call("sts", "AssumeRole", (a) => ({ RoleArn: a.CreateRole.Role.Arn, RoleSessionName: "me" }));
    call("iam", `Delete${Kind}`, named);
  }
  call("iam", "SimulateCustomPolicy", { PolicyInputList: [policy], ActionNames: ["s3:GetObject"] });
  call("sts", "GetSessionToken", { DurationSeconds: 900 });
  call("sts", "GetFederationToken", { Name: "bob", Policy: policy });

  const logGroupName = `/group/${n}`;
  const logStreamName = `stream-${n}`;
  call("logs", "CreateLogGroup", { logGroupName, tags: { a: "b" } });
  call("logs", "CreateLogStream", { logGroupName, logStreamName });
  const logEvents = [{ timestamp: 1767225600_000, message: "ERROR é" }];
  call("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents });
  call("logs", "FilterLogEvents", { logGroupName, filterPattern: "ERROR", limit: 1 });
  const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;
  call("logs", "TagResource", { resourceArn, tags: { c: "d" } });
  call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays: 3653 });

  const TableName = `table-${n}`;
  call("dynamodb", "CreateTable", {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    AttributeDefinitions: ["id", "r", "g"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: [
      { AttributeName: "id", KeyType: "HASH" },
      { AttributeName: "r", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-g",
        KeySchema: [{ AttributeName: "g", KeyType: "HASH" }],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["n"] },
      },
    ],
  });
  const Key = { id: { S: "1" }, r: { S: "é" } };
  const values = { ":v": { S: "1" } };
  const Item = {
    ...Key,
    g: { S: "g" },
    n: { N: "1.50" },
    s: { SS: ["a", "b"] },
    m: { M: { l: { L: [{ NULL: true }] } } },
  };
  call("dynamodb", "PutItem", { TableName, Item, ReturnConsumedCapacity: "INDEXES" });
  call("dynamodb", "GetItem", { TableName, Key, ProjectionExpression: "m.l[0], n" });
  call("dynamodb", "UpdateItem", {
    TableName,
    Key,
    UpdateExpression: "SET n = n + :n ADD s :s",
    ExpressionAttributeValues: { ":n": { N: "1" }, ":s": { SS: ["c"] } },
    ReturnValues: "ALL_NEW",
  });
  call("dynamodb", "Query", {
    TableName,
    KeyConditionExpression: "id = :v",
    ExpressionAttributeValues: values,
    Limit: 1,
  });
  call("dynamodb", "Scan", { TableName, FilterExpression: "id = :v", ExpressionAttributeValues: values, Limit: 1 });
  call("dynamodb", "DeleteItem", { TableName, Key: { ...Key, r: { S: "2" } }, ReturnValues: "ALL_OLD" });
  call("dynamodb", "BatchGetItem", { RequestItems: { [TableName]: { Keys: [Key] } } });
  call("dynamodb", "BatchWriteItem", { RequestItems: { [TableName]: [{ PutRequest: { Item } }] } });
  call("dynamodb", "TransactWriteItems", {
    TransactItems: [{ Put: { TableName, Item } }],
    ClientRequestToken: `token-${n}`,
  });
  call("dynamodb", "TransactGetItems", { TransactItems: [{ Get: { TableName, Key } }] });
  const StreamArn = (a: Answers) => a.CreateTable.TableDescription.LatestStreamArn;
  call("dynamodbstreams", "DescribeStream", (a) => ({ StreamArn: StreamArn(a) }));
  call("dynamodbstreams", "GetShardIterator", (a) => ({
    StreamArn: StreamArn(a),
    ShardId: a.DescribeStream.StreamDescription.Shards[0]!.ShardId,
    ShardIteratorType: "TRIM_HORIZON",
  }));
  call("dynamodbstreams", "GetRecords", (a) => ({ ShardIterator: a.GetShardIterator.ShardIterator, Limit: 2 }));
  call("dynamodb", "ExecuteStatement", { Statement: `SELECT * FROM "${TableName}" WHERE id = '1'` });
  const Statement = `UPDATE "${TableName}" SET n = 2 WHERE id = '1' AND r = 'é'`;
  call("dynamodb", "ExecuteTransaction", { TransactStatements: [{ Statement }] });
  const ResourceArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
  call("dynamodb", "TagResource", { ResourceArn, Tags: [{ Key: "a", Value: "b" }] });
  call("dynamodb", "UntagResource", { ResourceArn, TagKeys: ["a"] });
  const TimeToLiveSpecification = { Enabled: true, AttributeName: "ttl" };
  call("dynamodb", "UpdateTimeToLive", { TableName, TimeToLiveSpecification });

  const FunctionName = `function-${n}`;
  call("lambda", "CreateFunction", {
    FunctionName,
    Role: `arn:aws:iam::000000000000:role/${RoleName}`,
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Code: { ZipFile: program },
    Environment: { Variables: { COLOR: "b" } },
  });
  call("lambda", "Invoke", { FunctionName, Payload: Buffer.from('{"a":1}') });
  call("lambda", "UpdateFunctionConfiguration", { FunctionName, Timeout: 5 });
  call("lambda", "UpdateFunctionCode", { FunctionName, ZipFile: program });
  call("lambda", "PublishVersion", { FunctionName });
  call("lambda", "CreateAlias", { FunctionName, Name: "live", FunctionVersion: "1" });
  call("lambda", "AddPermission", {
    FunctionName,
    StatementId: "s",
    Action: "lambda:InvokeFunction",
    Principal: "apigateway.amazonaws.com",
  });
  call("lambda", "PublishLayerVersion", { LayerName: `layer-${n}`, Content: { ZipFile: program } });
  const layer = { LayerName: `layer-${n}`, VersionNumber: 1 };
  const Action = "lambda:GetLayerVersion";
  call("lambda", "AddLayerVersionPermission", { ...layer, StatementId: "s", Action, Principal: "*" });
  call("lambda", "PutFunctionEventInvokeConfig", { FunctionName, MaximumRetryAttempts: 0 });
  call("lambda", "PutFunctionConcurrency", { FunctionName, ReservedConcurrentExecutions: 5 });

  call("apigateway", "CreateRestApi", { name: `api-${n}`, tags: { a: "b" } });
  const api = (answers: Answers) => ({ restApiId: answers.CreateRestApi.id });
  call("apigateway", "CreateResource", (a) => ({
    ...api(a),
    parentId: a.CreateRestApi.rootResourceId,
    pathPart: "users",
  }));
  const method = (a: Answers) => ({ ...api(a), resourceId: a.CreateResource.id, httpMethod: "GET" });
  const answer = (a: Answers) => ({ ...method(a), statusCode: "200" });
  call("apigateway", "PutMethod", (a) => ({ ...method(a), authorizationType: "NONE" }));
  call("apigateway", "PutMethodResponse", (a) => ({ ...answer(a), responseModels: { "application/json": "Empty" } }));
  const requestTemplates = { "application/json": '{"statusCode": 200}' };
  call("apigateway", "PutIntegration", (a) => ({ ...method(a), type: "MOCK", requestTemplates }));
  call("apigateway", "PutIntegrationResponse", answer);
  const patch = [{ op: "replace", path: "/timeoutInMillis", value: "100" }];
  call("apigateway", "UpdateIntegration", (a) => ({ ...method(a), patchOperations: patch }));
  call("apigateway", "CreateDeployment", (a) => ({ ...api(a), stageName: "dev" }));
  call("apigateway", "CreateStage", (a) => ({
    ...api(a),
    stageName: "prod",
    deploymentId: a.CreateDeployment.id,
  }));
  const apiArn = (a: Answers) => `arn:aws:apigateway:us-east-1::/restapis/${api(a).restApiId}`;
  call("apigateway", "TagResource", (a) => ({ resourceArn: apiArn(a), tags: { c: "d" } }));
  call("apigateway", "UntagResource", (a) => ({ resourceArn: apiArn(a), tagKeys: ["c"] }));
  const patchOperations = [{ op: "replace", path: "/description", value: "d" }];
  call("apigateway", "UpdateRestApi", (a) => ({ ...api(a), patchOperations }));
  call("apigateway", "UpdateStage", (a) => ({ ...api(a), stageName: "dev", patchOperations }));
  return calls;
}
