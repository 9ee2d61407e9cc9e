import type { CatalogueEntry, Protocol, ServiceModel } from "../api/model.ts";
import { AwsError } from "../api/aws-error.ts";
import { ManualClock, type MovableClock } from "../base/clock.ts";
import { seededIds } from "../base/ids.ts";
import { createLog, type LogFields, type LogLevel } from "../base/log.ts";
import type { BoundEndpoint, Dispatcher, PreparedOperation, RequestFacts } from "../kernel/dispatch.ts";
import type { Credential } from "../kernel/identity.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./server.ts";

/** A front door over three tiny services, for tests: real sockets, real protocols, no rooms behind it. */
export interface TestDoor extends Gateway {
  readonly clock: MovableClock;
  readonly lines: { level: LogLevel; message: string; fields: LogFields }[];
  /** Every call that reached a handler. */
  readonly calls: { service: string; operation: string; input: Record<string, unknown>; facts: RequestFacts }[];
  readonly credentials: Map<string, Credential>;
  /** Called for each `Wait` until it resolves. */
  waiting: (() => Promise<void>) | undefined;
}

export interface TestDoorOptions extends Partial<Omit<GatewayOptions, "dispatcher" | "identities">> {
  readonly endpoint?: Dispatcher["endpoint"];
}

export const echoModel = service("echo", "json", { jsonVersion: "1.0", targetPrefix: "Echo_20260101" });
const formModel = service("form", "query", {});
const pathModel = service("path", "rest-json", {});

const models = new Map([echoModel, formModel, pathModel].map((model) => [model.name, model]));

export const testCatalogue: readonly CatalogueEntry[] = [...models.values()].map(({ name, metadata }) => ({
  name,
  signingName: metadata.signingName,
  endpointPrefix: metadata.endpointPrefix,
  serviceId: metadata.serviceId,
  apiVersion: metadata.apiVersion,
  protocols: metadata.protocols,
  ...(metadata.targetPrefix === undefined ? {} : { targetPrefix: metadata.targetPrefix }),
}));

/** Opens the door on a free port of the loopback. Close it with `stop(0)`. */
export async function openTestDoor(options: TestDoorOptions = {}): Promise<TestDoor> {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const lines: TestDoor["lines"] = [];
  const calls: TestDoor["calls"] = [];
  const credentials = new Map<string, Credential>();
  const state: { waiting: TestDoor["waiting"] } = { waiting: undefined };

  const prepare = (name: string, operation: string): PreparedOperation => ({
    validate(input) {
      if ((input as { text?: string }).text === "invalid") {
        throw new AwsError({ code: "ValidationException", status: 400, message: "1 validation error detected" });
      }
    },
    authorize(_input, facts) {
      if (facts.principal.kind === "user" && facts.principal.userName === "nobody") {
        throw new AwsError({ code: "AccessDeniedException", status: 400, message: "not authorized" });
      }
    },
    async handle(input, facts) {
      const given = input as Record<string, unknown>;
      calls.push({ service: name, operation, input: given, facts });
      if (given["text"] === "bug") throw new TypeError("a bug of ours");
      if (operation === "Wait") await state.waiting?.();
      if (operation === "Upload") {
        let size = 0;
        for await (const chunk of given["body"] as AsyncIterable<Uint8Array>) size += chunk.byteLength;
        return { text: String(size) };
      }
      if (operation === "Download") return { body: chunks(Number(given["text"])) };
      return { text: given["text"] ?? "" };
    },
  });
  const dispatcher: Dispatcher = {
    model: async (name) => models.get(name)!,
    prepare,
    call: () => Promise.reject(new Error("The door goes by stages.")),
    endpoint: options.endpoint ?? (() => undefined),
  };
  const gateway = await startGateway({
    host: "127.0.0.1",
    port: 0,
    auth: "lenient",
    account: "000000000000",
    region: "us-east-1",
    clock,
    ids: seededIds("door"),
    log: createLog("info", (level, message, fields) => lines.push({ level, message, fields })),
    catalogue: testCatalogue,
    controls: {
      deadJobs: async () => [],
      health: () => ({ status: "ok", version: "0.0.0", services: { echo: "running" } }),
      now: () => clock.now(),
    },
    ...options,
    dispatcher,
    identities: {
      findCredential: async (id) => credentials.get(id),
      findPolicies: async () => undefined,
    },
  });
  return Object.assign(state, gateway, { clock, lines, calls, credentials });
}

/** Headers of a call that lenient authentication takes for root's. */
export function signedBy(accessKeyId: string, scope = "echo", region = "us-east-1"): Record<string, string> {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${scope}/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`,
    "x-amz-date": "20260101T000000Z",
  };
}

/** Calls `Echo` of the echo service. */
export function callEcho(url: string, text: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "Echo_20260101.Echo",
      ...signedBy("test"),
      ...headers,
    },
    body: JSON.stringify({ text }),
  });
}

export function endpointOf(handle: BoundEndpoint["handle"], upgrade?: BoundEndpoint["upgrade"]): BoundEndpoint {
  return { name: "test.endpoint", handle, ...(upgrade === undefined ? {} : { upgrade }) };
}

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at++) yield new Uint8Array(1000).fill(0x61);
}

function service(name: string, protocol: Protocol, extra: object): ServiceModel {
  const uri = (operation: string) => (protocol === "rest-json" ? `/2026-01-01/${operation}` : "/");
  const operation = (operationName: string, output: string, input = "Text", authtype?: string) => ({
    name: operationName,
    http: { method: "POST", requestUri: uri(operationName) },
    input: { shape: input },
    output: protocol === "query" ? { shape: output, resultWrapper: `${operationName}Result` } : { shape: output },
    ...(authtype === undefined ? {} : { authtype }),
  });
  return {
    name,
    metadata: {
      apiVersion: "2026-01-01",
      protocols: [protocol],
      endpointPrefix: name,
      signingName: name,
      serviceId: name,
      serviceFullName: `Test service ${name}`,
      ...extra,
    },
    operations: {
      Echo: operation("Echo", "Text"),
      Public: operation("Public", "Text", "Text", "none"),
      Wait: operation("Wait", "Text"),
      ...(protocol === "rest-json"
        ? { Upload: operation("Upload", "Text", "Body"), Download: operation("Download", "Body") }
        : {}),
    },
    shapes: {
      Text: { type: "structure", members: { text: { shape: "String" } } },
      Body: { type: "structure", members: { body: { shape: "Bytes", streaming: true } }, payload: "body" },
      String: { type: "string" },
      Bytes: { type: "blob", streaming: true },
    },
  };
}
