import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BareEngine } from "./bare-engine.ts";

/**
 * The least that a durable PutItem and GetItem can be: node:http, JSON and the engine, nothing else. Started by
 * `bench/main.ts` with a data directory; prints its port.
 */
const engine = await BareEngine.open(process.argv[2]!);
interface Request {
  readonly Item?: { readonly id: { readonly S: string } };
  readonly Key?: { readonly id: { readonly S: string } };
}

const server = createServer((request, response) => {
  const chunks: Uint8Array[] = [];
  request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  request.on("end", () => void respond(Buffer.concat(chunks), response));
});

async function respond(body: Buffer, response: ServerResponse): Promise<void> {
  const text = await answer(JSON.parse(body.toString()) as Request);
  response.writeHead(200, {
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": "00000000-0000-0000-0000-000000000000",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

async function answer({ Item, Key }: Request): Promise<string> {
  if (Item) {
    await engine.put(Buffer.from(Item.id.S), Buffer.from(JSON.stringify(Item)));
    return "{}";
  }
  const found = engine.get(Buffer.from(Key!.id.S));
  return found ? JSON.stringify({ Item: JSON.parse(Buffer.from(found).toString()) as unknown }) : "{}";
}

server.listen(0, "127.0.0.1", () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
