import { sdkConfig } from "../../harness/clients.ts";

interface Client {
  send(command: unknown): Promise<unknown>;
  destroy(): void;
}

type Sdk = Readonly<Record<string, new (input: unknown) => unknown>>;

type Sent = { readonly output: unknown } | { readonly refused: unknown } | { readonly failed: string };

const packages: Readonly<Record<string, { readonly client: string; readonly load: () => Promise<unknown> }>> = {
  apigateway: { client: "APIGatewayClient", load: () => import("@aws-sdk/client-api-gateway") },
  dynamodb: { client: "DynamoDBClient", load: () => import("@aws-sdk/client-dynamodb") },
  dynamodbstreams: { client: "DynamoDBStreamsClient", load: () => import("@aws-sdk/client-dynamodb-streams") },
  iam: { client: "IAMClient", load: () => import("@aws-sdk/client-iam") },
  lambda: { client: "LambdaClient", load: () => import("@aws-sdk/client-lambda") },
  logs: { client: "CloudWatchLogsClient", load: () => import("@aws-sdk/client-cloudwatch-logs") },
  sts: { client: "STSClient", load: () => import("@aws-sdk/client-sts") },
};

/** The clients of the AWS SDK for JavaScript, called by the names of service and operation. */
export class RealClients {
  readonly #clients: ReadonlyMap<string, { readonly client: Client; readonly sdk: Sdk }>;
  /** Inputs that the SDK itself did not want to send. */
  unsent = 0;
  answered = 0;

  private constructor(clients: ReadonlyMap<string, { readonly client: Client; readonly sdk: Sdk }>) {
    this.#clients = clients;
  }

  static async at(endpoint: string): Promise<RealClients> {
    const clients = new Map<string, { client: Client; sdk: Sdk }>();
    for (const [service, { client, load }] of Object.entries(packages)) {
      const sdk = (await load()) as Sdk;
      clients.set(service, { client: new sdk[client]!(sdkConfig(endpoint)) as Client, sdk });
    }
    return new RealClients(clients);
  }

  has(service: string): boolean {
    return this.#clients.has(service);
  }

  async send(service: string, operation: string, input: unknown): Promise<Sent> {
    const { client, sdk } = this.#clients.get(service)!;
    let status: number | undefined;
    try {
      const output = await client.send(new sdk[`${operation}Command`]!(input));
      this.answered++;
      return { output };
    } catch (error) {
      status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (status === undefined) {
        // A connection that breaks is our failure; all else the SDK said before it sent anything.
        if (
          error instanceof Error &&
          /ECONN|socket|EPIPE|Timeout|Parse Error/i.test(`${error.name} ${error.message}`)
        ) {
          return { failed: `the connection broke: ${error.stack}` };
        }
        this.unsent++;
        return { refused: error };
      }
      this.answered++;
      if ((status >= 400 && status < 500) || status === 501) return { refused: error };
      return { failed: `answered ${status}: ${String(error)}` };
    }
  }

  close(): void {
    for (const { client } of this.#clients.values()) client.destroy();
  }
}
