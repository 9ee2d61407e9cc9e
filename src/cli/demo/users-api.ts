import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
  type Runtime,
} from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Steps } from "./steps.ts";

export interface DemoTarget {
  readonly endpoint: string;
  readonly region: string;
  /** The functions' package. */
  readonly zip: Uint8Array;
  readonly runtime: Runtime;
  /** The module in the package: `index` for `index.users`. */
  readonly module: string;
}

const waiting = { maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 };

/** The users API of `examples/users-api`, deployed, called and removed through the AWS SDK; nothing of it knows Virga. */
export class UsersApi {
  readonly #target: DemoTarget;
  readonly #steps: Steps;
  readonly #sts: STSClient;
  readonly #iam: IAMClient;
  readonly #dynamodb: DynamoDBClient;
  readonly #lambda: LambdaClient;
  readonly #gateway: APIGatewayClient;
  /** What has been made, as how to remove it; the last one first. */
  readonly #made: { readonly what: string; readonly remove: () => Promise<unknown> }[] = [];
  #account = "";
  #roleArn = "";
  #apiId = "";

  constructor(target: DemoTarget, steps: Steps) {
    this.#target = target;
    this.#steps = steps;
    const { endpoint, region } = target;
    const config = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
    this.#sts = new STSClient(config);
    this.#iam = new IAMClient(config);
    this.#dynamodb = new DynamoDBClient(config);
    this.#lambda = new LambdaClient(config);
    this.#gateway = new APIGatewayClient(config);
  }

  async deploy(): Promise<void> {
    const { run } = this.#steps;
    await run("sts GetCallerIdentity", async () => {
      const identity = await this.#sts.send(new GetCallerIdentityCommand({}));
      this.#account = identity.Account!;
      return identity.Arn;
    });
    await run("dynamodb CreateTable users", () => this.#createTable());
    await run("iam CreateRole users-api, which may use this table and write logs", () => this.#createRole());
    for (const name of ["users", "welcome"]) {
      await run(`lambda CreateFunction ${name} (${this.#target.runtime})`, () => this.#createFunction(name));
    }
    await run("apigateway CreateRestApi users-api", () => this.#createApi());
    await run("apigateway CreateDeployment to stage dev", async () => {
      await this.#gateway.send(new CreateDeploymentCommand({ restApiId: this.#apiId, stageName: "dev" }));
      return this.url;
    });
  }

  async call(): Promise<void> {
    const ada = { id: 1, name: "Ada", email: "ada@example.com" };
    const grace = { id: 2, name: "Grace", email: "grace@example.com" };
    await this.#expect("POST", "/users", ada, 201, ada);
    await this.#expect("PUT", "/users", grace, 200, grace);
    await this.#expect("GET", "/users", undefined, 200, [ada, grace]);
    await this.#expect("GET", "/welcome/to/the/cloud", undefined, 200, "/welcome/to/the/cloud");
    await this.#steps.run("OPTIONS /users (CORS)", async () => {
      const answer = await fetch(`${this.url}/users`, { method: "OPTIONS" });
      const allowed = answer.headers.get("access-control-allow-methods");
      if (answer.status !== 200 || !allowed) throw new Error(`answered ${answer.status} and allows ${allowed}`);
      return `${answer.status} allows ${allowed}`;
    });
  }

  /** Removes all that was made, and goes on when something cannot be removed. */
  async remove(): Promise<void> {
    for (const { what, remove } of this.#made.toReversed()) {
      await this.#steps.run(`remove ${what}`, remove).catch(() => {});
    }
    for (const client of [this.#sts, this.#iam, this.#dynamodb, this.#lambda, this.#gateway]) client.destroy();
  }

  get url(): string {
    return `${this.#target.endpoint}/_aws/execute-api/${this.#apiId}/dev`;
  }

  async #createTable(): Promise<string | undefined> {
    const TableName = "users";
    const { TableDescription } = await this.#dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
    this.#made.push({ what: "the table", remove: () => this.#dynamodb.send(new DeleteTableCommand({ TableName })) });
    await waitUntilTableExists({ client: this.#dynamodb, ...waiting }, { TableName });
    return TableDescription?.TableArn;
  }

  async #createRole(): Promise<string> {
    const RoleName = "users-api";
    const PolicyName = "table-and-logs";
    const { Role } = await this.#iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: policy([
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ]),
      }),
    );
    this.#made.push({ what: "the role", remove: () => this.#iam.send(new DeleteRoleCommand({ RoleName })) });
    await this.#iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName,
        PolicyDocument: policy([
          {
            Effect: "Allow",
            Action: ["dynamodb:Scan", "dynamodb:PutItem"],
            Resource: `arn:aws:dynamodb:${this.#target.region}:${this.#account}:table/users`,
          },
          {
            Effect: "Allow",
            Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: "*",
          },
        ]),
      }),
    );
    this.#made.push({
      what: "the role's policy",
      remove: () => this.#iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })),
    });
    this.#roleArn = Role!.Arn!;
    return this.#roleArn;
  }

  async #createFunction(FunctionName: string): Promise<string | undefined> {
    const { FunctionArn } = await this.#lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: this.#target.runtime,
        Handler: `${this.#target.module}.${FunctionName}`,
        Role: this.#roleArn,
        Timeout: 15,
        Environment: { Variables: { TABLE_NAME: "users" } },
        Code: { ZipFile: this.#target.zip },
      }),
    );
    this.#made.push({
      what: `the function ${FunctionName}`,
      remove: () => this.#lambda.send(new DeleteFunctionCommand({ FunctionName })),
    });
    await waitUntilFunctionActiveV2({ client: this.#lambda, ...waiting }, { FunctionName });
    return FunctionArn;
  }

  async #createApi(): Promise<string> {
    const { id: restApiId } = await this.#gateway.send(new CreateRestApiCommand({ name: "users-api" }));
    this.#apiId = restApiId!;
    this.#made.push({
      what: "the API",
      remove: () => this.#gateway.send(new DeleteRestApiCommand({ restApiId })),
    });
    const { items } = await this.#gateway.send(new GetResourcesCommand({ restApiId }));
    const resource = async (parentId: string, pathPart: string) => {
      const made = await this.#gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
      return made.id!;
    };
    const users = await resource(items![0]!.id!, "users");
    const welcome = await resource(items![0]!.id!, "welcome");
    const anything = await resource(welcome, "{proxy+}");

    await this.#proxy(users, "GET", "users");
    await this.#proxy(users, "POST", "users");
    await this.#proxy(welcome, "GET", "welcome");
    await this.#proxy(anything, "ANY", "welcome");
    await this.#custom(users, "PUT", "users");
    await this.#cors(users);
    for (const FunctionName of ["users", "welcome"]) {
      await this.#lambda.send(
        new AddPermissionCommand({
          FunctionName,
          StatementId: `users-api-${restApiId}`,
          Action: "lambda:InvokeFunction",
          Principal: "apigateway.amazonaws.com",
          SourceArn: `arn:aws:execute-api:${this.#target.region}:${this.#account}:${restApiId}/*`,
        }),
      );
    }
    return this.#apiId;
  }

  /** The function sees the whole request and answers the whole response. */
  async #proxy(resourceId: string, httpMethod: string, functionName: string): Promise<void> {
    const method = { restApiId: this.#apiId, resourceId, httpMethod };
    await this.#gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await this.#gateway.send(
      new PutIntegrationCommand({
        ...method,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: this.#uri(functionName),
      }),
    );
  }

  /** Templates make the event from the body, and the answer from the function's result. */
  async #custom(resourceId: string, httpMethod: string, functionName: string): Promise<void> {
    const method = { restApiId: this.#apiId, resourceId, httpMethod };
    const templates = { "application/json": "$input.json('$')" };
    await this.#gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await this.#gateway.send(
      new PutIntegrationCommand({
        ...method,
        type: "AWS",
        integrationHttpMethod: "POST",
        uri: this.#uri(functionName),
        passthroughBehavior: "NEVER",
        requestTemplates: templates,
      }),
    );
    await this.#gateway.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
    await this.#gateway.send(
      new PutIntegrationResponseCommand({ ...method, statusCode: "200", responseTemplates: templates }),
    );
  }

  async #cors(resourceId: string): Promise<void> {
    const method = { restApiId: this.#apiId, resourceId, httpMethod: "OPTIONS" };
    const headers = {
      "Access-Control-Allow-Origin": "'*'",
      "Access-Control-Allow-Methods": "'GET,POST,PUT,OPTIONS'",
      "Access-Control-Allow-Headers": "'Content-Type'",
    };
    const parameters = (value: (name: string) => unknown) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [`method.response.header.${name}`, value(text)]),
      );
    await this.#gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    await this.#gateway.send(
      new PutIntegrationCommand({
        ...method,
        type: "MOCK",
        requestTemplates: { "application/json": '{"statusCode": 200}' },
      }),
    );
    await this.#gateway.send(
      new PutMethodResponseCommand({
        ...method,
        statusCode: "200",
        responseParameters: parameters(() => false) as Record<string, boolean>,
      }),
    );
    await this.#gateway.send(
      new PutIntegrationResponseCommand({
        ...method,
        statusCode: "200",
        responseParameters: parameters((text) => text) as Record<string, string>,
      }),
    );
  }

  #uri(functionName: string): string {
    const { region } = this.#target;
    const functionArn = `arn:aws:lambda:${region}:${this.#account}:function:${functionName}`;
    return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  }

  async #expect(method: string, path: string, body: unknown, status: number, expected: unknown): Promise<void> {
    await this.#steps.run(`${method} ${path}`, async () => {
      const sent =
        body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const answer = await fetch(this.url + path, { method, ...sent });
      const text = await answer.text();
      const found = sorted(parse(text));
      if (answer.status !== status || JSON.stringify(found) !== JSON.stringify(sorted(expected))) {
        throw new Error(`answered ${answer.status} ${text.slice(0, 300)}, not ${status} ${JSON.stringify(expected)}`);
      }
      return `${answer.status} ${text}`;
    });
  }
}

function policy(Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A scan answers in the order of hashes, which is nobody's business. */
function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.toSorted((a: { id?: number }, b: { id?: number }) => (a.id ?? 0) - (b.id ?? 0));
}
