import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocument, TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import type { Ids } from "../../../src/base/ids.ts";
import { acknowledged, attempt, below, pick, Possible, type Actor } from "./actor.ts";

export const loadTable = "load";
export const groups = ["red", "green", "blue"];

/** The item of a version: some versions are in the index and some are not. */
function itemOf(owner: string, number: number, version: number) {
  const group = version % 4 === 0 ? {} : { group: groups[version % 3] };
  return { owner, number, version, ...group, filling: "x".repeat((version * 37) % 700) };
}

/** Writes items of its own in every way there is. */
export class ItemActor implements Actor {
  readonly name: string;
  readonly #document: DynamoDBDocument;
  /** Version by number; undefined is no item. */
  readonly #items: Possible<number | undefined>[];
  #transaction: { readonly number: number; readonly before: number | undefined; readonly after: number | undefined }[] =
    [];
  #version = 0;

  constructor(document: DynamoDBDocument, name: string) {
    this.#document = document;
    this.name = name;
    this.#items = Array.from({ length: 12 }, (_, number) => new Possible(`item ${number} of ${name}`, undefined));
  }

  step(chance: Ids): Promise<boolean> {
    const number = below(chance, this.#items.length);
    const ways = [this.#put, this.#update, this.#delete, this.#create, this.#batch, this.#transact];
    return pick(chance, ways)(number);
  }

  readonly #put = (number: number): Promise<boolean> => {
    const version = ++this.#version;
    const Item = itemOf(this.name, number, version);
    return this.#items[number]!.become(version, () => this.#document.put({ TableName: loadTable, Item }));
  };

  readonly #update = (number: number): Promise<boolean> => {
    const version = ++this.#version;
    const { group, filling } = itemOf(this.name, number, version);
    const update = {
      TableName: loadTable,
      Key: { owner: this.name, number },
      UpdateExpression: `SET version = :v, filling = :f ${group ? ", #g = :g" : "REMOVE #g"}`,
      ExpressionAttributeNames: { "#g": "group" },
      ExpressionAttributeValues: { ":v": version, ":f": filling, ...(group && { ":g": group }) },
    };
    return this.#items[number]!.become(version, () => this.#document.update(update));
  };

  readonly #delete = (number: number): Promise<boolean> =>
    this.#items[number]!.become(undefined, () =>
      this.#document.delete({ TableName: loadTable, Key: { owner: this.name, number } }),
    );

  /** A put on the condition that there is nothing, which has to be refused exactly when there is something. */
  readonly #create = async (number: number): Promise<boolean> => {
    const item = this.#items[number]!;
    const isThere = item.certain !== undefined;
    const version = ++this.#version;
    if (!isThere) item.expect(version);
    const ending = await attempt(
      this.#document.put({
        TableName: loadTable,
        Item: itemOf(this.name, number, version),
        ConditionExpression: "attribute_not_exists(version)",
      }),
    );
    if (ending.kind === "unknown") return false;
    expect(ending.kind, `creating item ${number} of ${this.name}`).toBe(isThere ? "refused" : "acknowledged");
    if (ending.kind === "refused") expect(ending.name).toContain(ConditionalCheckFailedException.name);
    else item.settle(version);
    return true;
  };

  /** Several items, each by itself. */
  readonly #batch = async (first: number): Promise<boolean> => {
    const writes = this.#several(first);
    for (const { number, after } of writes) this.#items[number]!.expect(after);
    const requests = writes.map(({ number, after }) =>
      after === undefined
        ? { DeleteRequest: { Key: { owner: this.name, number } } }
        : { PutRequest: { Item: itemOf(this.name, number, after) } },
    );
    if (!(await acknowledged(this.#document.batchWrite({ RequestItems: { [loadTable]: requests } })))) return false;
    for (const { number, after } of writes) this.#items[number]!.settle(after);
    return true;
  };

  /** Several items, all or none. */
  readonly #transact = async (first: number): Promise<boolean> => {
    const writes = this.#several(first);
    for (const { number, after } of writes) this.#items[number]!.expect(after);
    this.#transaction = writes;
    const TransactItems: TransactWriteCommandInput["TransactItems"] = writes.map(({ number, after }) =>
      after === undefined
        ? { Delete: { TableName: loadTable, Key: { owner: this.name, number } } }
        : { Put: { TableName: loadTable, Item: itemOf(this.name, number, after) } },
    );
    if (!(await acknowledged(this.#document.transactWrite({ TransactItems })))) return false;
    for (const { number, after } of writes) this.#items[number]!.settle(after);
    this.#transaction = [];
    return true;
  };

  /** Four neighbours: what is there is replaced or deleted, what is not is made, so that each visibly changes. */
  #several(first: number) {
    return [0, 1, 2, 3].map((at) => {
      const number = (first + at) % this.#items.length;
      const before = this.#items[number]!.certain;
      return { number, before, after: before !== undefined && at === 3 ? undefined : ++this.#version };
    });
  }

  async verify(): Promise<void> {
    const { Items: found } = await this.#document.query({
      TableName: loadTable,
      ConsistentRead: true,
      KeyConditionExpression: "#o = :o",
      ExpressionAttributeNames: { "#o": "owner" },
      ExpressionAttributeValues: { ":o": this.name },
    });
    const versions = new Map(found!.map((item) => [item["number"] as number, item["version"] as number]));
    for (const item of found!) {
      expect(item, "an item is whole").toEqual(itemOf(this.name, item["number"] as number, item["version"] as number));
    }
    for (const [number, item] of this.#items.entries()) item.observe(versions.get(number));
    const done = this.#transaction.filter(({ number, after }) => versions.get(number) === after).length;
    expect([0, this.#transaction.length], `a transaction of ${this.name} is half done`).toContain(done);
    this.#transaction = [];
  }
}

/** Counts on one item, with several hands at once. */
export class CounterActor implements Actor {
  readonly name = "counter";
  readonly #document: DynamoDBDocument;
  readonly #counts: number[] = [];
  #attempts = 0;

  constructor(document: DynamoDBDocument) {
    this.#document = document;
  }

  async step(): Promise<boolean> {
    const hands = await Promise.all([this.#count(), this.#count(), this.#count()]);
    return hands.every(Boolean);
  }

  async #count(): Promise<boolean> {
    this.#attempts++;
    const ending = await attempt(
      this.#document.update({
        TableName: loadTable,
        Key: { owner: "counter", number: 0 },
        UpdateExpression: "ADD hits :one",
        ExpressionAttributeValues: { ":one": 1 },
        ReturnValues: "UPDATED_NEW",
      }),
    );
    if (ending.kind === "refused") throw new Error(ending.name);
    if (ending.kind === "unknown") return false;
    this.#counts.push(ending.output.Attributes!["hits"] as number);
    return true;
  }

  async verify(): Promise<void> {
    const { Item } = await this.#document.get({ TableName: loadTable, Key: { owner: "counter", number: 0 } });
    const hits = (Item?.["hits"] as number | undefined) ?? 0;
    expect(new Set(this.#counts).size, "no count was given twice").toBe(this.#counts.length);
    expect(hits).toBeGreaterThanOrEqual(Math.max(0, ...this.#counts));
    expect(hits).toBeGreaterThanOrEqual(this.#counts.length);
    expect(hits).toBeLessThanOrEqual(this.#attempts);
  }
}

/** Whether the index holds exactly the items that have its key, as they are in the table. */
export async function verifyIndex(document: DynamoDBDocument): Promise<void> {
  const inTable = await scan(document);
  const indexed = inTable.filter((item) => item["group"] !== undefined);
  const inIndex = await scan(document, "by-group");
  const byKey = (items: readonly Record<string, unknown>[]) =>
    new Map(items.map((item) => [`${String(item["owner"])}/${String(item["number"])}`, item]));
  expect(inIndex.length).toBe(indexed.length);
  expect(byKey(inIndex)).toEqual(byKey(indexed));
}

async function scan(document: DynamoDBDocument, IndexName?: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await document.scan({ TableName: loadTable, IndexName, ExclusiveStartKey });
    found.push(...page.Items!);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}
