import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  paginateListTables,
  ResourceInUseException,
  ResourceNotFoundException,
  TransactionCanceledException,
  waitUntilTableExists,
  waitUntilTableNotExists,
  type CreateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocument,
  paginateQuery,
  paginateScan,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsCli, hasPythonClients, python, sdkConfig } from "../harness/clients.ts";
import { VirgaProcess } from "../harness/virga-process.ts";

let virga: VirgaProcess;
beforeAll(async () => {
  virga = await VirgaProcess.start();
});
afterAll(async () => {
  await virga.remove();
});

const quickly = { maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 };

function orders(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "customer", AttributeType: "S" },
      { AttributeName: "number", AttributeType: "N" },
      { AttributeName: "status", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "customer", KeyType: "HASH" },
      { AttributeName: "number", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-status",
        KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    ],
  };
}

describe("a person with the AWS SDK for JavaScript", () => {
  let client: DynamoDBClient;
  let document: DynamoDBDocument;
  beforeAll(async () => {
    client = new DynamoDBClient(sdkConfig(virga.endpoint));
    document = DynamoDBDocument.from(client, { marshallOptions: { removeUndefinedValues: true } });
    await client.send(new CreateTableCommand(orders("orders")));
    await waitUntilTableExists({ client, ...quickly }, { TableName: "orders" });
  });
  afterAll(() => client.destroy());

  test("stores documents of every type and reads them back as they were", async () => {
    const order = {
      customer: "ada",
      number: 1,
      status: "open",
      lines: [{ product: "größe 🦀", price: 12.5, gift: false, note: null }],
      tags: new Set(["new", "red"]),
      sizes: new Set([1, 2.25]),
      picture: new Uint8Array([0, 128, 255]),
    };
    await document.put({ TableName: "orders", Item: { ...order, nothing: undefined } });
    const { Item } = await document.get({ TableName: "orders", Key: { customer: "ada", number: 1 } });
    expect(Item).toEqual(order);
  });

  test("catches modelled exceptions as classes, with their members", async () => {
    const put = new PutCommand({
      TableName: "orders",
      Item: { customer: "ada", number: 2, status: "open" },
      ConditionExpression: "attribute_not_exists(customer)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    await document.send(put);
    const refused = await document.send(put).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConditionalCheckFailedException);
    expect(refused).toMatchObject({
      message: "The conditional request failed",
      Item: { customer: { S: "ada" }, number: { N: "2" }, status: { S: "open" } },
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/./) },
    });

    await expect(document.get({ TableName: "nowhere", Key: { id: 1 } })).rejects.toThrow(ResourceNotFoundException);
    await expect(client.send(new CreateTableCommand(orders("orders")))).rejects.toThrow(ResourceInUseException);
    const invalid = await document.get({ TableName: "orders", Key: { customer: "ada" } }).catch((error) => error);
    expect(invalid).toBeInstanceOf(DynamoDBServiceException);
    expect(invalid).toMatchObject({
      name: "ValidationException",
      message: "The provided key element does not match the schema",
    });
  });

  test("learns from a cancelled transaction which write was in the way, and nothing of it is there", async () => {
    const transaction = new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName: "orders", Item: { customer: "eve", number: 1 } } },
        {
          Delete: {
            TableName: "orders",
            Key: { customer: "eve", number: 2 },
            ConditionExpression: "#s = :open",
            ExpressionAttributeNames: { "#s": "status" },
            ExpressionAttributeValues: { ":open": "open" },
          },
        },
      ],
    });
    const cancelled = await document.send(transaction).catch((error: unknown) => error);
    expect(cancelled).toBeInstanceOf(TransactionCanceledException);
    expect((cancelled as TransactionCanceledException).CancellationReasons).toMatchObject([
      { Code: "None" },
      { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
    ]);
    expect((await document.get({ TableName: "orders", Key: { customer: "eve", number: 1 } })).Item).toBeUndefined();
  });

  test("pages through a query, a scan and an index with the SDK's paginators", async () => {
    const numbers = Array.from({ length: 60 }, (_, at) => at + 1);
    for (let at = 0; at < 60; at += 20) {
      const puts = numbers.slice(at, at + 20).map((number) => ({
        PutRequest: { Item: { customer: { S: "bob" }, number: { N: `${number}` }, status: { S: `s${number % 3}` } } },
      }));
      const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { orders: puts } }));
      expect(UnprocessedItems).toEqual({});
    }
    const query = {
      TableName: "orders",
      KeyConditionExpression: "customer = :c",
      ExpressionAttributeValues: { ":c": "bob" },
    };
    const pages = await Array.fromAsync(paginateQuery({ client: document, pageSize: 25 }, query));
    expect(pages.map(({ Count }) => Count)).toEqual([25, 25, 10]);
    expect(pages.flatMap(({ Items }) => Items!.map(({ number }) => number as number))).toEqual(numbers);

    const index = {
      TableName: "orders",
      IndexName: "by-status",
      KeyConditionExpression: "#s = :s",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": "s1" },
    };
    const found = await Array.fromAsync(paginateQuery({ client: document, pageSize: 7 }, index));
    expect(found.flatMap(({ Items }) => Items!).length).toBe(20);

    const scan = { TableName: "orders", FilterExpression: "customer = :c", ExpressionAttributeValues: { ":c": "bob" } };
    const scanned = await Array.fromAsync(paginateScan({ client: document, pageSize: 16 }, scan));
    expect(scanned.flatMap(({ Items }) => Items!).length).toBe(60);
  });

  test("counts up from many clients at once without losing one", async () => {
    const up = () =>
      document.send(
        new UpdateCommand({
          TableName: "orders",
          Key: { customer: "counter", number: 0 },
          UpdateExpression: "ADD hits :one",
          ExpressionAttributeValues: { ":one": 1 },
          ReturnValues: "UPDATED_NEW",
        }),
      );
    const counts = await Promise.all(Array.from({ length: 40 }, up));
    expect(counts.map(({ Attributes }) => Attributes!["hits"] as number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, at) => at + 1),
    );
  });

  test("makes and deletes tables, waits for both, and lists them by page", async () => {
    for (const name of ["page-a", "page-b", "page-c"]) await client.send(new CreateTableCommand(orders(name)));
    const pages = await Array.fromAsync(paginateListTables({ client, pageSize: 2 }, {}));
    expect(pages.flatMap(({ TableNames }) => TableNames)).toEqual(["orders", "page-a", "page-b", "page-c"]);
    await waitUntilTableExists({ client, ...quickly }, { TableName: "page-a" });
    for (const TableName of ["page-a", "page-b", "page-c"]) {
      await waitUntilTableExists({ client, ...quickly }, { TableName });
      await client.send(new DeleteTableCommand({ TableName }));
      await waitUntilTableNotExists({ client, ...quickly }, { TableName });
    }
  });

  test("finds everything after a kill -9, also through the index", async () => {
    await virga.killAndStart();
    const { Item } = await document.get({ TableName: "orders", Key: { customer: "ada", number: 2 } });
    expect(Item).toEqual({ customer: "ada", number: 2, status: "open" });
    const { Count } = await document.query({
      TableName: "orders",
      IndexName: "by-status",
      KeyConditionExpression: "#s = :s",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": "s1" },
    });
    expect(Count).toBe(20);
  });
});

describe.skipIf(!hasPythonClients)("a person with Python or a shell (skipped without boto3 and the AWS CLI)", () => {
  test("uses boto3's resources, decimals, paginators, waiters and exception classes", async () => {
    const told = await python<Record<string, unknown>>(
      virga.endpoint,
      `
from decimal import Decimal
from boto3.dynamodb.conditions import Attr, Key
dynamodb = client("dynamodb")
resource = boto3.resource("dynamodb")
table = resource.create_table(
    TableName="prices",
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "shop", "AttributeType": "S"}, {"AttributeName": "day", "AttributeType": "N"}],
    KeySchema=[{"AttributeName": "shop", "KeyType": "HASH"}, {"AttributeName": "day", "KeyType": "RANGE"}],
)
dynamodb.get_waiter("table_exists").wait(TableName="prices", WaiterConfig={"Delay": 0.05, "MaxAttempts": 100})
table.load()
exact = Decimal("12345678901234567890.123456789012345678")
table.put_item(Item={"shop": "a", "day": Decimal(1), "price": exact, "tags": {"x", "y"}, "raw": b"\\x00\\xff"})
item = table.get_item(Key={"shop": "a", "day": 1})["Item"]
with table.batch_writer() as batch:
    for day in range(2, 62):
        batch.put_item(Item={"shop": "a", "day": day, "price": Decimal(day) / 4})

caught = []
try:
    table.put_item(Item={"shop": "a", "day": 1}, ConditionExpression=Attr("shop").not_exists())
except dynamodb.exceptions.ConditionalCheckFailedException as error:
    caught.append([type(error).__name__, str(error)])
try:
    dynamodb.describe_table(TableName="nowhere")
except dynamodb.exceptions.ResourceNotFoundException as error:
    caught.append([type(error).__name__, error.response["Error"]["Message"], error.response["ResponseMetadata"]["HTTPStatusCode"]])
try:
    dynamodb.transact_write_items(TransactItems=[{"ConditionCheck": {
        "TableName": "prices", "Key": {"shop": {"S": "a"}, "day": {"N": "1"}}, "ConditionExpression": "attribute_not_exists(shop)"}}])
except dynamodb.exceptions.TransactionCanceledException as error:
    caught.append([type(error).__name__, error.response["CancellationReasons"][0]["Code"]])

pages = dynamodb.get_paginator("query").paginate(
    TableName="prices", KeyConditionExpression="shop = :s", ExpressionAttributeValues={":s": {"S": "a"}},
    PaginationConfig={"PageSize": 25})
cheap = table.query(KeyConditionExpression=Key("shop").eq("a") & Key("day").between(10, 12), FilterExpression=Attr("price").lt(Decimal("2.9")))
answer({
    "status": table.table_status,
    "exact": item["price"] == exact, "tags": sorted(item["tags"]), "raw": list(item["raw"].value),
    "caught": caught,
    "pages": [page["Count"] for page in pages],
    "cheap": [[int(i["day"]), str(i["price"])] for i in cheap["Items"]],
    "request": sorted(cheap["ResponseMetadata"]["HTTPHeaders"]),
})
table.delete()
dynamodb.get_waiter("table_not_exists").wait(TableName="prices", WaiterConfig={"Delay": 0.05, "MaxAttempts": 100})
`,
    );
    expect(told).toMatchObject({
      status: "ACTIVE",
      exact: true,
      tags: ["x", "y"],
      raw: [0, 255],
      caught: [
        [
          "ConditionalCheckFailedException",
          "An error occurred (ConditionalCheckFailedException) when calling the PutItem operation: The conditional request failed",
        ],
        ["ResourceNotFoundException", "Requested resource not found: Table: nowhere not found", 400],
        ["TransactionCanceledException", "ConditionalCheckFailed"],
      ],
      pages: [25, 25, 11],
      cheap: [
        [10, "2.5"],
        [11, "2.75"],
      ],
    });
    expect(told["request"]).toEqual(expect.arrayContaining(["x-amz-crc32", "x-amzn-requestid"]));
  });

  test("uses the AWS CLI: tables, waiters, items, pages and queries on the answer", async () => {
    const aws = <Output = Record<string, unknown>>(...args: readonly string[]) =>
      awsCli<Output>(virga.endpoint, ["dynamodb", ...args]);
    const key = "--attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH";
    await aws("create-table", "--table-name", "notes", "--billing-mode", "PAY_PER_REQUEST", ...key.split(" "));
    await aws("wait", "table-exists", "--table-name", "notes");
    const put = (id: string) =>
      aws(
        "put-item",
        "--table-name",
        "notes",
        "--item",
        JSON.stringify({ id: { S: id }, text: { S: `text of ${id}` } }),
      );
    await Promise.all([put("one"), put("two"), put("three")]);
    expect(
      await aws<string[]>("scan", "--table-name", "notes", "--page-size", "1", "--query", "Items[].id.S | sort(@)"),
    ).toEqual(["one", "three", "two"]);
    await expect(aws("get-item", "--table-name", "notes", "--key", '{"wrong": {"S": "x"}}')).rejects.toThrow(
      "An error occurred (ValidationException) when calling the GetItem operation: The provided key element does not match the schema",
    );
    await aws("delete-table", "--table-name", "notes");
    await aws("wait", "table-not-exists", "--table-name", "notes");
  });
});
