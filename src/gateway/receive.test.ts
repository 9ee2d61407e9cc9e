import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { AwsError } from "../api/aws-error.ts";
import { callEcho, endpointOf, openTestDoor, signedBy, type TestDoor, type TestDoorOptions } from "./test-door.ts";

let door: TestDoor;
afterEach(() => door.stop(0));

/** fetch refuses to send some headers that a browser sends; node:http does not. */
async function ask(
  options: TestDoorOptions,
  path: string,
  headers: Record<string, string>,
  method = "GET",
  body?: string,
): Promise<{ status: number; headers: Headers; text: string }> {
  door = await openTestDoor(options);
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const sent = request(`${door.url}${path}`, { method, headers }, (response) => {
      let text = "";
      response.on("data", (data: Buffer) => (text += data.toString()));
      response.on("end", () => {
        const received = new Headers();
        for (const [name, values] of Object.entries(response.headersDistinct)) {
          for (const value of values ?? []) received.append(name, value);
        }
        resolve({ status: response.statusCode!, headers: received, text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("endpoints that users built", () => {
  it("come before AWS's APIs, by host and path, and keep their own answer", async () => {
    const asked: string[][] = [];
    const answer = await ask(
      {
        endpoint: (host, path) => {
          asked.push([host, path]);
          return endpointOf(async (request) => ({
            status: 201,
            headers: [
              ["set-cookie", "a=1"],
              ["set-cookie", "b=2"],
              ["content-length", "999"],
              ["connection", "upgrade"],
            ],
            body: `${request.method} ${request.path} ${request.query} ${request.remoteAddress}`,
          }));
        },
      },
      "/dev/users?a=%20b",
      {
        host: "abc.execute-api.us-east-1.localhost:4566",
        ...signedBy("test", "execute-api"),
        origin: "https://app.example",
      },
    );
    expect(asked).toEqual([["abc.execute-api.us-east-1.localhost", "/dev/users"]]);
    expect([answer.status, answer.text]).toEqual([201, "GET /dev/users a=%20b 127.0.0.1"]);
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(door.lines[0]!.message).toBe("test.endpoint GET /dev/users");
  });

  it("that refuse answer what they say, and those that fail answer 500", async () => {
    const refusing = endpointOf(() => Promise.reject(new AwsError({ code: "Forbidden", status: 403, message: "no" })));
    const refused = await ask({ endpoint: () => refusing }, "/x", {});
    expect([refused.status, refused.text]).toEqual([403, '{"message":"no"}']);
    await door.stop(0);
    const failed = await ask({ endpoint: () => endpointOf(() => Promise.reject(new Error("a bug"))) }, "/x", {});
    expect([failed.status, failed.text]).toEqual([500, '{"message":"Internal server error"}']);
    expect(door.lines.map(({ level }) => level)).toEqual(["error", "info"]);
  });

  it("that write impossible headers answer 500 and leave the door standing", async () => {
    const answer = await ask(
      {
        endpoint: (_host, path) =>
          path === "/x" ? endpointOf(async () => ({ status: 200, headers: [["x", "a\nb"]] })) : undefined,
      },
      "/x",
      {},
    );
    expect(answer.status).toBe(500);
    expect((await callEcho(door.url, "hi")).status).toBe(200);
  });

  it("whose stream breaks cut the connection, so that half an answer is not taken for a whole one", async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("half");
      throw new Error("a bug");
    }
    const endpoint = endpointOf(async () => ({ status: 200, headers: [], body: breaking() }));
    door = await openTestDoor({ endpoint: () => endpoint });
    await expect(fetch(`${door.url}/x`).then((response) => response.text())).rejects.toThrow("terminated");
    expect(door.lines[0]!.level).toBe("error");
  });

  it("that are streaming when nonsense follows are cut, not mixed with its refusal", async () => {
    async function* endless(signal: AbortSignal): AsyncGenerator<Uint8Array> {
      yield Buffer.from("first");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }
    const endpoint = endpointOf(async ({ signal }) => ({ status: 200, headers: [], body: endless(signal) }));
    door = await openTestDoor({ endpoint: () => endpoint });
    const socket = connect(door.port, "127.0.0.1", () => socket.write("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString();
      if (answer.endsWith("first\r\n")) socket.write("\x01\x02 nonsense\r\n\r\n");
    });
    await new Promise((resolve) => socket.on("error", () => {}).once("close", resolve));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*first\r\n$/);
  });

  it("are told when the client has gone", async () => {
    let gone: Promise<void> | undefined;
    const left = new AbortController();
    const endpoint = endpointOf((request) => {
      gone = new Promise((resolve) => request.signal.addEventListener("abort", () => resolve()));
      left.abort();
      return new Promise(() => {});
    });
    door = await openTestDoor({ endpoint: () => endpoint });
    await expect(fetch(`${door.url}/x`, { signal: left.signal })).rejects.toThrow("aborted");
    await gone;
    expect(gone).toBeDefined();
  });
});

describe("pages of other origins", () => {
  const preflight = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,x-amz-target",
  };

  it.each(["http://localhost:3000", "http://127.0.0.1", "https://[::1]:8443", "http://app.localhost:5173"])(
    "may call the APIs from the loopback: %s",
    async (origin) => {
      const answer = await ask({}, "/", { origin, ...preflight }, "OPTIONS");
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
      expect(answer.headers.get("access-control-allow-headers")).toBe("authorization,x-amz-target");
      expect((await callEcho(door.url, "hi", { origin })).headers.get("access-control-allow-origin")).toBe(origin);
    },
  );

  it.each([
    "https://evil.example",
    "null",
    "http://localhost.evil.example",
    "file://",
    "http://127.0.0.1.evil.example",
  ])("may not from elsewhere: %s", async (origin) => {
    const answer = await ask({}, "/", { origin, ...preflight }, "OPTIONS");
    expect(answer.status).toBe(403);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect((await callEcho(door.url, "hi", { origin })).status).toBe(403);
    expect(door.calls).toEqual([]);
  });

  it("may where they are named", async () => {
    const origin = "https://app.example";
    expect((await ask({ corsOrigins: [origin] }, "/", { origin, ...preflight }, "OPTIONS")).status).toBe(204);
  });

  it("may not under a name that was made to resolve here", async () => {
    const headers = { host: "evil.example:4566", "user-agent": "Mozilla/5.0", ...signedBy("test", "path") };
    expect((await ask({}, "/2026-01-01/Echo", headers)).status).toBe(403);
    await door.stop(0);
    const tool = { ...headers, "user-agent": "aws-cli/2" };
    expect((await ask({}, "/2026-01-01/Echo", tool, "POST", "{}")).status).toBe(200);
    await door.stop(0);
    expect((await ask({ hosts: ["evil.example"] }, "/2026-01-01/Echo", headers, "POST", "{}")).status).toBe(200);
  });
});

describe("the platform's own endpoints", () => {
  const deadJob = {
    service: "logs",
    name: "purge-log-group",
    id: "1",
    account: "000000000000",
    region: "us-east-1",
    attempt: 5,
    scheduledAt: 0,
    lastError: "Error: no",
  };
  const controls = {
    health: () => ({ status: "ok" as const, version: "1.2.3", services: { sqs: "running" as const } }),
    now: () => Date.UTC(2026, 0, 1),
    deadJobs: async () => [deadJob],
  };

  it("show the jobs that failed for good", async () => {
    const answer = await ask({ controls }, "/_virga/jobs", {});
    expect(JSON.parse(answer.text)).toEqual({ dead: [deadJob] });
  });

  it("tell its health, in LocalStack's form too", async () => {
    const own = await ask({ controls }, "/_virga/health", {});
    expect(JSON.parse(own.text)).toEqual({ status: "ok", version: "1.2.3", services: { sqs: "running" } });
    const theirs = await fetch(`${door.url}/_localstack/health`);
    expect(await theirs.json()).toEqual({ services: { sqs: "running" }, edition: "virga", version: "1.2.3" });
  });

  it("move the clock where that is allowed", async () => {
    const moved: number[] = [];
    const allowed = { ...controls, advance: async (ms: number) => void moved.push(ms) };
    const answer = await ask({ controls: allowed }, "/_virga/clock", {}, "POST", '{"advance":"PT1H"}');
    expect(JSON.parse(answer.text)).toEqual({ now: "2026-01-01T00:00:00.000Z", epochMs: 1767225600000, movable: true });
    expect(moved).toEqual([3_600_000]);
    for (const body of ["", "{", "[]", '{"advance":1}', '{"advance":"P1Y"}', "null", " ".repeat(5000)]) {
      expect((await fetch(`${door.url}/_virga/clock`, { method: "POST", body })).status).toBe(400);
    }
    expect(moved).toHaveLength(1);
  });

  it("say how to get what is not allowed", async () => {
    const clock = await ask({ controls }, "/_virga/clock", {}, "POST", '{"advance":"PT1H"}');
    expect([clock.status, clock.text]).toEqual([403, expect.stringContaining("--time-travel")]);
    const reset = await fetch(`${door.url}/_virga/reset`, { method: "POST" });
    expect([reset.status, await reset.text()]).toEqual([403, expect.stringContaining("--allow-reset")]);
    const wrong = await fetch(`${door.url}/_virga/reset`);
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await fetch(`${door.url}/_virga/nothing`)).status).toBe(404);
  });

  it("empty the platform where that is allowed, but for no page", async () => {
    let resets = 0;
    const allowed = { ...controls, reset: async () => void resets++ };
    expect((await ask({ controls: allowed }, "/_localstack/state/reset", {}, "POST")).status).toBe(200);
    const pages: Record<string, string>[] = [{ origin: "https://evil.example" }, { host: "evil.example" }];
    for (const headers of pages) {
      await door.stop(0);
      expect((await ask({ controls: allowed }, "/_virga/reset", headers, "POST")).status).toBe(403);
    }
    expect(resets).toBe(1);
  });
});
