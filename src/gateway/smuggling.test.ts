import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { seededIds } from "../base/ids.ts";
import { openTestDoor, signedBy, type TestDoor } from "./test-door.ts";

let door: TestDoor;
beforeAll(async () => {
  door = await openTestDoor();
});
afterEach(() => {
  door.calls.length = 0;
});
afterAll(() => door.stop(0));

/** Sends bytes, and answers all that comes back until the server closes or says nothing for a while. */
function talk(bytes: string | readonly string[], { port = door.port, closes = true } = {}): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1");
    const pieces = typeof bytes === "string" ? [bytes] : bytes;
    socket.on("connect", () => {
      socket.setNoDelay(true);
      for (const piece of pieces) socket.write(piece, "latin1");
      if (!closes) socket.end();
    });
    socket.on("data", (data) => (answer += data.toString("latin1")));
    socket.on("error", () => {});
    // Longer than any limit that a test sets.
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("close", () => resolve(answer));
  });
}

const head = [
  "POST / HTTP/1.1",
  "Host: localhost",
  "Content-Type: application/x-amz-json-1.0",
  "X-Amz-Target: Echo_20260101.Echo",
  ...Object.entries(signedBy("test")).map(([name, value]) => `${name}: ${value}`),
];
const call = (body: string, more: readonly string[] = [`Content-Length: ${body.length}`]) =>
  `${[...head, ...more].join("\r\n")}\r\n\r\n${body}`;
const good = call('{"text":"hi"}');
const closing = call('{"text":"hi"}', ["Content-Length: 13", "Connection: close"]);

describe("what could be read in two ways is refused, and the connection ends", () => {
  it.each([
    ["content-length beside transfer-encoding", call("0\r\n\r\n", ["Content-Length: 5", "Transfer-Encoding: chunked"])],
    ["transfer-encoding beside content-length", call("0\r\n\r\n", ["Transfer-Encoding: chunked", "Content-Length: 5"])],
    ["two content-lengths", call('{"text":"hi"}', ["Content-Length: 13", "Content-Length: 3"])],
    ["a list of content-lengths", call('{"text":"hi"}', ["Content-Length: 13, 13"])],
    ["a negative content-length", call("", ["Content-Length: -1"])],
    ["a content-length with a sign", call('{"text":"hi"}', ["Content-Length: +13"])],
    ["a content-length in hexadecimal", call('{"text":"hi"}', ["Content-Length: 0xd"])],
    ["a transfer-encoding that does not end chunked", call("", ["Transfer-Encoding: chunked, gzip"])],
    ["an unknown transfer-encoding", call("", ["Transfer-Encoding: xchunked"])],
    ["a space before the colon", call("0\r\n\r\n", ["Transfer-Encoding : chunked"])],
    ["a folded header", call('{"text":"hi"}', ["X-Folded: a", " b", "Content-Length: 13"])],
    ["a chunk size that is no number", call("zz\r\n\r\n", ["Transfer-Encoding: chunked"])],
    ["a chunk without its line end", call("3\r\nabcX0\r\n\r\n", ["Transfer-Encoding: chunked"])],
    ["a bare line feed for a line end", good.replaceAll("\r\n", "\n")],
    ["a NUL in a header", call('{"text":"hi"}', ["X-Nul: a\0b", "Content-Length: 13"])],
    ["a header without colon", call("", ["nonsense"])],
    ["no host", good.replace("Host: localhost\r\n", "")],
    ["two hosts", good.replace("Host: localhost", "Host: localhost\r\nHost: evil.example")],
    ["a host that is none", good.replace("Host: localhost", "Host: local host/x")],
    ["a method that is none", good.replace("POST", "P@ST")],
    ["an unknown version", good.replace("HTTP/1.1", "HTTP/3.7")],
    ["a target that is no path", good.replace("POST /", "POST nonsense")],
    ["bytes that are no HTTP", "\x01\x02\x03\x04 hello\r\n\r\n"],
  ])("%s", async (_name, bytes) => {
    const answer = await talk(bytes + closing, { closes: false });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(door.calls).toEqual([]);
  });

  it("and the door stands", async () => {
    expect(await talk(closing)).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});

describe("HTTP/1.1 in its rarer forms", () => {
  it("answers pipelined requests in order", async () => {
    const answer = await talk(call('{"text":"one"}') + call('{"text":"two"}') + closing);
    expect(answer.match(/\{"text":"\w+"\}/g)).toEqual(['{"text":"one"}', '{"text":"two"}', '{"text":"hi"}']);
  });

  it("reads a request that comes byte by byte", async () => {
    expect(await talk(closing.split(""))).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it("reads chunked bodies with trailers", async () => {
    const answer = await talk(
      call('d\r\n{"text":"hi"}\r\n0\r\nX-Trailer: 1\r\n\r\n', ["Transfer-Encoding: chunked", "Connection: close"]),
    );
    expect(answer).toContain('{"text":"hi"}');
  });

  it("takes the authority of an absolute-form target for the host", async () => {
    const answer = await talk(
      closing.replace("POST / ", "POST http://echo.eu-west-1.localhost:1/ ").replace(/X-Amz-Target.*\r\n/, ""),
    );
    expect(answer).toContain("UnknownOperationException");
    expect(door.lines.at(-1)!.fields["service"]).toBe("echo");
  });

  it("answers HEAD without a body, and keeps the connection in step", async () => {
    const answer = await talk(`HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n${closing}`);
    const [first, second] = answer.split(/(?=HTTP\/1\.1 )/);
    expect(first).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/);
    expect(second).toContain('{"text":"hi"}');
  });

  it("gives leave to send a body that is awaited", async () => {
    const answer = await talk(
      call('{"text":"hi"}', ["Content-Length: 13", "Expect: 100-continue", "Connection: close"]),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  it("refuses before a body is sent, and closes, because the client may send it or not", async () => {
    const refused = call("", ["Content-Length: 99999999999", "Expect: 100-continue"]);
    const answer = await talk(refused);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
  });

  it("answers 417 to expectations that it cannot meet", async () => {
    expect(await talk(call("{}", ["Content-Length: 2", "Expect: miracles"]))).toMatch(/^HTTP\/1\.1 417 /);
  });

  it("lets a refused body pass, so that the connection stays usable", async () => {
    const unknown = call('{"text":"hi"}').replace("Echo_20260101.Echo", "Echo_20260101.Nothing");
    expect((await talk(unknown + closing)).match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400", "HTTP/1.1 200"]);
  });

  it("ignores an offer of h2c and answers in HTTP/1.1", async () => {
    const answer = await talk(
      call('{"text":"hi"}', [
        "Content-Length: 13",
        "Connection: close, Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
      ]),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it("forgets a client that leaves in the middle of its body", async () => {
    expect(await talk(call('{"te', ["Content-Length: 13"]), { closes: false })).not.toMatch(/ 200 /);
    expect(door.calls).toEqual([]);
    expect(door.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("takes header names of the prototype for names", async () => {
    const answer = await talk(
      call('{"text":"hi"}', ["__proto__: x", "constructor: y", "Content-Length: 13", "Connection: close"]),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});

describe("limits of the wire", () => {
  it("refuses heads that are too large", async () => {
    expect(await talk(call("{}", [`X-Long: ${"x".repeat(40_000)}`]))).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("drops connections above the limit", async () => {
    const small = await openTestDoor({ limits: { connections: 1 } });
    const first = connect(small.port, "127.0.0.1");
    await new Promise((resolve) => first.once("connect", resolve));
    await new Promise((resolve) =>
      first.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", () => first.once("data", resolve)),
    );
    expect(await talk(closing, { port: small.port })).toBe("");
    first.destroy();
    await small.stop(0);
  });

  it("ends the connections of clients that are too slow", async () => {
    const strict = await openTestDoor({ limits: { headSeconds: 1, pauseSeconds: 1 } });
    const answers = await Promise.all(
      ["", "PRI * HT", "GET / HTTP/1.1\r\nHost: loc", call('{"te', ["Content-Length: 13"])].map((bytes) =>
        talk(bytes, { port: strict.port }),
      ),
    );
    expect(answers).toEqual(["", "", expect.stringMatching(/^HTTP\/1\.1 408 Request Timeout/), ""]);
    expect(strict.calls).toEqual([]);
    await strict.stop(0);
  });
});

describe("requests with bytes changed at random", () => {
  const ids = seededIds("fuzz");
  const pick = (count: number) => Math.floor(ids.fraction() * count);
  const pieces = [
    "\r\n",
    "\0",
    "%",
    "%zz",
    "?",
    "&",
    "=",
    ";",
    ",",
    " ",
    "/",
    "..",
    "é",
    '"',
    "{",
    "X-Amz-Date:",
    "Expect: 100-continue\r\n",
  ];

  /** Up to four places changed, cut out or filled with something that parsers trip over. */
  function mutate(bytes: string): string {
    let text = bytes;
    for (let times = 1 + pick(4); times > 0; times--) {
      const at = pick(text.length);
      const kind = pick(3);
      if (kind === 0) text = text.slice(0, at) + String.fromCharCode(pick(256)) + text.slice(at + 1);
      else if (kind === 1) text = text.slice(0, at) + text.slice(at + pick(20));
      else text = text.slice(0, at) + pieces[pick(pieces.length)]! + text.slice(at);
    }
    return text;
  }

  const presigned =
    "GET /?Action=Echo&Version=2026-01-01&text=a%20b&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260101%2F" +
    "us-east-1%2Fform%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0 " +
    "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const chunked = call('3\r\n{"t\r\na\r\next":"hi"}\r\n0\r\n\r\n', ["Transfer-Encoding: chunked", "Connection: close"]);

  it("never fail by a bug, and leave the door standing", async () => {
    door.lines.length = 0;
    const seeds = [
      closing,
      presigned,
      chunked,
      closing.replace("Echo_20260101.Echo", "Path").replace("POST / ", "POST /2026-01-01/Echo "),
    ];
    for (let round = 0; round < 25; round++) {
      const mutants = Array.from({ length: 40 }, () => mutate(seeds[pick(seeds.length)]!));
      const answers = await Promise.all(mutants.map((bytes) => talk(bytes, { closes: false })));
      mutants.forEach((bytes, index) => expect(answers[index], JSON.stringify(bytes)).not.toMatch(/^HTTP\/1\.1 5/));
    }
    expect(door.lines.filter(({ level }) => level === "error")).toEqual([]);
    expect(await talk(closing)).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});
