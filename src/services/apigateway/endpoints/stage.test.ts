import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { TestApi } from "../test-api.ts";

let platform: TestPlatform;
let api: TestApi;
let endpoint: string;
beforeEach(async () => {
  platform = await testPlatform();
  endpoint = await platform.listen();
  api = await TestApi.make(platform.aws());
});
afterEach(() => platform.close());

function call(path: string, init: RequestInit = {}, stage = "dev"): Promise<Response> {
  return fetch(`${endpoint}/_aws/execute-api/${api.id}/${stage}${path}`, init);
}

/** The same with a host name of its own, which fetch does not allow. */
function callHost(host: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${endpoint}${path}`, { headers: { host } }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode!, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("addresses", () => {
  test("a stage is called by host and by path", async () => {
    await api.mock("GET", "/users", { template: "$context.resourcePath $context.path $context.domainPrefix" });
    await api.deploy();
    for (const domain of ["localhost", "localhost.localstack.cloud", "amazonaws.com"]) {
      expect(await callHost(`${api.id}.execute-api.us-east-1.${domain}:4566`, "/dev/users")).toEqual({
        status: 200,
        body: `/users /dev/users ${api.id}`,
      });
    }
    expect((await callHost(`${api.id}.execute-api.localhost`, "/dev/users")).status).toBe(200);
    expect(await (await call("/users")).text()).toContain("/users /dev/users");
    const localstack = await fetch(`${endpoint}/restapis/${api.id}/dev/_user_request_/users`);
    expect(await localstack.text()).toContain("/users /dev/users");
  });

  test("unknown APIs and stages, and other regions, are forbidden", async () => {
    await api.mock("GET");
    await api.deploy();
    const refused = { status: 403, body: '{"message":"Forbidden"}' };
    expect(await callHost("abcdef1234.execute-api.us-east-1.localhost", "/dev")).toEqual(refused);
    expect(await callHost(`${api.id}.execute-api.eu-west-1.localhost`, "/dev")).toEqual(refused);
    expect(await callHost(`${api.id}.execute-api.us-east-1.localhost`, "/")).toEqual(refused);
    const answer = await call("", {}, "prod");
    expect([answer.status, await answer.text()]).toEqual([403, '{"message":"Forbidden"}']);
    expect(answer.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
  });

  test("an API whose default endpoint is off is forbidden, from the next deployment on", async () => {
    await api.mock("GET");
    await api.deploy();
    await platform.aws().apigateway.UpdateRestApi({
      restApiId: api.id,
      patchOperations: [{ op: "replace", path: "/disableExecuteApiEndpoint", value: "True" }],
    });
    expect((await call("/")).status).toBe(200);
    await api.deploy();
    expect((await call("/")).status).toBe(403);
  });

  test("what no method takes is a missing authentication token, as on AWS", async () => {
    await api.mock("GET", "/users");
    await api.deploy();
    for (const answer of [await call("/nobody"), await call("/users", { method: "POST" })]) {
      expect([answer.status, await answer.text()]).toEqual([403, '{"message":"Missing Authentication Token"}']);
      expect(answer.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
      expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers.get("x-amz-apigw-id")).toMatch(/^[A-Za-z0-9+/]{15}=$/);
    }
  });
});

test("a change is seen only after its deployment, and survives a restart", async () => {
  const named = await api.mock("GET", "/", { template: "one" });
  await api.deploy();
  await platform.aws().apigateway.PutIntegrationResponse({
    ...named,
    statusCode: "200",
    responseTemplates: { "application/json": "two" },
  });
  expect(await (await call("/")).text()).toBe("one");
  await api.deploy("prod");
  expect(await (await call("/")).text()).toBe("one");
  expect(await (await call("/", {}, "prod")).text()).toBe("two");
  await platform.restart();
  endpoint = platform.endpoint;
  expect(await (await call("/")).text()).toBe("one");
});

test("CORS preflight is answered by a MOCK", async () => {
  await api.mock("OPTIONS", "/users", {
    headers: {
      "method.response.header.Access-Control-Allow-Origin": "'*'",
      "method.response.header.Access-Control-Allow-Methods": "'GET,POST'",
    },
  });
  await api.deploy();
  const answer = await call("/users", {
    method: "OPTIONS",
    headers: { origin: "https://app.example", "access-control-request-method": "POST" },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.headers.get("access-control-allow-methods")).toBe("GET,POST");
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await answer.text()).toBe("");
});

describe("MOCK", () => {
  test("the request template chooses the integration response by its pattern", async () => {
    const named = await api.mock("GET", "/{id}", {
      request: {
        requestTemplates: {
          "application/json": "#if($input.params('id') == '7'){\"statusCode\": 404}#{else}{\"statusCode\": 200}#end",
        },
      },
      template: "found $input.params('id')",
    });
    const { apigateway } = platform.aws();
    await apigateway.PutMethodResponse({ ...named, statusCode: "404" });
    await apigateway.PutIntegrationResponse({
      ...named,
      statusCode: "404",
      selectionPattern: "4\\d{2}",
      responseTemplates: { "application/json": '{"message": "no $input.params(\'id\')"}' },
    });
    await api.deploy();
    const [found, missing] = [await call("/1"), await call("/7")];
    expect([found.status, await found.text()]).toEqual([200, "found 1"]);
    expect([missing.status, await missing.text()]).toEqual([404, '{"message": "no 7"}']);
  });

  test("passthrough behaviour decides on content types without a template", async () => {
    await api.mock("POST", "/never", { request: { passthroughBehavior: "NEVER" } });
    await api.mock("POST", "/match", { request: { passthroughBehavior: "WHEN_NO_MATCH" } });
    await api.mock("POST", "/templates", { request: { passthroughBehavior: "WHEN_NO_TEMPLATES" } });
    await api.deploy();
    const post = (path: string, type: string) =>
      call(path, { method: "POST", headers: { "content-type": type }, body: '{"statusCode": 200}' });
    expect((await post("/never", "application/json; charset=utf-8")).status).toBe(200);
    const refused = await post("/never", "text/plain");
    expect([refused.status, await refused.text()]).toEqual([415, '{"message":"Unsupported Media Type"}']);
    expect((await post("/templates", "text/plain")).status).toBe(415);
    expect((await post("/match", "text/plain")).status).toBe(200);
  });

  test("what cannot be answered is an internal error, and the log says why", async () => {
    await api.mock("GET", "/a", { request: { requestTemplates: { "application/json": "{}" } } });
    const undeclared = await api.mock("GET", "/b");
    const { apigateway } = platform.aws();
    await apigateway.DeleteMethodResponse({ ...undeclared, statusCode: "200" });
    await api.deploy();
    for (const path of ["/a", "/b"]) {
      const answer = await call(path);
      expect([answer.status, await answer.text()]).toEqual([500, '{"message":"Internal server error"}']);
    }
    expect(platform.logged[0]).toContain('must give {"statusCode": 200}');
    expect(platform.logged[1]).toContain("put-method-response");
  });

  test("mapped headers come from constants, context, stage variables and bodies", async () => {
    await api.mock("GET", "/", {
      headers: {
        "method.response.header.X-Static": "'a b'",
        "method.response.header.X-Stage": "context.stage",
        "method.response.header.X-Ip": "context.identity.sourceIp",
        "method.response.header.X-Table": "stageVariables.table",
        "method.response.header.X-None": "integration.response.header.x-none",
        "method.response.header.Content-Type": "'text/html'",
        "method.response.header.Date": "'yesterday'",
      },
    });
    await api.deploy("dev", { table: "users" });
    const { headers } = await call("/");
    expect(headers.get("x-static")).toBe("a b");
    expect(headers.get("x-stage")).toBe("dev");
    expect(headers.get("x-ip")).toBe("127.0.0.1");
    expect(headers.get("x-table")).toBe("users");
    expect(headers.has("x-none")).toBe(false);
    expect(headers.get("content-type")).toBe("text/html");
    expect(headers.get("x-amzn-remapped-date")).toBe("yesterday");
  });

  test("a template overrides status and headers", async () => {
    await api.mock("GET", "/{status}", {
      headers: { "method.response.header.X-A": "'mapped'" },
      template:
        "#set($context.responseOverride.status = $input.params('status'))\n#set($context.responseOverride.header.X-A = 'set')\n{}",
    });
    await api.deploy();
    const answer = await call("/418");
    expect([answer.status, answer.headers.get("x-a"), await answer.text()]).toEqual([418, "set", "{}"]);
    expect((await call("/99")).status).toBe(500);
    expect((await call("/abc")).status).toBe(500);
    expect(platform.logged.join()).toContain("responseOverride.status to abc");
  });

  test("a template whose loops have no end is stopped", async () => {
    await api.mock("GET", "/", { template: "#foreach($i in [1..999])#foreach($j in [1..999])x#end#end" });
    await api.deploy();
    expect((await call("/")).status).toBe(500);
    expect(platform.logged.join()).toContain("rounds of #foreach");
  });
});

test("a trace goes on where the client sent one, and begins where it sent none that is one", async () => {
  await api.mock("GET");
  await api.deploy();
  const traced = async (sent: string) =>
    (await call("/", { headers: { "X-Amzn-Trace-Id": sent } })).headers.get("x-amzn-trace-id");
  const root = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  expect(await traced(root)).toBe(root);
  expect(await traced("Root=<script>")).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
});

test("bodies over 10 MB are too long", async () => {
  await api.mock("POST");
  await api.deploy();
  const answer = await call("/", { method: "POST", body: new Uint8Array(10 * 1024 * 1024 + 1) });
  expect([answer.status, await answer.text()]).toEqual([413, '{"message":"Request Too Long"}']);
});

test("hostile paths, queries and headers get an answer", async () => {
  await api.mock("GET", "/{proxy+}", {
    template: "$input.params('proxy')|$input.params('q')|$input.params('__proto__')",
  });
  await api.deploy();
  expect(await (await call("/%ff%00/..%2f?q=%zz+1&__proto__=x&&=&q")).text()).toBe("%ff%00/..%2f||x");
  expect(await (await call("/a?q=%E4%BD%A0+b")).text()).toBe("a|你 b|");
});
