import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  waitUntilTableExists,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, expect, test } from "vitest";
import { realDelay } from "../../src/base/clock.ts";
import { sdkConfig } from "../harness/clients.ts";
import { VirgaProcess } from "../harness/virga-process.ts";

type Item = Record<string, AttributeValue>;

const TableName = "ledger";
const writers = 12;
const kills = 3;
const loadMs = 700;

let virga: VirgaProcess;
beforeAll(async () => {
  virga = await VirgaProcess.start();
});
afterAll(() => virga.remove());

test("items, index and stream agree after kill -9, and every acknowledged write is in all of them", async () => {
  const dynamodb = new DynamoDBClient(sdkConfig(virga.endpoint));
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: ["id", "writer"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-writer",
          KeySchema: [{ AttributeName: "writer", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { TableName });

  const acknowledged = new Map<string, number>();
  for (let life = 0; life <= kills; life++) {
    let over = false;
    const load = Array.from({ length: writers }, async (_, writer) => {
      for (let turn = 0; !over; turn++) {
        const step = life * 1_000_000 + turn;
        await writeSomething(dynamodb, writer, step).then(
          () => acknowledged.set(String(writer), step),
          // Killed under way: it may have been written or not.
          () => realDelay(20),
        );
      }
    });
    await realDelay(loadMs);
    if (life < kills) await virga.killAndStart();
    over = true;
    await Promise.all(load);
  }

  const items = await scan(dynamodb);
  expect(printed(await scan(dynamodb, "by-writer"))).toEqual(printed(items));
  const records = await readStream(dynamodb);
  const replayed = new Map<string, Item>();
  for (const { dynamodb: change } of records) {
    const id = change!.Keys!["id"]!.S!;
    expect(change!.OldImage).toEqual(replayed.get(id));
    if (change!.NewImage) replayed.set(id, change!.NewImage as Item);
    else replayed.delete(id);
  }
  expect(printed([...replayed.values()])).toEqual(printed(items));
  expect(acknowledged.size).toBe(writers);
  for (const [writer, step] of acknowledged) {
    const found = items.find((item) => item["id"]!.S === `last-${writer}`);
    expect(Number(found!["step"]!.N)).toBeGreaterThanOrEqual(step);
  }
  dynamodb.destroy();
});

/** A writer tells its latest step in an item of its own, with another write in the same transaction or before it. */
async function writeSomething(dynamodb: DynamoDBClient, writer: number, step: number): Promise<void> {
  const other = { id: { S: `${writer}-${step % 5}` } };
  const name = { S: String(writer) };
  const last = { id: { S: `last-${writer}` }, writer: name, step: { N: String(step) } };
  switch (step % 3) {
    case 0:
      await dynamodb.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Put: { TableName, Item: { ...other, writer: name } } }, { Put: { TableName, Item: last } }],
        }),
      );
      return;
    case 1:
      await dynamodb.send(new DeleteItemCommand({ TableName, Key: other }));
      break;
    default:
      await dynamodb.send(new PutItemCommand({ TableName, Item: { ...other, writer: name, step: { N: "0" } } }));
  }
  await dynamodb.send(new PutItemCommand({ TableName, Item: last }));
}

async function scan(dynamodb: DynamoDBClient, IndexName?: string): Promise<Item[]> {
  return (await dynamodb.send(new ScanCommand({ TableName, IndexName }))).Items!;
}

async function readStream(dynamodb: DynamoDBClient): Promise<_Record[]> {
  const StreamArn = (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table!.LatestStreamArn!;
  const streams = new DynamoDBStreamsClient(sdkConfig(virga.endpoint));
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription!.Shards![0]!.ShardId;
  let { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
  );
  const records: _Record[] = [];
  for (;;) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator }));
    if (page.Records!.length === 0) break;
    records.push(...page.Records!);
    ShardIterator = page.NextShardIterator;
  }
  streams.destroy();
  return records;
}

function printed(items: readonly Item[]): string[] {
  return items.map((item) => JSON.stringify(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))).toSorted();
}
