import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  UpdateTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import { realDelay } from "../../../src/base/clock.ts";
import type { Ids } from "../../../src/base/ids.ts";
import { acknowledged, attempt, below, Possible, type Actor } from "./actor.ts";

type Presence = "absent" | "plain" | "indexed";

/** Makes a table, fills it, gives it an index, deletes it and begins again: everything that jobs do for tables. */
export class TableActor implements Actor {
  readonly name: string;
  readonly #client: DynamoDBClient;
  readonly #document: DynamoDBDocument;
  readonly #presence: Possible<Presence>;
  #generation = 0;
  #nextId = 0;
  /** Ids of items that are surely there, and of those that may be. */
  #items = new Set<number>();
  #perhaps = new Set<number>();

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#document = DynamoDBDocument.from(client);
    this.name = name;
    this.#presence = new Possible<Presence>(`table ${name}`, "absent");
  }

  async step(chance: Ids): Promise<boolean> {
    const presence = this.#presence.certain;
    if (presence === "absent") return this.#create();
    if (this.#items.size < 600) return this.#fill();
    // What comes next has to wait for the job before it, as AWS demands.
    if ((await attempt(this.#settled())).kind !== "acknowledged") return false;
    if (presence === "plain" && below(chance, 3) > 0) return this.#addIndex();
    return this.#delete();
  }

  async #create(): Promise<boolean> {
    this.#generation++;
    this.#items = new Set();
    this.#perhaps = new Set();
    const known = await this.#presence.become("plain", () =>
      this.#client.send(
        new CreateTableCommand({
          TableName: this.name,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        }),
      ),
    );
    return known && (await attempt(this.#settled())).kind === "acknowledged";
  }

  /** Enough items, over some steps, that jobs need several commits for them. */
  async #fill(): Promise<boolean> {
    const batches = Array.from({ length: 4 }, () => Array.from({ length: 25 }, () => this.#nextId++));
    this.#perhaps = new Set(batches.flat());
    const known = await Promise.all(
      batches.map((ids) => {
        const puts = ids.map((id) => ({
          PutRequest: { Item: { id, generation: this.#generation, group: `g${id % 2}` } },
        }));
        return acknowledged(this.#document.batchWrite({ RequestItems: { [this.name]: puts } }));
      }),
    );
    if (!known.every(Boolean)) return false;
    this.#items = this.#items.union(this.#perhaps);
    this.#perhaps = new Set();
    return true;
  }

  #addIndex(): Promise<boolean> {
    return this.#presence.become("indexed", () =>
      this.#client.send(
        new UpdateTableCommand({
          TableName: this.name,
          AttributeDefinitions: [{ AttributeName: "group", AttributeType: "S" }],
          GlobalSecondaryIndexUpdates: [
            {
              Create: {
                IndexName: "by-group",
                KeySchema: [{ AttributeName: "group", KeyType: "HASH" }],
                Projection: { ProjectionType: "ALL" },
              },
            },
          ],
        }),
      ),
    );
  }

  async #delete(): Promise<boolean> {
    const known = await this.#presence.become("absent", () =>
      this.#client.send(new DeleteTableCommand({ TableName: this.name })),
    );
    return known && (await attempt(this.#settled())).kind === "acknowledged";
  }

  /** What the table is when no job works on it any more. */
  async #settled(): Promise<Presence> {
    for (let waits = 0; waits < 500; waits++) {
      const table = await this.#describe();
      if (!table) return "absent";
      const indexes = table.GlobalSecondaryIndexes ?? [];
      const states = [table.TableStatus, ...indexes.map(({ IndexStatus }) => IndexStatus)];
      if (states.every((state) => state === "ACTIVE")) return indexes.length > 0 ? "indexed" : "plain";
      await realDelay(10);
    }
    throw new Error(`the jobs of table ${this.name} never end`);
  }

  async #describe(): Promise<TableDescription | undefined> {
    try {
      return (await this.#client.send(new DescribeTableCommand({ TableName: this.name }))).Table;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  async verify(): Promise<void> {
    const presence = await this.#settled();
    this.#presence.observe(presence);
    if (presence === "absent") return;
    const found = await this.#scan();
    for (const { generation } of found) {
      expect(generation, `an item of an earlier ${this.name} came back`).toBe(this.#generation);
    }
    const ids = new Set(found.map(({ id }) => id as number));
    expect(this.#items.difference(ids), `items of ${this.name} are lost`).toEqual(new Set());
    expect(ids.difference(this.#items).difference(this.#perhaps), `items of ${this.name} from nowhere`).toEqual(
      new Set(),
    );
    if (presence === "indexed") {
      const inIndex = await this.#scan("by-group");
      expect(new Set(inIndex.map(({ id }) => id as number)), `the index of ${this.name}`).toEqual(ids);
    }
    this.#items = ids;
    this.#perhaps = new Set();
  }

  async #scan(IndexName?: string): Promise<Record<string, unknown>[]> {
    return (await this.#document.scan({ TableName: this.name, IndexName })).Items!;
  }
}
