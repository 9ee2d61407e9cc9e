import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SystemClock } from "../../src/base/clock.ts";
import { Steps } from "../../src/cli/demo/steps.ts";
import { UsersApi } from "../../src/cli/demo/users-api.ts";
import { anyKey, hasPythonClients, python } from "../harness/clients.ts";
import { zip } from "../harness/functions.ts";
import { VirgaProcess } from "../harness/virga-process.ts";

// Once more with the AWS CLI: `examples/users-api/users-api.test.ts`.

const example = resolve(import.meta.dirname, "../../examples/users-api");
const ada = { id: 1, name: "Ada", email: "ada@example.com" };
const grace = { id: 2, name: "Grace", email: "grace@example.com" };

let virga: VirgaProcess;
beforeAll(async () => {
  virga = await VirgaProcess.start();
});
afterAll(() => virga.remove());

/** What anybody with a browser or curl can see of the API; `url` ends with the stage. */
async function expectUsersApi(url: string): Promise<void> {
  const json = { "content-type": "application/json" };
  const send = (method: string, path: string, body?: unknown) =>
    fetch(url + path, { method, ...(body !== undefined && { headers: json, body: JSON.stringify(body) }) });

  const posted = await send("POST", "/users", ada);
  expect([posted.status, await posted.json()]).toEqual([201, ada]);
  expect(posted.headers.get("content-type")).toBe("application/json");
  expect(posted.headers.get("access-control-allow-origin")).toBe("*");
  const put = await send("PUT", "/users", grace);
  expect([put.status, await put.json()]).toEqual([200, grace]);
  const listed = (await (await send("GET", "/users")).json()) as (typeof ada)[];
  expect(listed.toSorted((a, b) => a.id - b.id)).toEqual([ada, grace]);

  expect((await send("POST", "/users", { id: "one" })).status).toBe(400);
  const welcome = await send("GET", "/welcome/to/the/cloud?and=more");
  expect([welcome.status, await welcome.json()]).toEqual([200, "/welcome/to/the/cloud"]);
  expect(await (await send("DELETE", "/welcome/home")).json()).toBe("/welcome/home");

  const preflight = await send("OPTIONS", "/users");
  expect(preflight.status).toBe(200);
  expect(preflight.headers.get("access-control-allow-methods")).toBe("GET,POST,PUT,OPTIONS");
  expect(preflight.headers.get("access-control-allow-headers")).toBe("Content-Type");

  const missing = await send("GET", "/nothing");
  expect([missing.status, await missing.json()]).toEqual([403, { message: "Missing Authentication Token" }]);
  expect(missing.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
}

/** What a client hears that calls the stage by a name; in browsers and curl, every name under localhost is this machine. */
async function getByName(url: string, path: string): Promise<string> {
  const [, api, stage] = /execute-api\/(\w+)\/(\w+)$/.exec(url)!;
  const { port, hostname } = new URL(url);
  const headers = { host: `${api}.execute-api.us-east-1.localhost:${port}` };
  const request = get({ hostname, port, path: `/${stage}${path}`, headers });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  return text(answer);
}

test("the users API, deployed with the AWS SDK for JavaScript, answers before and after a kill -9", async () => {
  const lines: string[] = [];
  const steps = new Steps(new SystemClock(), (line) => lines.push(line));
  const app = new UsersApi(
    {
      endpoint: virga.endpoint,
      region: "us-east-1",
      zip: zip({ "index.mjs": await readFile(join(example, "index.mjs")) }),
      runtime: "nodejs22.x",
      module: "index",
    },
    steps,
  );
  await app.deploy();
  await expectUsersApi(app.url);
  await virga.killAndStart();
  await expectUsersApi(app.url);
  await expectUsersApi(app.url.replace(/_aws\/execute-api\/(\w+)\/dev/, "restapis/$1/dev/_user_request_"));
  expect(await getByName(app.url, "/welcome/by/name")).toBe(`"/welcome/by/name"`);

  await app.remove();
  expect(steps.failed, lines.join("\n")).toBe(0);
  expect((await fetch(`${app.url}/users`)).status).toBe(403);
});

describe.skipIf(!hasPythonClients)("with boto3 (skipped without boto3 and the AWS CLI)", () => {
  test("the users API in Python, deployed with boto3 in another account, answers before and after a kill -9", async () => {
    const code = await readFile(join(example, "app.py"));
    const { url } = await python<{ url: string }>(
      virga.endpoint,
      deployment,
      { ...anyKey, accessKeyId: "111122223333" },
      {
        PACKAGE: Buffer.from(zip({ "app.py": code })).toString("base64"),
      },
    );
    expect(url).toMatch(/\/dev$/);
    await expectUsersApi(url);
    await virga.killAndStart();
    await expectUsersApi(url);
  });
});

const deployment = `
import base64, os
dynamodb, iam, functions, gateway = client("dynamodb"), client("iam"), client("lambda"), client("apigateway")
account = client("sts").get_caller_identity()["Account"]
region = "us-east-1"

dynamodb.create_table(
    TableName="users", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "N"}],
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
)
dynamodb.get_waiter("table_exists").wait(TableName="users", WaiterConfig={"Delay": 0.05})
policy = lambda *statements: json.dumps({"Version": "2012-10-17", "Statement": statements})
role = iam.create_role(RoleName="users-api-py", AssumeRolePolicyDocument=policy(
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}))["Role"]["Arn"]
iam.put_role_policy(RoleName="users-api-py", PolicyName="table", PolicyDocument=policy(
    {"Effect": "Allow", "Action": ["dynamodb:Scan", "dynamodb:PutItem"],
     "Resource": "arn:aws:dynamodb:%s:%s:table/users" % (region, account)}))
iam.attach_role_policy(
    RoleName="users-api-py", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
for name in "users", "welcome":
    functions.create_function(
        FunctionName=name, Runtime="python3.13", Handler="app." + name, Role=role, Timeout=15,
        Environment={"Variables": {"TABLE_NAME": "users"}}, Code={"ZipFile": base64.b64decode(os.environ["PACKAGE"])})
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})

api = gateway.create_rest_api(name="users-api-py", endpointConfiguration={"types": ["REGIONAL"]})["id"]
top = gateway.get_resources(restApiId=api)["items"][0]["id"]
resource = lambda parent, part: gateway.create_resource(restApiId=api, parentId=parent, pathPart=part)["id"]
users, welcome = resource(top, "users"), resource(top, "welcome")
anything = resource(welcome, "{proxy+}")

def method(resource_id, verb, **integration):
    at = {"restApiId": api, "resourceId": resource_id, "httpMethod": verb}
    gateway.put_method(**at, authorizationType="NONE")
    gateway.put_integration(**at, **integration)
    return at

def of(name):
    function = "arn:aws:lambda:%s:%s:function:%s" % (region, account, name)
    return {"integrationHttpMethod": "POST",
            "uri": "arn:aws:apigateway:%s:lambda:path/2015-03-31/functions/%s/invocations" % (region, function)}

method(users, "GET", type="AWS_PROXY", **of("users"))
method(users, "POST", type="AWS_PROXY", **of("users"))
method(welcome, "GET", type="AWS_PROXY", **of("welcome"))
method(anything, "ANY", type="AWS_PROXY", **of("welcome"))

whole = {"application/json": "$input.json('$')"}
put = method(users, "PUT", type="AWS", passthroughBehavior="NEVER", requestTemplates=whole, **of("users"))
gateway.put_method_response(**put, statusCode="200")
gateway.put_integration_response(**put, statusCode="200", responseTemplates=whole)

headers = {"Access-Control-Allow-Origin": "'*'", "Access-Control-Allow-Methods": "'GET,POST,PUT,OPTIONS'",
           "Access-Control-Allow-Headers": "'Content-Type'"}
named = {"method.response.header." + name: value for name, value in headers.items()}
cors = method(users, "OPTIONS", type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
gateway.put_method_response(**cors, statusCode="200", responseParameters=dict.fromkeys(named, False))
gateway.put_integration_response(**cors, statusCode="200", responseParameters=named)

for name in "users", "welcome":
    functions.add_permission(
        FunctionName=name, StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com",
        SourceArn="arn:aws:execute-api:%s:%s:%s/*" % (region, account, api))
gateway.create_deployment(restApiId=api, stageName="dev")
stages = gateway.get_stages(restApiId=api)["item"]
answer({"url": os.environ["AWS_ENDPOINT_URL"] + "/_aws/execute-api/" + api + "/" + stages[0]["stageName"]})
`;
