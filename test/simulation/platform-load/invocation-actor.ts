import {
  CreateFunctionCommand,
  InvokeCommand,
  type LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import type { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { expect, vi } from "vitest";
import { zip } from "../../harness/functions.ts";
import { acknowledged, type Actor } from "./actor.ts";
import { loadTable } from "./item-actors.ts";

const FunctionName = "load";
const code = `
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient();
exports.handler = ({ number }) => client.send(new PutItemCommand({
  TableName: "${loadTable}", Item: { owner: { S: "function" }, number: { N: String(number) } } }));
`;

/** Invokes a function asynchronously; every acknowledged event is processed, however often the platform dies. */
export class InvocationActor implements Actor {
  readonly name = "invocations";
  readonly #lambda: LambdaClient;
  readonly #document: DynamoDBDocument;
  readonly #promised = new Set<number>();
  #number = 0;

  constructor(lambda: LambdaClient, document: DynamoDBDocument) {
    this.#lambda = lambda;
    this.#document = document;
  }

  async prepare(Role: string): Promise<void> {
    const Code = { ZipFile: zip({ "index.js": code }) };
    const Handler = "index.handler";
    await this.#lambda.send(new CreateFunctionCommand({ FunctionName, Runtime: "nodejs24.x", Handler, Role, Code }));
    await waitUntilFunctionActiveV2(
      { client: this.#lambda, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.2 },
      { FunctionName },
    );
  }

  async step(): Promise<boolean> {
    // So many at a time that most still wait when the platform is killed, and few enough for two cores.
    const numbers = Array.from({ length: 3 }, () => ++this.#number);
    const endings = await Promise.all(
      numbers.map(async (number) => {
        const Payload = JSON.stringify({ number });
        const invoke = new InvokeCommand({ FunctionName, InvocationType: "Event", Payload });
        const known = await acknowledged(this.#lambda.send(invoke));
        if (known) this.#promised.add(number);
        return known;
      }),
    );
    return endings.every(Boolean) && this.#number < 30;
  }

  async verify(): Promise<void> {
    await vi.waitFor(
      async () => {
        const { Items } = await this.#document.query({
          TableName: loadTable,
          KeyConditionExpression: "#o = :o",
          ExpressionAttributeNames: { "#o": "owner" },
          ExpressionAttributeValues: { ":o": "function" },
        });
        const processed = new Set(Items!.map(({ number }) => number as number));
        expect(this.#promised.difference(processed), "acknowledged events not processed").toEqual(new Set());
      },
      { timeout: 15_000, interval: 50 },
    );
  }
}
