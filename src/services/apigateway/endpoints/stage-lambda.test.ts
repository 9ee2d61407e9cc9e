import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRole, zip } from "../../../../test/harness/functions.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import type { SystemClock } from "../../../base/clock.ts";
import { lambdaUri, TestApi } from "../test-api.ts";

const code = `
exports.echo = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });
exports.answer = async (event) => JSON.parse(event.body);
exports.binary = async (event) => ({
  statusCode: 200, isBase64Encoded: true, headers: { "Content-Type": "image/png" },
  body: event.isBase64Encoded ? event.body : Buffer.from([1, 2, 255]).toString("base64"),
});
exports.custom = async (event) => {
  if (event.fail) throw new Error(event.fail);
  return { got: event };
};
exports.slow = () => new Promise((done) => setTimeout(done, 5000));
`;

let platform: TestPlatform<SystemClock>;
let api: TestApi;

beforeAll(async () => {
  platform = await liveTestPlatform({ functions: true });
  const aws = platform.aws();
  const Role = await makeRole(aws);
  const ZipFile = zip({ "index.js": code });
  for (const name of ["echo", "answer", "binary", "custom", "slow", "closed"]) {
    const handler = name === "closed" ? "echo" : name;
    await aws.lambda.CreateFunction({
      FunctionName: name,
      Runtime: "nodejs22.x",
      Role,
      Handler: `index.${handler}`,
      Timeout: 10,
      Code: { ZipFile },
    });
  }
  api = await TestApi.make(aws, { binaryMediaTypes: ["image/png"] });
  for (const name of ["echo", "answer", "binary", "custom", "slow"]) {
    await aws.lambda.AddPermission({
      FunctionName: name,
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/*`,
    });
  }
  await api.lambda("AWS_PROXY", "ANY", "/echo/{proxy+}", "echo");
  await api.lambda("AWS_PROXY", "GET", "/echo", "echo");
  await api.lambda("AWS_PROXY", "POST", "/answer", "answer");
  await api.lambda("AWS_PROXY", "ANY", "/binary", "binary");
  await api.lambda("AWS_PROXY", "GET", "/closed", "closed");
  await api.lambda("AWS_PROXY", "GET", "/slow", "slow", { timeoutInMillis: 300 });
  await api.lambda("AWS_PROXY", "GET", "/variable", "x", {
    uri: lambdaUri("x").replace("function:x", "function:${stageVariables.function}"),
  });
  await api.lambda("AWS_PROXY", "GET", "/verb", "echo", { integrationHttpMethod: "GET" });
  await makeCustom();
  await api.deploy("dev", { function: "echo" });
}, 30_000);
afterAll(() => platform.close());

/** `PUT /custom`: the body is the event, errors are told apart by their message. */
async function makeCustom(): Promise<void> {
  const { apigateway } = platform.aws();
  const named = await api.lambda("AWS", "PUT", "/custom", "custom", {
    requestTemplates: { "application/json": "$input.json('$')" },
    passthroughBehavior: "NEVER",
  });
  await api.lambda("AWS", "POST", "/custom", "custom");
  for (const httpMethod of ["PUT", "POST"]) {
    for (const [statusCode, selectionPattern] of [
      ["200", undefined],
      ["400", "Bad request: .*"],
      ["404", ".*not found.*"],
    ] as const) {
      const headers = { "method.response.header.X-Got": "integration.response.body.got.id" };
      await apigateway.PutMethodResponse({
        ...named,
        httpMethod,
        statusCode,
        responseParameters: { "method.response.header.X-Got": true },
      });
      await apigateway.PutIntegrationResponse({
        ...named,
        httpMethod,
        statusCode,
        responseParameters: headers,
        ...(selectionPattern !== undefined && {
          selectionPattern,
          responseTemplates: { "application/json": "{\"why\": $input.json('$.errorMessage')}" },
        }),
      });
    }
  }
}

function call(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${platform.endpoint}/_aws/execute-api/${api.id}/dev${path}`, init);
}

describe("Lambda proxy", () => {
  test("the function gets the whole event of payload format 1.0", async () => {
    const answer = await call("/echo/a%20b/c+d/?x=1&x=2&y=a%26b+c", {
      method: "POST",
      headers: { "X-Test": "tEsT", "content-type": "application/json", "user-agent": "test/1" },
      body: '{"hello": "wörld"}',
    });
    expect(answer.status).toBe(200);
    const { headers, multiValueHeaders, ...event } = (await answer.json()) as Record<string, Record<string, unknown>>;
    const deployment = (await platform.aws().apigateway.GetStage({ restApiId: api.id, stageName: "dev" })).deploymentId;
    expect(event).toEqual({
      resource: "/echo/{proxy+}",
      path: "/echo/a%20b/c+d/",
      httpMethod: "POST",
      queryStringParameters: { x: "2", y: "a&b c" },
      multiValueQueryStringParameters: { x: ["1", "2"], y: ["a&b c"] },
      pathParameters: { proxy: "a%20b/c+d" },
      stageVariables: { function: "echo" },
      requestContext: {
        accountId: "000000000000",
        apiId: api.id,
        deploymentId: deployment,
        domainName: "127.0.0.1",
        domainPrefix: api.id,
        extendedRequestId: answer.headers.get("x-amz-apigw-id"),
        httpMethod: "POST",
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: "127.0.0.1",
          user: null,
          userAgent: "test/1",
          userArn: null,
        },
        path: "/dev/echo/a%20b/c+d/",
        protocol: "HTTP/1.1",
        requestId: answer.headers.get("x-amzn-requestid"),
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        resourceId: await api.resource("/echo/{proxy+}"),
        resourcePath: "/echo/{proxy+}",
        stage: "dev",
      },
      body: '{"hello": "wörld"}',
      isBase64Encoded: false,
    });
    expect(headers).toMatchObject({
      "X-Test": "tEsT",
      "content-type": "application/json",
      "X-Forwarded-For": "127.0.0.1",
      "X-Forwarded-Port": new URL(platform.endpoint).port,
      "X-Forwarded-Proto": "http",
      "X-Amzn-Trace-Id": answer.headers.get("x-amzn-trace-id"),
    });
    expect(multiValueHeaders).toMatchObject({ "X-Test": ["tEsT"] });
    expect(Object.keys(headers!).map((name) => name.toLowerCase())).not.toContain("content-length");
    expect(Object.keys(headers!).map((name) => name.toLowerCase())).not.toContain("connection");
  });

  test("what is not there is null", async () => {
    expect(await (await call("/echo")).json()).toMatchObject({
      path: "/echo",
      body: null,
      pathParameters: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      isBase64Encoded: false,
    });
  });

  test("status, headers and body are the function's", async () => {
    const answer = await call("/answer", {
      method: "POST",
      body: JSON.stringify({
        statusCode: "418",
        headers: { "X-One": 1, "x-two": "single", "Content-Type": "text/plain" },
        multiValueHeaders: { "X-Two": ["a", true], "Set-Cookie": ["a=1", "b=2"] },
        body: "teapot",
      }),
    });
    expect(answer.status).toBe(418);
    expect(answer.headers.get("x-one")).toBe("1");
    expect(answer.headers.get("x-two")).toBe("a, true");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("content-type")).toBe("text/plain");
    expect(await answer.text()).toBe("teapot");
  });

  test("without a status it is 200, without a type it is JSON", async () => {
    const answer = await call("/answer", { method: "POST", body: "{}" });
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "application/json",
      "",
    ]);
  });

  test.each([
    ['"text"', "a text"],
    ["null", "nothing"],
    ["[]", "a list"],
    ['{"message": "no status"}', "unknown members"],
    ['{"statusCode": "abc"}', "no number as status"],
    ['{"statusCode": 99}', "a status out of range"],
    ['{"statusCode": 200, "body": {"a": 1}}', "an object as body"],
    ['{"statusCode": 200, "headers": "x"}', "no map of headers"],
    ['{"statusCode": 200, "headers": {"a": {}}}', "an object as header"],
    ['{"statusCode": 200, "headers": {"a": "b\\r\\nInjected: yes"}}', "a header that breaks out"],
    ['{"statusCode": 200, "headers": {"a b": "c"}}', "a header name that is none"],
    ['{"statusCode": 200, "multiValueHeaders": {"a": "b"}}', "no lists of headers"],
    ["not json", "an error"],
  ])("%s is a malformed answer: 502", async (body) => {
    const answer = await call("/answer", { method: "POST", body });
    expect([answer.status, await answer.text()]).toEqual([502, '{"message":"Internal server error"}']);
    expect(answer.headers.get("x-amzn-errortype")).toBe("InternalServerErrorException");
  });

  test("binary media types go in and out as base64", async () => {
    const body = new Uint8Array([0, 200, 255]);
    const headers = { "content-type": "image/png", accept: "image/png, */*" };
    const answer = await call("/binary", { method: "POST", headers, body });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(body);
    const plain = await call("/binary", { headers: { accept: "text/html" } });
    expect(await plain.text()).toBe("AQL/");
  });

  test("a function without permission is not called, and the log says how to permit it", async () => {
    const answer = await call("/closed");
    expect([answer.status, await answer.text()]).toEqual([500, '{"message":"Internal server error"}']);
    expect(platform.logged.join("\n")).toContain(
      `aws lambda add-permission --function-name closed --statement-id apigateway-${api.id} --action lambda:InvokeFunction ` +
        `--principal apigateway.amazonaws.com --source-arn 'arn:aws:execute-api:us-east-1:000000000000:${api.id}/*'`,
    );
  });

  test("an integration that takes too long is a timeout", async () => {
    const answer = await call("/slow");
    expect([answer.status, await answer.text()]).toEqual([504, '{"message":"Endpoint request timed out"}']);
  });

  test("stage variables name functions", async () => {
    expect((await call("/variable")).status).toBe(200);
  });

  test("functions are invoked with POST only", async () => {
    expect((await call("/verb")).status).toBe(500);
    expect(platform.logged.join("\n")).toContain("--integration-http-method POST");
  });
});

describe("Lambda custom", () => {
  const put = (body: string, headers: Record<string, string> = { "content-type": "application/json" }) =>
    call("/custom", { method: "PUT", body, headers });

  test("the template makes the event, the answer is the function's JSON", async () => {
    const answer = await put('{ "id": 1 }');
    expect([answer.status, answer.headers.get("x-got"), await answer.text()]).toEqual([200, "1", '{"got":{"id":1}}']);
  });

  test("errors are told apart by their message", async () => {
    const missing = await put('{"fail": "user not found"}');
    expect([missing.status, await missing.text()]).toEqual([404, '{"why": "user not found"}']);
    const bad = await put('{"fail": "Bad request: no id"}');
    expect([bad.status, await bad.text()]).toEqual([400, '{"why": "Bad request: no id"}']);
    // Errors that no pattern fits look like answers, as on AWS.
    const other = await put('{"fail": "boom"}');
    expect(other.status).toBe(200);
    expect(await other.json()).toMatchObject({ errorMessage: "boom", errorType: "Error" });
  });

  test("a body that is no JSON is a bad request", async () => {
    const templated = await put("hello");
    expect([templated.status, await templated.text()]).toEqual([
      400,
      expect.stringContaining("Could not parse request body into json"),
    ]);
    const passed = await call("/custom", { method: "POST", body: "hello" });
    expect([passed.status, await passed.text()]).toEqual([
      400,
      expect.stringContaining("Could not parse request body into json"),
    ]);
  });

  test("without a template the body passes as it is", async () => {
    const answer = await call("/custom", { method: "POST", body: '{"id": 2}' });
    expect(await answer.json()).toEqual({ got: { id: 2 } });
    expect((await put("{}", { "content-type": "text/csv" })).status).toBe(415);
  });
});

test("an integration's role is assumed, and its rights are what counts", async () => {
  const { iam, apigateway } = platform.aws();
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const { Role: role } = await iam.CreateRole({ RoleName: "caller", AssumeRolePolicyDocument: trust });
  const other = await TestApi.make(platform.aws());
  await other.lambda("AWS_PROXY", "GET", "/", "closed", { credentials: role.Arn });
  await apigateway.CreateDeployment({ restApiId: other.id, stageName: "dev" });
  const url = `${platform.endpoint}/_aws/execute-api/${other.id}/dev/`;
  expect((await fetch(url)).status).toBe(500);
  await iam.PutRolePolicy({
    RoleName: "caller",
    PolicyName: "invoke",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" }],
    }),
  });
  expect((await fetch(url)).status).toBe(200);
});
