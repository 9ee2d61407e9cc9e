import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { testPlatform, type TestPlatform } from "../../test/harness/platform.ts";
import { endpointOf, openTestDoor, signedBy } from "./test-door.ts";

let platform: TestPlatform | undefined;
afterEach(() => platform?.close());

const form = "Action=GetCallerIdentity&Version=2011-06-15";
const formType = "application/x-www-form-urlencoded; charset=utf-8";

test("a form that is gzip'd is read before the operation is known", async () => {
  platform = await testPlatform();
  const url = await platform.listen();
  const answer = await fetch(url, {
    method: "POST",
    headers: { ...signedBy("test", "sts"), "content-type": formType, "content-encoding": "gzip" },
    body: gzipSync(form),
  });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("<Arn>arn:aws:iam::000000000000:root</Arn>");
});

test("a form that says it is gzip'd and is not is refused", async () => {
  platform = await testPlatform();
  const url = await platform.listen();
  const answer = await fetch(url, {
    method: "POST",
    headers: { ...signedBy("test", "sts"), "content-type": formType, "content-encoding": "gzip" },
    body: form,
  });
  expect(answer.status).toBe(400);
});

describe("endpoints that ask who calls", () => {
  const door = (auth: "lenient" | "strict") =>
    openTestDoor({
      auth,
      clock: new ManualClock(Date.UTC(2026, 0, 1)),
      endpoint: () =>
        endpointOf(async (request) => {
          const caller = await request.authenticate("execute-api");
          const body = await request.readBody(1000, () => new Error("too large"));
          return { status: 200, headers: [], body: JSON.stringify({ caller, body: Buffer.from(body).toString() }) };
        }),
    });

  test("learn that nobody signed, or in whose name an unknown key acts, and still read the body", async () => {
    const opened = await door("lenient");
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${opened.url}/x`, { method: "POST", headers, body: "hello" })).json();
    expect(await ask({})).toEqual({ caller: { principal: { kind: "anonymous" } }, body: "hello" });
    expect(await ask(signedBy("111122223333", "execute-api"))).toEqual({
      caller: { principal: { kind: "root", account: "111122223333" }, accessKeyId: "111122223333" },
      body: "hello",
    });
    await opened.stop(0);
  });

  test("never see a request whose key nobody issued, where keys must be known", async () => {
    const opened = await door("strict");
    const answer = await fetch(`${opened.url}/x`, { headers: signedBy("test", "execute-api") });
    expect(answer.status).toBe(403);
    await opened.stop(0);
  });
});
