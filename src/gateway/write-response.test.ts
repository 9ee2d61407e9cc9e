import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { HttpResponse } from "../kernel/http.ts";
import { writeResponse } from "./write-response.ts";

/** What a client sees of an answer. */
async function sent(answer: HttpResponse, method = "GET"): Promise<{ head: IncomingMessage; body: string }> {
  const server = createServer((incoming, response) => {
    void writeResponse(response, answer, incoming.method === "HEAD", [["x-more", "1"]]);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  try {
    return await new Promise((resolve, reject) => {
      const asked = request({ port: (server.address() as AddressInfo).port, method, agent: false }, (head) => {
        let body = "";
        head.on("data", (data: Buffer) => (body += data.toString()));
        head.on("end", () => resolve({ head, body }));
      });
      asked.on("error", reject);
      asked.end();
    });
  } finally {
    server.close();
  }
}

async function* pieces(closed: { value: boolean }): AsyncGenerator<Uint8Array> {
  try {
    yield Buffer.from("one ");
    yield Buffer.from("two");
  } finally {
    closed.value = true;
  }
}

describe("an answer on the wire", () => {
  it("has the length of its body in bytes, whatever it says itself", async () => {
    const { head, body } = await sent({ status: 200, headers: [["Content-Length", "1"]], body: "é!" });
    expect([head.headers["content-length"], body]).toEqual(["3", "é!"]);
    expect(head.headers["x-more"]).toBe("1");
  });

  it("keeps headers that come several times, and none that belong to the connection", async () => {
    const headers: [string, string][] = [
      ["Set-Cookie", "a=1"],
      ["Set-Cookie", "b=2"],
      ["Transfer-Encoding", "gzip"],
      ["Upgrade", "h2c"],
    ];
    const { head } = await sent({ status: 200, headers, body: "x" });
    expect(head.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect([head.headers["transfer-encoding"], head.headers["upgrade"]]).toEqual([undefined, undefined]);
  });

  it("streams what has no length", async () => {
    const closed = { value: false };
    const { head, body } = await sent({ status: 200, headers: [], body: pieces(closed) });
    expect([head.headers["transfer-encoding"], body, closed.value]).toEqual(["chunked", "one two", true]);
  });

  it("says the length of what HEAD does not send", async () => {
    const { head, body } = await sent({ status: 200, headers: [["Content-Length", "1234"]] }, "HEAD");
    expect([head.headers["content-length"], body]).toEqual(["1234", ""]);
  });

  it.each([204, 304])("has no body with status %i", async (status) => {
    const { head, body } = await sent({ status, headers: [], body: "never" });
    expect([head.statusCode, body]).toEqual([status, ""]);
  });

  it("without a body has length 0", async () => {
    const { head } = await sent({ status: 404, headers: [] });
    expect(head.headers["content-length"]).toBe("0");
  });
});
