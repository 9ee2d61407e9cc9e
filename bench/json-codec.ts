/**
 * What the JSON codec costs beyond JSON.parse and JSON.stringify, on a DynamoDB item of five attributes.
 * Run: node bench/json-codec.ts
 */
import { readFileSync } from "node:fs";
import type { ServiceModel } from "../src/api/model.ts";
import { serviceProtocols } from "../src/gateway/protocols/service-protocols.ts";

const model = JSON.parse(
  readFileSync(new URL("../src/api/dynamodb/model.json", import.meta.url), "utf8"),
) as ServiceModel;
const item = {
  id: { S: "user#0001234" },
  name: { S: "Ada Lovelace, Countess" },
  age: { N: "36" },
  tags: { SS: ["mathematician", "writer"] },
  address: { M: { street: { S: "St James's Square 12, London" }, note: { S: "x".repeat(180) } } },
};
const text = JSON.stringify({ TableName: "users", Item: item, ReturnValues: "NONE" });
const body = Buffer.from(text);
const head = {
  method: "POST",
  path: "/",
  query: "",
  headers: { "x-amz-target": "DynamoDB_20120810.PutItem", "content-type": "application/x-amz-json-1.0" },
};
const output = { Item: JSON.parse(JSON.stringify(item)) as unknown };
const protocol = serviceProtocols(model).protocolOf(head);
const getItem = protocol.operation("GetItem")!;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function measure(name: string, run: () => unknown): number {
  for (let i = 0; i < 20_000; i++) run();
  const rounds: number[] = [];
  for (let round = 0; round < 15; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 20_000; i++) run();
    rounds.push(Number(process.hrtime.bigint() - start) / 20_000 / 1000);
  }
  const median = rounds.toSorted((a, b) => a - b)[7]!;
  console.log(`${name.padEnd(44)} ${median.toFixed(2)} µs`);
  return median;
}

console.log(`${body.byteLength} bytes`);
const parse = measure("UTF-8 check and JSON.parse", () => JSON.parse(decoder.decode(body)));
const decode = measure("protocolOf, findOperation and decode", () => {
  const spoken = serviceProtocols(model).protocolOf(head);
  const match = spoken.findOperation(head, body);
  return match.operation.decode(match, head, body);
});
const stringify = measure("JSON.stringify", () => JSON.stringify(output));
const encode = measure("encode, with headers and CRC-32", () => getItem.encode(output, "id"));
console.log(`decode adds ${(decode - parse).toFixed(2)} µs, encode adds ${(encode - stringify).toFixed(2)} µs`);
