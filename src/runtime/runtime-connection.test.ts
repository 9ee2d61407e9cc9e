import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { utf8 } from "../base/bytes.ts";
import { RuntimeApi, type Answer } from "./runtime-api.ts";

const root = "/2018-06-01/runtime/invocation";
let api: RuntimeApi;
let socket: Socket;
let received = "";
beforeEach(async () => {
  api = await RuntimeApi.listen();
  const [host, port] = api.address.split(":");
  received = "";
  socket = connect({ host: host!, port: Number(port) });
  socket.on("data", (chunk) => (received += chunk.toString("latin1")));
  socket.on("error", () => {});
  await new Promise((connected) => socket.once("connect", connected));
});
afterEach(() => {
  socket.destroy();
  api.close();
});

const next = () => `GET ${root}/next HTTP/1.1\r\nHost: ${api.address}\r\n\r\n`;
const post = (id: string, body: string, headers = `Content-Length: ${Buffer.byteLength(body)}\r\n`) =>
  `POST ${root}/${id}/response HTTP/1.1\r\nHost: ${api.address}\r\n${headers}\r\n${body}`;
const invoke = (requestId: string) =>
  new Promise<string>((resolve) =>
    api.invoke(
      { requestId, event: utf8(`"for ${requestId}"`), deadline: 0, functionArn: "arn:f" },
      1,
      (answer: Answer) =>
        resolve(answer.kind === "response" ? Buffer.from(answer.payload).toString() : answer.error.errorType),
    ),
  );
const statuses = () => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);

test("a response and the call for the next invocation may come together, and in any pieces", async () => {
  const first = invoke("a");
  socket.write(next());
  await expect.poll(() => received).toContain('"for a"');
  for (const byte of post("a", '"one"') + next()) {
    socket.write(byte);
    await new Promise(setImmediate);
  }
  expect(await first).toBe('"one"');
  const second = invoke("b");
  await expect.poll(() => received).toContain('"for b"');
  expect(statuses()).toEqual(["200", "202", "200"]);
  socket.write(post("b", ""));
  expect(await second).toBe("");
  await expect.poll(statuses).toEqual(["200", "202", "200", "202"]);
});

test.each([
  ["in chunks", "Transfer-Encoding: chunked\r\n", '5\r\n"one"\r\n0\r\n\r\n'],
  ["after asking", "Content-Length: 5\r\nExpect: 100-continue\r\n", '"one"'],
  ["with a header twice", "X-A: 1\r\nX-A: 2\r\nContent-Length: 5\r\n", '"one"'],
  [
    "streamed",
    "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n",
    '5\r\n"one"\r\n0\r\n\r\n',
  ],
])("a response that comes %s is taken on the same connection, and what follows too", async (_, headers, body) => {
  const first = invoke("a");
  socket.write(next());
  await expect.poll(() => received).toContain('"for a"');
  socket.write(post("a", body, headers) + next());
  expect(await first).toBe('"one"');
  const second = invoke("b");
  await expect.poll(() => received).toContain('"for b"');
  socket.write(post("b", "2") + next());
  expect(await second).toBe("2");
});

test("a large response and a large event pass", async () => {
  const large = JSON.stringify("x".repeat(200_000));
  const first = invoke("a");
  socket.write(next());
  await expect.poll(() => received).toContain('"for a"');
  socket.write(post("a", large) + next());
  expect(await first).toBe(large);
  received = "";
  const event = utf8(JSON.stringify("y".repeat(200_000)));
  api.invoke({ requestId: "b", event, deadline: 0, functionArn: "arn:f" }, 1, () => {});
  await expect.poll(() => received.length).toBeGreaterThan(200_000);
});

test.each([
  ["no HTTP at all", "HELO\r\n\r\n"],
  ["a head that never ends", `GET / HTTP/1.1\r\nX: ${"x".repeat(2_000_000)}`],
  ["two lengths", `POST ${root}/a/response HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx`],
  ["a length that is no number", `POST ${root}/a/response HTTP/1.1\r\nContent-Length: -1\r\n\r\nxx`],
])("%s is refused and closes the connection", async (_, bytes) => {
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(bytes);
  await closed;
  expect(statuses()).toEqual([expect.stringMatching(/^4\d\d$/)]);
});

test("another's host, or a page's origin, is refused", async () => {
  socket.write(`GET ${root}/next HTTP/1.1\r\nHost: evil.example\r\n\r\n`);
  await expect.poll(statuses).toEqual(["403"]);
  socket.write(`GET ${root}/next HTTP/1.1\r\nHost: ${api.address}\r\nOrigin: https://a.example\r\n\r\n`);
  await expect.poll(statuses).toEqual(["403", "403"]);
});
