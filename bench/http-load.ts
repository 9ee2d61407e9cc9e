import { connect, type Socket } from "node:net";

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** The bytes of one request; called for each. */
  readonly request: () => Uint8Array;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Sends one request after another on each connection and times the answers. Speaks just enough HTTP/1.1 (answers with
 * Content-Length) to cost little beside what it measures. Rejects at the first answer that is not 2xx.
 */
export async function httpLoad(load: Load): Promise<LoadResult> {
  const timesMs: number[] = [];
  const end = performance.now() + load.seconds * 1000;
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: load.connections }, () => oneConnection(load, end, timesMs)));
  const seconds = (performance.now() - startedAt) / 1000;
  timesMs.sort((a, b) => a - b);
  const at = (share: number) => timesMs[Math.min(timesMs.length - 1, Math.floor(timesMs.length * share))] ?? Number.NaN;
  return { perSecond: timesMs.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function oneConnection(load: Load, end: number, timesMs: number[]): Promise<void> {
  return new Promise((done, failed) => {
    const socket: Socket = connect({ port: load.port, host: "127.0.0.1", noDelay: true });
    let sentAt = 0;
    let received: Buffer = Buffer.alloc(0);
    const send = () => {
      sentAt = performance.now();
      socket.write(load.request());
    };
    socket.on("connect", send);
    socket.on("error", failed);
    socket.on("close", () => done());
    socket.on("data", (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const headEnd = received.indexOf("\r\n\r\n");
      if (headEnd < 0) return;
      const head = received.toString("latin1", 0, headEnd);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < headEnd + 4 + length) return;
      if (!head.startsWith("HTTP/1.1 2")) {
        failed(new Error(received.toString("utf8", 0, 2000)));
        socket.destroy();
        return;
      }
      const now = performance.now();
      timesMs.push(now - sentAt);
      received = Buffer.alloc(0);
      if (now >= end) socket.end();
      else send();
    });
  });
}

/** A whole HTTP/1.1 request. */
export function httpRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Buffer {
  const lines = Object.entries({ host: "127.0.0.1", ...headers, "content-length": String(Buffer.byteLength(body)) });
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`,
  );
}
