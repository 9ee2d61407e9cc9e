import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SystemClock } from "../base/clock.ts";
import { callEcho, endpointOf, openTestDoor, signedBy, type TestDoor } from "./test-door.ts";

describe("the front door", () => {
  let door: TestDoor;
  beforeEach(async () => {
    door = await openTestDoor();
  });
  afterEach(() => door.stop(0));

  it("answers a JSON call", async () => {
    const response = await callEcho(door.url, "hello");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.0");
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.json()).toEqual({ text: "hello" });
  });

  it("takes account and region from the credential", async () => {
    await callEcho(door.url, "x", signedBy("111122223333", "echo", "eu-west-1"));
    await callEcho(door.url, "x");
    expect(door.calls.map(({ facts }) => [facts.account, facts.region, facts.principal])).toEqual([
      ["111122223333", "eu-west-1", { kind: "root", account: "111122223333" }],
      ["000000000000", "us-east-1", { kind: "root", account: "000000000000" }],
    ]);
  });

  it("answers a query call in XML", async () => {
    const response = await fetch(door.url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...signedBy("test", "form") },
      body: "Action=Echo&Version=2026-01-01&text=hi",
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("<EchoResult><text>hi</text></EchoResult>");
  });

  it("takes an unsigned form for an operation that nobody signs, and for no other", async () => {
    const call = (action: string) =>
      fetch(door.url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `Action=${action}&Version=2026-01-01&text=hi`,
      });
    expect((await call("Public")).status).toBe(200);
    expect(door.calls[0]!.facts.principal).toEqual({ kind: "anonymous" });
    const refused = await call("Echo");
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain("<Code>MissingAuthenticationToken</Code>");
  });

  it("streams bodies in and out without keeping them", async () => {
    const up = await fetch(`${door.url}/2026-01-01/Upload`, {
      method: "POST",
      headers: signedBy("test", "path"),
      body: new ReadableStream({
        start(controller) {
          for (let at = 0; at < 100; at++) controller.enqueue(new Uint8Array(10_000));
          controller.close();
        },
      }),
      duplex: "half",
    } as RequestInit);
    expect(await up.json()).toEqual({ text: "1000000" });

    const down = await fetch(`${door.url}/2026-01-01/Download`, {
      method: "POST",
      headers: signedBy("test", "path"),
      body: JSON.stringify({ text: "50" }),
    });
    expect(down.status).toBe(200);
    expect((await down.arrayBuffer()).byteLength).toBe(50_000);
  });

  it("answers refusals of every stage in the protocol's form", async () => {
    const invalid = await callEcho(door.url, "invalid");
    expect(invalid.status).toBe(400);
    expect(await invalid.json()).toMatchObject({ __type: expect.stringContaining("ValidationException") });

    const undecodable = await fetch(door.url, {
      method: "POST",
      headers: {
        "x-amz-target": "Echo_20260101.Echo",
        "content-type": "application/x-amz-json-1.0",
        ...signedBy("test"),
      },
      body: "{",
    });
    expect(undecodable.status).toBe(400);
    expect(await undecodable.json()).toMatchObject({ __type: expect.stringContaining("SerializationException") });

    const unsigned = await callEcho(door.url, "x", { authorization: "Basic eA==" });
    expect(unsigned.status).toBe(400);
    expect(await unsigned.json()).toMatchObject({
      __type: expect.stringContaining("MissingAuthenticationTokenException"),
    });

    const unknown = await callEcho(door.url, "x", { "x-amz-target": "Echo_20260101.Nothing" });
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({ __type: expect.stringContaining("UnknownOperationException") });
  });

  it("answers a bug with InternalFailure, and logs where it happened", async () => {
    const response = await callEcho(door.url, "bug");
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(body).toContain("InternalFailure");
    expect(body).not.toContain("a bug of ours");
    const line = door.lines.find(({ level }) => level === "error")!;
    expect(line.fields).toMatchObject({
      requestId: response.headers.get("x-amzn-requestid"),
      service: "echo",
      operation: "Echo",
      error: expect.stringMatching(/a bug of ours\n.*at /),
    });
  });

  it("says what it understood when no service is named", async () => {
    const unknown = await fetch(`${door.url}/somewhere`, { headers: signedBy("test", "nonsense") });
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toMatch(/GET \/somewhere.*signed for \\?"nonsense/);
    const unsigned = await fetch(`${door.url}/somewhere`);
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toContain("AWS_ENDPOINT_URL");
  });

  it("refuses a region that is none", async () => {
    const response = await callEcho(door.url, "x", signedBy("test", "echo", "US EAST"));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("Credential should be scoped to a valid region");
  });

  it("bounds bodies, announced or not", async () => {
    await door.stop(0);
    door = await openTestDoor({ limits: { bodyBytes: 1000 } });
    const announced = await callEcho(door.url, "x".repeat(2000));
    expect(announced.status).toBe(413);
    expect(await announced.text()).toContain("Request must be smaller than 1000 bytes for the Echo operation");
    const chunked = await fetch(door.url, {
      method: "POST",
      headers: {
        "x-amz-target": "Echo_20260101.Echo",
        "content-type": "application/x-amz-json-1.0",
        ...signedBy("test"),
      },
      body: new Blob(["x".repeat(600), "y".repeat(600)]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(chunked.status).toBe(413);
  });

  it("logs one line for each request", async () => {
    await callEcho(door.url, "x");
    await callEcho(door.url, "invalid");
    expect(door.lines.map(({ message, fields }) => [message, fields["status"], fields["error"]])).toEqual([
      ["echo.Echo", 200, undefined],
      ["echo.Echo", 400, "ValidationException"],
    ]);
    expect(door.lines[0]!.fields).toMatchObject({
      account: "000000000000",
      region: "us-east-1",
      requestId: expect.any(String),
      ms: expect.any(Number),
    });
  });

  it("logs what is no operation by its method and path, without what a query may hide", async () => {
    await fetch(`${door.url}/_virga/health`);
    await fetch(`${door.url}/nothing?token=secret`);
    expect(door.lines.map(({ message }) => message)).toEqual(["virga GET /_virga/health", "GET /nothing"]);
  });

  it("rejects when the port is taken", async () => {
    await expect(openTestDoor({ port: door.port })).rejects.toThrow("EADDRINUSE");
  });

  it("greets who looks with a browser, and leaves APIs' roots alone", async () => {
    const page = await fetch(door.url, { headers: { accept: "text/html" } });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await page.text()).toContain(`AWS_ENDPOINT_URL=${door.url}`);
    expect(await (await fetch(door.url)).text()).toMatch(/^This is Virga/);
  });

  it("does not greet with a key that it would refuse", async () => {
    const strict = await openTestDoor({ auth: "strict" });
    const page = await (await fetch(strict.url)).text();
    await strict.stop(0);
    expect(page).toContain("an access key that was made here");
    expect(page).not.toContain("AWS_ACCESS_KEY_ID=test");
  });
});

describe("a stop", () => {
  it("finishes what is in flight and takes nothing new", async () => {
    const door = await openTestDoor();
    let finish = () => {};
    let started = () => {};
    const running = new Promise<void>((resolve) => (started = resolve));
    door.waiting = () => {
      started();
      return new Promise((resolve) => (finish = resolve));
    };
    const answered = callEcho(door.url, "slow", { "x-amz-target": "Echo_20260101.Wait" });
    await running;
    const stopped = door.stop(10_000);
    await expect(callEcho(door.url, "late")).rejects.toThrow("fetch failed");
    finish();
    const response = await answered;
    expect(await response.json()).toEqual({ text: "slow" });
    await stopped;
  });

  it("does not wait for connections that ask nothing, nor for WebSockets", async () => {
    const door = await openTestDoor({
      endpoint: () =>
        endpointOf(
          () => Promise.reject(new Error("not asked")),
          async (_request, socket) => void socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
        ),
    });
    const open = async (bytes: string) => {
      const socket = connect(door.port, "127.0.0.1", () => socket.write(bytes));
      socket.resume();
      if (bytes !== "") await once(socket, "data");
      else await once(socket, "connect");
      return once(socket, "close");
    };
    const closed = [
      open(""),
      open("GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    ];
    await callEcho(door.url, "then idle");
    await expect.poll(() => door.lines.length).toBe(1);
    const begun = new SystemClock().monotonic();
    await door.stop(10_000);
    await Promise.all(closed);
    expect(new SystemClock().monotonic() - begun).toBeLessThan(5000);
  });

  it("cuts what takes longer than it may", async () => {
    const door = await openTestDoor();
    let started = () => {};
    const running = new Promise<void>((resolve) => (started = resolve));
    door.waiting = () => {
      started();
      return new Promise(() => {});
    };
    const answered = callEcho(door.url, "endless", { "x-amz-target": "Echo_20260101.Wait" });
    await running;
    await Promise.all([expect(answered).rejects.toThrow("fetch failed"), door.stop(50)]);
  });
});
