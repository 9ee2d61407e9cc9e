import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { get } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { callEcho, endpointOf, openTestDoor, signedBy, type TestDoor } from "./test-door.ts";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

function callHttp2(session: ClientHttp2Session, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    let answered: Record<string, unknown> = {};
    let text = "";
    stream.on("response", (values) => (answered = values));
    stream.on("data", (data: Buffer) => (text += data.toString()));
    stream.on("end", () => resolve({ status: Number(answered[":status"]), headers: answered, body: text }));
    stream.on("error", reject);
    if (body !== undefined) stream.end(body);
  });
}

const echoHeaders = (): Record<string, string> => ({
  ":method": "POST",
  ":path": "/",
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": "Echo_20260101.Echo",
  ...signedBy("test"),
});

describe("HTTP/2 in the clear on the same port", () => {
  let door: TestDoor;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    door = await openTestDoor();
    session = connectHttp2(door.url);
  });
  afterAll(async () => {
    session.destroy();
    await door.stop(0);
  });

  it("answers calls, many at once", async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `call ${index}`);
    const answers = await Promise.all(texts.map((text) => callHttp2(session, echoHeaders(), JSON.stringify({ text }))));
    expect(answers.map(({ body }) => (JSON.parse(body) as { text: string }).text)).toEqual(texts);
    expect(answers[0]!.headers).toMatchObject({ ":status": 200, "content-type": "application/x-amz-json-1.0" });
  });

  it("streams bodies both ways", async () => {
    const headers = { ":method": "POST", ...signedBy("test", "path") };
    const up = await callHttp2(session, { ...headers, ":path": "/2026-01-01/Upload" }, "x".repeat(300_000));
    expect(up.body).toBe('{"text":"300000"}');
    const down = await callHttp2(session, { ...headers, ":path": "/2026-01-01/Download" }, '{"text":"300"}');
    expect(down.body).toHaveLength(300_000);
  });

  it("answers a call without a body, and HEAD without one", async () => {
    expect((await callHttp2(session, { ":method": "GET", ":path": "/" })).body).toMatch(/^This is Virga/);
    expect(await callHttp2(session, { ":method": "HEAD", ":path": "/" })).toMatchObject({ status: 200, body: "" });
  });

  it("refuses a malformed authority", async () => {
    const answer = await callHttp2(session, { ":method": "GET", ":path": "/", ":authority": "localhost:4566:4566" });
    expect(answer.status).toBe(400);
  });

  it("gives the host to signatures and handlers", async () => {
    await callHttp2(session, { ...echoHeaders(), ":authority": "echo.localhost:1" }, "{}");
    expect(door.calls.at(-1)!.facts.headers["host"]).toBe("echo.localhost:1");
  });

  it("cuts off a client that keeps cancelling, and stands", async () => {
    const attacker = connectHttp2(door.url);
    attacker.on("error", () => {});
    const gone = new Promise<void>((resolve) => attacker.once("close", () => resolve()));
    const attack = () => {
      for (let at = 0; at < 100 && !attacker.destroyed; at++) {
        const stream = attacker.request({ ":method": "GET", ":path": "/" });
        stream.on("error", () => {});
        stream.close(8);
      }
      if (!attacker.destroyed) setImmediate(attack);
    };
    attack();
    await gone;
    expect((await callEcho(door.url, "still here")).status).toBe(200);
  });

  it("survives bytes that are no HTTP/2 after the preface", async () => {
    const socket = connect(door.port, "127.0.0.1");
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => {});
    socket.on("data", () => {});
    socket.write(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"nonsense".repeat(100)}`);
    await closed;
    expect((await callEcho(door.url, "still here")).status).toBe(200);
  });

  it("ends with the platform", async () => {
    const other = await openTestDoor();
    const client = connectHttp2(other.url);
    await callHttp2(client, echoHeaders(), "{}");
    const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
    await other.stop(5000);
    await closed;
    expect(client.closed).toBe(true);
  });
});

describe("TLS on the same port", () => {
  let door: TestDoor;
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "virga-tls-"));
    const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-keyout",
        key,
        "-out",
        cert,
      ],
      { stdio: "ignore" },
    );
    door = await openTestDoor({ tls: { cert: readFileSync(cert), key: readFileSync(key) } });
  });
  afterAll(async () => {
    await door.stop(0);
    rmSync(directory, { recursive: true });
  });

  it("answers https in HTTP/1.1", async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      get(door.url, { rejectUnauthorized: false, agent: false }, (response) => {
        response.setEncoding("utf8");
        let text = "";
        response.on("data", (data: string) => (text += data));
        response.on("end", () => resolve(text));
      }).on("error", reject);
    });
    expect(answer).toContain(`AWS_ENDPOINT_URL=${door.url}`);
    expect(door.url).toMatch(/^https:/);
  });

  it("answers https in HTTP/2", async () => {
    const session = connectHttp2(door.url, { rejectUnauthorized: false });
    const answer = await callHttp2(session, echoHeaders(), '{"text":"hi"}');
    expect(answer.body).toBe('{"text":"hi"}');
    expect(door.calls.at(-1)!.facts.tls).toBe(true);
    session.destroy();
  });

  it("still answers http", async () => {
    const response = await callEcho(door.url.replace("https:", "http:"), "hi");
    expect(response.status).toBe(200);
    expect(door.calls.at(-1)!.facts.tls).toBe(false);
  });

  it("survives a handshake that is none", async () => {
    const socket = connect(door.port, "127.0.0.1");
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => {});
    socket.on("data", () => {});
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 1, 2, 3, 4, 5, 6, 7, 8]));
    await closed;
    expect((await callEcho(door.url.replace("https:", "http:"), "hi")).status).toBe(200);
  });
});

describe("WebSocket upgrades", () => {
  const handshake = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: abc.execute-api.us-east-1.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst`;
  let door: TestDoor | undefined;
  afterEach(() => door?.stop(0));

  function talk(port: number, bytes: string, finished: (answer: string) => boolean): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
      let answer = "";
      socket.on("data", (data) => {
        answer += data.toString();
        if (finished(answer)) socket.destroy();
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(answer));
    });
  }

  it("go to the endpoint of their host, with what came behind them", async () => {
    let aborted = false;
    door = await openTestDoor({
      endpoint: (host) =>
        endpointOf(
          () => Promise.reject(new Error("not asked")),
          async (request, socket, head) => {
            request.signal.addEventListener("abort", () => (aborted = true));
            socket.write(
              `HTTP/1.1 101 Switching Protocols\r\n\r\n${host} ${request.path} ${Buffer.from(head).toString()}`,
            );
            socket.on("data", (data: Buffer) => socket.write(data));
          },
        ),
    });
    const answer = await talk(door.port, handshake("/dev"), (text) => text.endsWith("first"));
    expect(answer).toBe("HTTP/1.1 101 Switching Protocols\r\n\r\nabc.execute-api.us-east-1.localhost /dev first");
    await expect.poll(() => aborted).toBe(true);
  });

  it("are refused where no endpoint takes them", async () => {
    door = await openTestDoor();
    expect(await talk(door.port, handshake("/"), () => false)).toMatch(/^HTTP\/1\.1 404 Refused\r\n/);
  });

  it("that fail by a bug answer 500 and are logged", async () => {
    door = await openTestDoor({
      endpoint: () =>
        endpointOf(
          () => Promise.reject(new Error("not asked")),
          () => Promise.reject(new Error("a bug")),
        ),
    });
    expect(await talk(door.port, handshake("/"), () => false)).toMatch(/^HTTP\/1\.1 500 /);
    expect(door.lines.some(({ level, fields }) => level === "error" && String(fields["error"]).includes("a bug"))).toBe(
      true,
    );
  });
});
