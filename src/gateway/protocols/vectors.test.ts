import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AwsError } from "../../api/aws-error.ts";
import type { OperationModel, Protocol, ServiceModel, Shape, ShapeRef } from "../../api/model.ts";
import { utf8 } from "../../base/bytes.ts";
import type { HttpResponse } from "../../kernel/http.ts";
import { decodeCbor } from "./cbor/decode-cbor.ts";
import type { RequestHead } from "./protocol.ts";
import { serviceProtocols } from "./service-protocols.ts";
import { dateOfEpochSeconds } from "./timestamps.ts";
import { notOurs } from "./vectors-not-ours.ts";
import { parseXml } from "./xml/parse-xml.ts";
import type { XmlElement } from "./xml/parse-xml.ts";

const folder = new URL("../../../test/vectors/protocols/", import.meta.url);

interface Given extends Omit<OperationModel, "errors"> {
  readonly errors?: readonly { readonly shape: string }[];
}

interface Case {
  readonly id: string;
  readonly given: Given;
  readonly description: string;
  readonly params?: unknown;
  readonly serialized: {
    readonly method?: string;
    readonly uri?: string;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  };
  readonly result?: unknown;
  readonly error?: Record<string, unknown>;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly response: {
    readonly status_code: number;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  };
}

interface Suite {
  readonly description: string;
  readonly metadata: Record<string, unknown>;
  readonly shapes?: Record<string, Shape>;
  readonly cases: readonly Case[];
}

function suites(direction: "input" | "output"): (readonly [file: string, suites: readonly Suite[]])[] {
  const files = readdirSync(new URL(direction, folder)).filter((file) => file.endsWith(".json"));
  return files.map((file) => {
    const text = readFileSync(new URL(`${direction}/${file}`, folder), "utf8");
    return [file.replace(".json", ""), JSON.parse(text) as readonly Suite[]];
  });
}

function modelOf(suite: Suite, given: Given): ServiceModel {
  const { errors, ...operation } = given;
  return {
    name: "vectors",
    metadata: {
      endpointPrefix: "vectors",
      signingName: "vectors",
      serviceId: "Vectors",
      serviceFullName: "Vectors",
      apiVersion: "2020-01-01",
      ...suite.metadata,
      protocols: suite.metadata["protocols"] as Protocol[],
      queryCompatible: suite.metadata["awsQueryCompatible"] !== undefined,
    },
    operations: { [given.name]: { ...operation, errors: (errors ?? []).map(({ shape }) => shape) } },
    shapes: suite.shapes ?? {},
  };
}

function lower(headers: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A decoded input in the form of the vectors' parameters. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** A vector's result as a handler would give it. */
function typed(model: ServiceModel, ref: ShapeRef, value: unknown): unknown {
  const shape = model.shapes[ref.shape]!;
  if (value === null) return value;
  switch (shape.type) {
    case "structure": {
      if (shape.document === true) return value;
      const entries = Object.entries(value as object).map(([name, inner]) => [
        name,
        shape.members[name] === undefined ? inner : typed(model, shape.members[name], inner),
      ]);
      return Object.fromEntries(entries);
    }
    case "list":
      return (value as unknown[]).map((inner) => typed(model, shape.member, inner));
    case "map":
      return Object.fromEntries(
        Object.entries(value as object).map(([key, inner]) => [key, typed(model, shape.value, inner)]),
      );
    case "timestamp":
      return new Date((value as number) * 1000);
    case "blob":
      return utf8(value as string);
    case "float":
    case "double":
      return Number(value);
    default:
      return value;
  }
}

test("every exception from the published cases names one that exists", () => {
  for (const direction of ["input", "output"] as const) {
    const ids = new Map(
      suites(direction).map(([file, all]) => [file, all.flatMap(({ cases }) => cases.map(({ id }) => id))]),
    );
    for (const [file, reasons] of Object.entries(notOurs[direction])) {
      for (const id of Object.keys(reasons)) expect(ids.get(file)).toContain(id);
    }
  }
});

describe.each(suites("input"))("requests in %s", (file, all) => {
  const isCbor = file.startsWith("smithy");
  for (const suite of all) {
    for (const each of suite.cases) {
      if (notOurs.input[file]?.[each.id] !== undefined) continue;
      test(`${each.id}: the input is decoded`, async () => {
        const model = modelOf(suite, each.given);
        const { serialized } = each;
        const [path = "/", query = ""] = (serialized.uri ?? "/").split("?", 2);
        const head: RequestHead = {
          method: serialized.method ?? "POST",
          path,
          query,
          headers: lower(serialized.headers),
        };
        const text = serialized.body ?? "";
        const body = isCbor ? Buffer.from(text, "base64") : utf8(text);
        const protocol = serviceProtocols(model).protocolOf(head);
        const match = protocol.findOperation(head, body);
        expect(match.operation.name).toBe(each.given.name);
        const input = (await match.operation.decode(match, head, body)) as Record<string, unknown>;
        for (const [name, value] of Object.entries(input)) {
          if (typeof value === "object" && Symbol.asyncIterator in value!) input[name] = await collect(value as never);
        }
        expect(plain(input)).toEqual(each.params);
      });
    }
  }
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(chunks));
}

const withAnswers = suites("output").filter(([, all]) => all.length > 0);

describe.each(withAnswers)("answers in %s", (file, all) => {
  for (const suite of all) {
    for (const each of suite.cases) {
      if (notOurs.output[file]?.[each.id] !== undefined) continue;
      const what = each.error === undefined ? "output" : "error";
      test(`${each.id}: the ${what} is encoded`, () => {
        const model = modelOf(suite, each.given);
        const { preferred } = serviceProtocols(model);
        const response =
          each.error === undefined
            ? preferred.operation(each.given.name)!.encode(outputOf(model, each), "requestid")
            : preferred.refuse(errorOf(model, each), each.given.name, "foo-id");
        expect(response.status).toBe(each.response.status_code);
        expectHeaders(file, response, each);
        if (each.response.body !== undefined) expectBody(file, response, each.response.body);
      });
    }
  }
});

function outputOf(model: ServiceModel, { given, result }: Case): unknown {
  return given.output === undefined ? undefined : typed(model, given.output, result);
}

function errorOf(model: ServiceModel, each: Case): AwsError {
  const shape = each.given.errors?.[0]?.shape ?? "";
  const fields = typed(model, { shape }, each.error) as Record<string, unknown>;
  const message = each.errorMessage ?? fields["message"] ?? fields["Message"] ?? "";
  delete fields["message"];
  delete fields["Message"];
  return new AwsError({
    code: each.errorCode ?? shape,
    shape,
    message: message as string,
    status: each.response.status_code,
    fields,
  });
}

function expectHeaders(file: string, response: HttpResponse, each: Case): void {
  const ours: Record<string, string> = {};
  for (const [name, value] of response.headers) ours[name] = value;
  for (const [name, value] of Object.entries(lower(each.response.headers))) {
    if (name === "content-type") {
      // Types are compared where there is a body; their parameters and XML's two names do not matter.
      if ((each.response.body ?? "") !== "" && response.body !== undefined)
        expect(mediaType(ours[name])).toBe(mediaType(value));
    } else if (name === "content-length") {
      // The front door counts.
      expect(response.body ?? "").toHaveLength(Number(value));
    } else if (name === "x-amzn-errortype") {
      expect(ours[name]).toBe(bareName(value));
    } else {
      expect(ours[name], `${file} ${name}`).toBe(value);
    }
  }
}

const mediaType = (text = ""): string => text.split(";")[0]!.replace("text/xml", "application/xml");
const bareName = (text: string): string => text.split(":")[0]!.split("#").at(-1)!;

function expectBody(file: string, { body }: HttpResponse, expected: string): void {
  const bytes = body === undefined ? new Uint8Array() : typeof body === "string" ? utf8(body) : (body as Uint8Array);
  if (file.startsWith("smithy")) {
    const wanted = Buffer.from(expected, "base64");
    if (wanted.byteLength === 0) return expectNothing(bytes.byteLength === 0 ? undefined : cbor(bytes));
    return expect(cbor(bytes)).toEqual(cbor(wanted));
  }
  const text = Buffer.from(bytes).toString("utf8");
  if (expected.trimStart().startsWith("<"))
    return expect(canonical(requireXml(text))).toEqual(canonical(requireXml(expected)));
  const wanted = json(expected);
  if (wanted === undefined) return expected === "" ? expectNothing(json(text)) : expect(text).toBe(expected);
  expect(json(text)).toEqual(wanted);
}

/** No body, and one without content, mean the same. */
function expectNothing(value: unknown): void {
  expect(value ?? {}).toEqual({});
}

function cbor(bytes: Uint8Array): unknown {
  return withBareType(plain(decodeCbor(bytes, 100, dateOfEpochSeconds)));
}

function json(text: string): unknown {
  try {
    return withBareType(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function withBareType(value: unknown): unknown {
  const type = (value as { __type?: unknown } | null)?.__type;
  return typeof type === "string" ? { ...(value as object), __type: bareName(type) } : value;
}

function requireXml(text: string): XmlElement {
  const root = parseXml(utf8(text), 100);
  if (root === undefined) throw new Error(`no XML: ${text}`);
  return root;
}

/** Request ids are in every answer of ours, and in some of the vectors'. */
const ids = new Set(["requestId", "RequestId", "RequestID", "ResponseMetadata"]);

/**
 * An element without what does not matter: order, layout, namespaces, and the root's own name, which clients do not
 * look at in rest-xml.
 */
function canonical(element: XmlElement, depth = 0): unknown {
  const children = element.children.filter(({ local }) => depth > 1 || !ids.has(local));
  return {
    name: depth === 0 ? "root" : element.local,
    attributes: Object.entries(element.attributes).filter(([name]) => !name.startsWith("xmlns")),
    text: children.length > 0 ? element.text.trim() : element.text.trim() === "" ? "" : element.text,
    children: children
      .map((child) => canonical(child, depth + 1))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
}
