import { describe, expect, it } from "vitest";
import { catalogue } from "../api/catalogue.ts";
import { ServiceFinder, unknownService } from "./identify.ts";
import { findSignature } from "./sigv4/signature.ts";

const finder = new ServiceFinder(catalogue);

interface Given {
  method?: string;
  host?: string;
  path?: string;
  query?: string;
  target?: string;
  /** Service and region of the signature's scope. */
  scope?: string;
}

function find({ method = "POST", host = "127.0.0.1", path = "/", query = "", target, scope }: Given) {
  const headers: Record<string, string> = { host };
  if (target !== undefined) headers["x-amz-target"] = target;
  if (scope !== undefined) {
    const [service, region = "us-east-1"] = scope.split("@");
    headers["authorization"] =
      `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    headers["x-amz-date"] = "20260101T000000Z";
  }
  const found = finder.find({ method, path, query, headers }, host, findSignature(headers, query));
  return found && [found.service.name, found.region, found.path];
}

describe("the service of a request", () => {
  it.each<[string, Given, string, string | undefined, string]>([
    ["its scope", { scope: "sqs@eu-west-1" }, "sqs", "eu-west-1", "/"],
    ["a scope that is not the service's name", { scope: "states" }, "stepfunctions", "us-east-1", "/"],
    ["monitoring", { scope: "monitoring" }, "cloudwatch", "us-east-1", "/"],
    ["its target", { target: "DynamoDB_20120810.GetItem" }, "dynamodb", undefined, "/"],
    [
      "its target where a scope is shared",
      { scope: "dynamodb", target: "DynamoDBStreams_20120810.GetRecords" },
      "dynamodbstreams",
      "us-east-1",
      "/",
    ],
    ["a shared scope alone", { scope: "dynamodb", target: "DynamoDB_20120810.Nope" }, "dynamodb", "us-east-1", "/"],
    ["a target with dots", { target: "AWSEvents.PutEvents" }, "events", undefined, "/"],
    ["REST APIs of API Gateway", { scope: "apigateway", path: "/restapis" }, "apigateway", "us-east-1", "/restapis"],
    ["HTTP APIs of API Gateway", { scope: "apigateway", path: "/v2/apis" }, "apigatewayv2", "us-east-1", "/v2/apis"],
    [
      "connections of WebSocket APIs, without their stage",
      { scope: "execute-api", path: "/dev/@connections/abc%3D", host: "x1.execute-api.us-east-1.localhost" },
      "apigatewaymanagementapi",
      "us-east-1",
      "/@connections/abc%3D",
    ],
    [
      "media of Kinesis Video",
      { scope: "kinesisvideo", path: "/getMedia" },
      "kinesis-video-media",
      "us-east-1",
      "/getMedia",
    ],
    [
      "archived media of Kinesis Video",
      { scope: "kinesisvideo", path: "/listFragments" },
      "kinesis-video-archived-media",
      "us-east-1",
      "/listFragments",
    ],
    [
      "Kinesis Video itself",
      { scope: "kinesisvideo", path: "/createStream" },
      "kinesisvideo",
      "us-east-1",
      "/createStream",
    ],
    [
      "a path of RPC v2",
      { path: "/service/GraniteServiceVersion20100801/operation/PutMetricData" },
      "cloudwatch",
      undefined,
      "/service/GraniteServiceVersion20100801/operation/PutMetricData",
    ],
    ["its host on AWS", { host: "dynamodb.eu-central-1.amazonaws.com" }, "dynamodb", "eu-central-1", "/"],
    ["an account's host", { host: "123456789012.ddb.us-east-1.amazonaws.com" }, "dynamodb", "us-east-1", "/"],
    ["its host here", { host: "sqs.us-west-2.localhost" }, "sqs", "us-west-2", "/"],
    ["its host in LocalStack's form", { host: "sns.localhost.localstack.cloud" }, "sns", undefined, "/"],
    ["a host of two labels", { host: "streams.dynamodb.us-east-1.localhost" }, "dynamodbstreams", "us-east-1", "/"],
    [
      "a host with a prefix of the operation",
      { host: "sync-states.us-east-1.localhost" },
      "stepfunctions",
      "us-east-1",
      "/",
    ],
    ["a FIPS host", { host: "kms-fips.us-east-1.amazonaws.com" }, "kms", "us-east-1", "/"],
    ["a host named as the service", { host: "stepfunctions.localhost" }, "stepfunctions", undefined, "/"],
    [
      "a REST path that nobody signed",
      { path: "/2015-03-31/functions/" },
      "lambda",
      undefined,
      "/2015-03-31/functions/",
    ],
    ["the scope before the host", { scope: "sns@eu-west-3", host: "sqs.us-west-2.localhost" }, "sns", "eu-west-3", "/"],
    [
      "a presigned URL",
      {
        method: "GET",
        path: "/bucket/key",
        query: "X-Amz-Credential=test%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature=0",
      },
      "s3",
      "eu-west-1",
      "/bucket/key",
    ],
  ])("is told by %s", (_name, given, service, region, path) => {
    expect(find(given)).toEqual([service, region, path]);
  });

  it.each<[string, string]>([
    ["127.0.0.1", "/key"],
    ["localhost", "/key"],
    ["localhost.localstack.cloud", "/key"],
    ["s3.localhost", "/key"],
    ["s3.us-east-1.amazonaws.com", "/key"],
    ["s3-us-west-2.amazonaws.com", "/key"],
    ["s3.dualstack.us-east-1.amazonaws.com", "/key"],
    ["bucket.localhost", "/bucket/key"],
    ["bucket.s3.localhost", "/bucket/key"],
    ["my.dotted.bucket.s3.eu-west-1.amazonaws.com", "/my.dotted.bucket/key"],
    ["bucket.s3.localhost.localstack.cloud", "/bucket/key"],
    ["bucket.s3-eu-west-1.amazonaws.com", "/bucket/key"],
    ["cdn.example.com", "/key"],
  ])("of S3 comes with its bucket: %s", (host, path) => {
    expect(find({ scope: "s3", host, path: "/key", method: "PUT" })?.[2]).toBe(path);
  });

  it("of a form that nobody signed is told by its API's version", () => {
    const head = { method: "POST", path: "/", query: "", headers: {} };
    const found = finder.findByForm(head, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15");
    expect(found?.service.name).toBe("sts");
    expect(finder.findByForm(head, "Version=2011-06-15")).toBeUndefined();
    expect(finder.findByForm(head, "Action=X&Version=1999-01-01")).toBeUndefined();
  });

  it("that nothing names goes to the anonymous one, if there is one", () => {
    const head = { method: "GET", path: "/bucket/key", query: "", headers: {} };
    expect(finder.find(head, "localhost", undefined)).toBeUndefined();
    expect(finder.find(head, "localhost", undefined, "s3")?.service.name).toBe("s3");
  });

  it.each(["__proto__.x", "constructor.x", ".", "x", ""])("is not invented from the target %j", (target) => {
    expect(find({ target })).toBeUndefined();
  });

  it("is not invented from a scope that is none", () => {
    expect(find({ scope: "constructor" })).toBeUndefined();
    expect(find({ scope: "nonsense" })).toBeUndefined();
  });
});

describe("what is said when no service is found", () => {
  it("repeats what was understood", () => {
    const head = { method: "POST", path: "/", query: "", headers: { "x-amz-target": "Nope.Do" } };
    const error = unknownService(head, "localhost", undefined);
    expect([error.status, error.code]).toEqual([404, "UnknownOperationException"]);
    expect(error.message).toContain('X-Amz-Target "Nope.Do"');
  });
});
