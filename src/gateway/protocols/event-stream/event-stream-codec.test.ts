import { describe, expect, test } from "vitest";
import { AwsError } from "../../../api/aws-error.ts";
import type { ServiceModel } from "../../../api/model.ts";
import { utf8 } from "../../../base/bytes.ts";
import { serviceProtocols } from "../service-protocols.ts";
import { decodeMessage, decodeMessages, encodeMessage } from "./message.ts";
import type { HeaderValue } from "./message.ts";

const model: ServiceModel = {
  name: "talk",
  metadata: {
    apiVersion: "2020-01-01",
    protocols: ["json", "rest-json"],
    endpointPrefix: "talk",
    signingName: "talk",
    serviceId: "Talk",
    serviceFullName: "Talk",
  },
  operations: {
    Talk: {
      name: "Talk",
      http: { method: "POST", requestUri: "/talk/{name}" },
      input: { shape: "Talk" },
      output: { shape: "Talk" },
    },
  },
  shapes: {
    Talk: {
      type: "structure",
      members: { name: { shape: "Text", location: "uri", locationName: "name" }, words: { shape: "Words" } },
    },
    Words: {
      type: "structure",
      eventstream: true,
      members: { word: { shape: "Word" }, sound: { shape: "Sound" }, Tired: { shape: "TiredException" } },
    },
    Word: {
      type: "structure",
      event: true,
      members: {
        count: { shape: "Count", eventheader: true },
        at: { shape: "Time", eventheader: true },
        text: { shape: "Text" },
      },
    },
    Sound: { type: "structure", event: true, members: { bytes: { shape: "Bytes", eventpayload: true } } },
    TiredException: {
      type: "structure",
      exception: true,
      members: { message: { shape: "Text" }, left: { shape: "Count" } },
    },
    Text: { type: "string" },
    Count: { type: "integer" },
    Time: { type: "timestamp" },
    Bytes: { type: "blob" },
  },
};

const text = (value: string): HeaderValue => ({ type: "string", value });
const event = (name: string, payload: Uint8Array, headers: [string, HeaderValue][] = []) =>
  encodeMessage([[":message-type", text("event")], [":event-type", text(name)], ...headers], payload);

async function* chunks(...messages: Uint8Array[]): AsyncGenerator<Uint8Array> {
  const all = Buffer.concat(messages);
  for (let at = 0; at < all.byteLength; at += 10) yield all.subarray(at, at + 10);
}

const rpc = { method: "POST", path: "/", query: "", headers: { "x-amz-target": "Talk.Talk" } };
const rest = { method: "POST", path: "/talk/ada", query: "", headers: {} };

async function decode(head: typeof rpc | typeof rest, body: AsyncIterable<Uint8Array>) {
  const protocols = serviceProtocols({
    ...model,
    metadata: { ...model.metadata, protocols: head === rpc ? ["json"] : ["rest-json"] },
  });
  const match = protocols.protocolOf(head).findOperation(head);
  expect(match.operation.streamsInput).toBe(true);
  return (await match.operation.decode(match, head, body)) as { name?: string; words: AsyncIterable<unknown> };
}

describe("a request", () => {
  const at = new Date(1_600_000_000_000);
  const word = event("word", utf8('{"text":"hi"}'), [
    ["count", { type: "integer", value: 3 }],
    ["at", { type: "timestamp", value: at }],
  ]);
  const read = [{ word: { count: 3, at, text: "hi" } }, { sound: { bytes: Buffer.from([1, 2]) } }];

  test("of an RPC protocol begins with the other members of the input, if it has any", async () => {
    const sound = event("sound", Buffer.from([1, 2]));
    const first = event("initial-request", utf8('{"name":"ada"}'));
    const input = await decode(rpc, chunks(first, word, sound, event("unknown", new Uint8Array())));
    expect(input.name).toBe("ada");
    expect(await Array.fromAsync(input.words)).toEqual(read);
    const without = await decode(rpc, chunks(word, sound));
    expect(without.name).toBeUndefined();
    expect(await Array.fromAsync(without.words)).toEqual(read);
  });

  test("of a REST protocol has them in path and headers", async () => {
    const input = await decode(rest, chunks(word));
    expect(input.name).toBe("ada");
    expect(await Array.fromAsync(input.words)).toEqual(read.slice(0, 1));
  });

  test("that is signed has each message in another one, and an empty one at the end", async () => {
    const signed = (payload: Uint8Array) =>
      encodeMessage(
        [
          [":date", { type: "timestamp", value: at }],
          [":chunk-signature", { type: "bytes", value: new Uint8Array(32) }],
        ],
        payload,
      );
    const input = await decode(rest, chunks(signed(word), signed(new Uint8Array()), word));
    expect(await Array.fromAsync(input.words)).toEqual(read.slice(0, 1));
  });

  test("with a header of the wrong type is refused when it is read", async () => {
    const input = await decode(rest, chunks(event("word", utf8("{}"), [["count", text("3")]])));
    await expect(Array.fromAsync(input.words)).rejects.toMatchObject({
      code: "SerializationException",
      message: "An event's header is a string, not a integer",
    });
  });
});

describe("an answer", () => {
  async function encode(words: AsyncIterable<unknown>, failures: unknown[] = []) {
    const operation = serviceProtocols(model).preferred.operation("Talk")!;
    const { headers, body } = operation.encode({ name: "ada", words }, "id", (error) => failures.push(error));
    expect(headers).toContainEqual(["content-type", "application/vnd.amazon.eventstream"]);
    const messages = await Array.fromAsync(decodeMessages(body as AsyncIterable<Uint8Array>));
    return messages.map((message) => [
      Object.fromEntries([...message.headers].map(([name, { value }]) => [name, value])),
      Buffer.from(message.payload).toString(),
    ]);
  }

  test("begins with the other members, and ends with the exception that the handler throws", async () => {
    const messages = await encode(
      (async function* () {
        yield { word: { count: 1, text: "one" } };
        yield { sound: { bytes: utf8("bytes") } };
        throw new AwsError({ code: "TiredException", message: "enough", status: 400, fields: { left: 2 } });
      })(),
    );
    const json = "application/json";
    expect(messages).toEqual([
      [{ ":message-type": "event", ":event-type": "initial-response", ":content-type": json }, '{"name":"ada"}'],
      [{ ":message-type": "event", ":event-type": "word", ":content-type": json, count: 1 }, '{"text":"one"}'],
      [{ ":message-type": "event", ":event-type": "sound", ":content-type": "application/octet-stream" }, "bytes"],
      [
        { ":message-type": "exception", ":exception-type": "Tired", ":content-type": json },
        '{"message":"enough","left":2}',
      ],
    ]);
  });

  test("ends with an error message for what is not modelled, and our bugs are told of", async () => {
    const bug = new TypeError("bug");
    const failures: unknown[] = [];
    const broken = (error: Error) => {
      const next = async (): Promise<IteratorResult<unknown>> => {
        throw error;
      };
      return encode({ [Symbol.asyncIterator]: () => ({ next }) }, failures);
    };
    expect((await broken(bug))[1]).toEqual([
      {
        ":message-type": "error",
        ":error-code": "InternalFailure",
        ":error-message": "The request processing has failed because of an unknown error.",
      },
      "",
    ]);
    expect((await broken(new AwsError({ code: "Throttled", message: "slow", status: 429 })))[1]?.[0]).toMatchObject({
      ":error-code": "Throttled",
      ":error-message": "slow",
    });
    expect(failures).toEqual([bug]);
  });
});

test("a message that comes in many pieces is joined once", async () => {
  const large = encodeMessage([], Buffer.alloc(4 * 1024 * 1024, 1));
  let pieces = 0;
  const slowly = async function* () {
    for (let at = 0; at < large.byteLength; at += 1024) {
      pieces++;
      yield large.subarray(at, at + 1024);
    }
  };
  const [message] = await Array.fromAsync(decodeMessages(slowly()));
  expect(pieces).toBeGreaterThan(4000);
  expect(message).toEqual(decodeMessage(large));
});
