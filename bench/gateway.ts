import { createHmac, hash } from "node:crypto";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { randomIds } from "../src/base/ids.ts";
import { silentLog } from "../src/base/log.ts";
import { canonicalRequest } from "../src/gateway/sigv4/canonical-request.ts";
import { deriveSigningKey } from "../src/gateway/sigv4/signing-key.ts";
import type { Credential } from "../src/kernel/identity.ts";
import { openTestDoor } from "../src/gateway/test-door.ts";

/**
 * What the front door costs for each request, against bare node:http with JSON: CPU time of this process per request, with
 * a client in it whose cost is the same for both. `node bench/gateway.ts`
 */
const requests = 30_000;
const connections = 16;
const rounds = 5;

const bare = createServer((request, response) => {
  const chunks: Uint8Array[] = [];
  request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  request.on("end", () => {
    const input = JSON.parse(Buffer.concat(chunks).toString()) as { text: string };
    const body = JSON.stringify({ text: input.text });
    response.writeHead(200, {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-requestid": "00000000-0000-0000-0000-000000000000",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
await new Promise<void>((resolve) => {
  bare.listen(0, "127.0.0.1", () => resolve());
});

const door = await openTestDoor({ log: silentLog, ids: randomIds() });
// The test door remembers every call; a bench of many thousands would measure that.
Object.defineProperty(door.calls, "push", { value: () => 0 });
const credential: Credential = {
  accessKeyId: "AKIAQAAAAAAAAAAAAAAA",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  active: true,
  principal: { kind: "root", account: "000000000000" },
};
door.credentials.set(credential.accessKeyId, credential);

const body = JSON.stringify({ text: "x".repeat(300) });
const headers: Record<string, string> = {
  host: "127.0.0.1:4566",
  "content-type": "application/x-amz-json-1.0",
  "x-amz-target": "Echo_20260101.Echo",
  "user-agent": "aws-sdk-js/3.900.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#24.0.0 api/dynamodb#3.900.0",
  "amz-sdk-invocation-id": "3f1c2a8e-52a1-4b6e-8d5f-6f3d1f2c4b5a",
  "amz-sdk-request": "attempt=1; max=3",
  "x-amz-date": "20260101T000000Z",
  "content-length": String(body.length),
};
const signedHeaders = "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-date;x-amz-target";
const scope = "20260101/us-east-1/echo/aws4_request";
const canonical = canonicalRequest(
  { method: "POST", path: "/", query: "", headers, rawHeaders: [] },
  signedHeaders,
  hash("sha256", body),
  "standard",
);
const signature = createHmac("sha256", deriveSigningKey(credential.secretAccessKey, "20260101", "us-east-1", "echo"))
  .update(`AWS4-HMAC-SHA256\n20260101T000000Z\n${scope}\n${hash("sha256", canonical)}`)
  .digest("hex");

function requestOf(accessKeyId: string): Buffer {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  const lines = Object.entries({ ...headers, authorization }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`POST / HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}
const lenient = requestOf("test");
const verified = requestOf(credential.accessKeyId);

/** Microseconds of CPU per request. */
async function measure(port: number, request: Buffer): Promise<number> {
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: connections }, () => exchange(port, request, requests / connections)));
  const used = process.cpuUsage(before);
  return (used.user + used.system) / requests;
}

function exchange(port: number, request: Buffer, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let left = count;
    socket.setNoDelay(true);
    socket.on("connect", () => socket.write(request));
    socket.on("error", reject);
    // Answers are small: each comes in one piece.
    socket.on("data", (data) => {
      if (data[9] !== 0x32) reject(new Error(data.toString()));
      left -= 1;
      if (left > 0) socket.write(request);
      else {
        socket.destroy();
        resolve();
      }
    });
  });
}

const barePort = (bare.address() as AddressInfo).port;
const ways = {
  bare: () => measure(barePort, lenient),
  lenient: () => measure(door.port, lenient),
  verified: () => measure(door.port, verified),
};
for (const way of Object.values(ways)) await way();
const costs: Record<keyof typeof ways, number>[] = [];
for (let round = 0; round < rounds; round++) {
  costs.push({ bare: await ways.bare(), lenient: await ways.lenient(), verified: await ways.verified() });
}
const median = (values: number[]) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1]! * 10) / 10;
console.log(
  JSON.stringify({
    bareMicroseconds: median(costs.map((cost) => cost.bare)),
    lenientOverheadMicroseconds: median(costs.map((cost) => cost.lenient - cost.bare)),
    verifiedOverheadMicroseconds: median(costs.map((cost) => cost.verified - cost.bare)),
  }),
);
await door.stop(0);
bare.close();
bare.closeAllConnections();
