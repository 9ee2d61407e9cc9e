import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AwsError } from "../../api/aws-error.ts";
import type { OperationModel, Protocol, ServiceModel, Shape } from "../../api/model.ts";
import { utf8 } from "../../base/bytes.ts";
import { decodeAwsChunked } from "./content-coding/aws-chunked.ts";
import { gunzipBody } from "./content-coding/gunzip.ts";
import { encodeMessage } from "./event-stream/message.ts";
import type { RequestHead } from "./protocol.ts";
import { serviceProtocols } from "./service-protocols.ts";

/** Requests of the published test cases, spoiled in every way: an answer always is a value or a refusal, never a crash. */
const seed = 20_261_120;
const roundsPerRequest = 40;

const folder = new URL("../../../test/vectors/protocols/input/", import.meta.url);

interface Seed {
  readonly model: ServiceModel;
  readonly head: RequestHead;
  readonly body: Uint8Array;
}

interface Suite {
  readonly metadata: { readonly protocols: Protocol[] };
  readonly shapes?: Record<string, Shape>;
  readonly cases: readonly {
    readonly given: OperationModel;
    readonly serialized: { method?: string; uri?: string; body?: string; headers?: Record<string, string> };
  }[];
}

function seedsOf(file: string): Seed[] {
  const all = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as readonly Suite[];
  return all.flatMap((suite) =>
    suite.cases.map(({ given, serialized }) => {
      const [path = "/", query = ""] = (serialized.uri ?? "/").split("?", 2);
      const headers = Object.entries(serialized.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
      return {
        model: {
          name: "fuzz",
          metadata: {
            apiVersion: "2020-01-01",
            endpointPrefix: "fuzz",
            signingName: "fuzz",
            serviceId: "Fuzz",
            serviceFullName: "Fuzz",
            ...suite.metadata,
          },
          operations: { [given.name]: given },
          shapes: suite.shapes ?? {},
        },
        head: { method: serialized.method ?? "POST", path, query, headers: Object.fromEntries(headers) },
        body: file.startsWith("smithy") ? Buffer.from(serialized.body ?? "", "base64") : utf8(serialized.body ?? ""),
      };
    }),
  );
}

/** mulberry32 */
function random(state: number): (below: number) => number {
  let s = state >>> 0;
  return (below) => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = s;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const evil: readonly string[] = [
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '"__proto__":{"polluted":1},',
  "__proto__.polluted=1&constructor.prototype.polluted=1&",
  "&__proto__.1.key=polluted&__proto__.1.value=x",
  '{"a":'.repeat(3000),
  "[".repeat(20_000),
  "<a>".repeat(3000),
  "&a=%",
  "%ff%fe%00",
  "a.".repeat(3000) + "=1&",
  "1e999",
  "-99999999999999999999999999",
  '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
  "<![CDATA[ ]]>",
  "&#x110000;&#0;&#xD800;",
  "\u0000",
  "null",
  "[]",
  "{}",
  '"NaN"',
  "true",
  "/../../etc/passwd",
  "//",
  "{".repeat(100),
];

const evilBytes: readonly Uint8Array[] = [
  Uint8Array.of(0xff, 0xfe, 0xc0, 0x80),
  Uint8Array.of(0xed, 0xa0, 0x80),
  // CBOR: an array and a map of 2^53 elements, endless strings, a bignum, an odd tag, a break.
  Uint8Array.of(0x9b, 0x00, 0x20, 0, 0, 0, 0, 0, 0),
  Uint8Array.of(0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x7f, 0x5f, 0x41),
  Uint8Array.of(0xc2, 0x49, 1, 0, 0, 0, 0, 0, 0, 0, 0),
  Uint8Array.of(0xc1, 0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0),
  Uint8Array.of(0xff),
  new Uint8Array(2000).fill(0x9f),
  new Uint8Array(2000).fill(0x81),
  new Uint8Array(2000).fill(0xa1),
];

function spoil(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let spoiled = Buffer.from(bytes);
  for (let times = 1 + next(3); times > 0; times--) {
    const at = next(spoiled.byteLength + 1);
    const other = next(spoiled.byteLength + 1);
    const [from, to] = at < other ? [at, other] : [other, at];
    switch (next(7)) {
      case 0:
        if (at < spoiled.byteLength) spoiled[at]! ^= 1 << next(8);
        break;
      case 1:
        spoiled = spoiled.subarray(0, at);
        break;
      case 2:
        spoiled = Buffer.concat([spoiled.subarray(0, from), spoiled.subarray(to)]);
        break;
      case 3:
        spoiled = Buffer.concat([spoiled.subarray(0, to), spoiled.subarray(from)]);
        break;
      case 4:
        spoiled = Buffer.concat([spoiled.subarray(0, at), utf8(evil[next(evil.length)]!), spoiled.subarray(at)]);
        break;
      case 5:
        spoiled = Buffer.concat([spoiled.subarray(0, at), evilBytes[next(evilBytes.length)]!, spoiled.subarray(at)]);
        break;
      default:
        spoiled = Buffer.from(utf8(evil[next(evil.length)]!));
    }
  }
  return spoiled;
}

function spoilText(text: string, next: (below: number) => number): string {
  return next(3) > 0 ? text : Buffer.from(spoil(Buffer.from(text, "latin1"), next)).toString("latin1");
}

function spoilHead(head: RequestHead, next: (below: number) => number): RequestHead {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(head.headers)) {
    headers[name] = name === "content-type" ? value : spoilText(value, next);
  }
  return { ...head, path: spoilText(head.path, next), query: spoilText(head.query, next), headers };
}

/** Decodes all of a request; the refusal, if it comes to one. */
async function outcome({ model, head, body }: Seed): Promise<AwsError | undefined> {
  const protocol = serviceProtocols(model).protocolOf(head);
  let refused: AwsError | undefined;
  try {
    const match = protocol.findOperation(head, body);
    const input = (await match.operation.decode(match, head, body)) as Record<string, unknown>;
    for (const value of Object.values(input)) {
      if (typeof value !== "object" || value === null || !(Symbol.asyncIterator in value)) continue;
      for await (const each of value as AsyncIterable<unknown>) expect(each).toBeDefined();
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    refused = error;
    const response = protocol.refuse(error, undefined, "id");
    expect(response.status).toBe(error.status);
  }
  return refused;
}

function expectNoPollution(): void {
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(([] as unknown as Record<string, unknown>)["polluted"]).toBeUndefined();
}

describe.each(readdirSync(folder).filter((file) => file.endsWith(".json")))("spoiled requests in %s", (file) => {
  test(`are decoded or refused with a status of 4xx (seed ${seed})`, async () => {
    const next = random(seed);
    for (const each of seedsOf(file)) {
      for (let round = 0; round < roundsPerRequest; round++) {
        const spoiled: Seed = { model: each.model, head: spoilHead(each.head, next), body: spoil(each.body, next) };
        const refused = await outcome(spoiled).catch((error: unknown) => {
          const request = JSON.stringify({ ...spoiled.head, body: Buffer.from(spoiled.body).toString("base64") });
          throw new Error(`crashed on ${request.slice(0, 3000)}`, { cause: error });
        });
        if (refused !== undefined) {
          expect(refused.status).toBeGreaterThanOrEqual(400);
          expect(refused.status).toBeLessThan(500);
          expect(refused.message.length).toBeLessThan(2000);
        }
      }
      expectNoPollution();
    }
  });
});

const streaming: ServiceModel = {
  name: "fuzz",
  metadata: {
    apiVersion: "2020-01-01",
    protocols: ["json"],
    endpointPrefix: "fuzz",
    signingName: "fuzz",
    serviceId: "Fuzz",
    serviceFullName: "Fuzz",
  },
  operations: { Talk: { name: "Talk", http: { method: "POST", requestUri: "/" }, input: { shape: "Talk" } } },
  shapes: {
    Talk: { type: "structure", members: { name: { shape: "Text" }, words: { shape: "Words" } } },
    Words: { type: "structure", eventstream: true, members: { word: { shape: "Word" } } },
    Word: {
      type: "structure",
      event: true,
      members: { count: { shape: "Count", eventheader: true }, text: { shape: "Text" } },
    },
    Text: { type: "string" },
    Count: { type: "integer" },
  },
};

test(`spoiled event streams are decoded or refused (seed ${seed})`, async () => {
  const next = random(seed + 1);
  const type = (value: string) => [":event-type", { type: "string", value }] as const;
  const initial = encodeMessage([type("initial-request")], utf8('{"name":"n"}'));
  const word = encodeMessage([type("word"), ["count", { type: "integer", value: 3 }]], utf8('{"text":"t"}'));
  const head: RequestHead = { method: "POST", path: "/", query: "", headers: { "x-amz-target": "Fuzz.Talk" } };
  let decoded = 0;
  for (let round = 0; round < 2000; round++) {
    const body = Buffer.concat([initial, word, word].map((message) => (next(4) > 0 ? message : spoil(message, next))));
    const refused = await outcome({ model: streaming, head, body });
    if (refused === undefined) decoded++;
    else expect(refused.status).toBe(400);
  }
  expect(decoded).toBeGreaterThan(100);
  expectNoPollution();
});

test(`spoiled content codings are undone or refused (seed ${seed})`, async () => {
  const next = random(seed + 2);
  const chunked = utf8("4\r\nWiki\r\n6\r\npedia!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n");
  let refusals = 0;
  for (let round = 0; round < 2000; round++) {
    const body = spoil(chunked, next);
    const data = Array.fromAsync(decodeAwsChunked(pieces(body, 1 + next(20)), { decodedLength: 10 }));
    for (const result of [data, gunzipBody(body, 1000)]) {
      const error: unknown = await result.then(
        () => undefined,
        (refusal: unknown) => refusal,
      );
      if (error === undefined) continue;
      refusals++;
      expect(error).toBeInstanceOf(AwsError);
      expect((error as AwsError).status).toBeLessThan(500);
    }
  }
  expect(refusals).toBeGreaterThan(2000);
});

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}
