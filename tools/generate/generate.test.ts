import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/api/catalogue.ts";
import { describe as describeService } from "./descriptor.ts";
import { generate } from "./generate.ts";
import { apiName, typeName } from "./names.ts";
import { readModels } from "./read-models.ts";
import { applyPatches, type SourceModel } from "./source-model.ts";

const root = new URL("../../", import.meta.url);

const madeUp: SourceModel = {
  metadata: {
    apiVersion: "2026-01-01",
    endpointPrefix: "weather",
    protocol: "json",
    serviceId: "Weather Station",
    serviceFullName: "Weather Station",
    jsonVersion: "1.1",
    targetPrefix: "Weather",
    awsQueryCompatible: {},
  },
  operations: {
    Observe: {
      name: "Observe",
      http: { method: "POST", requestUri: "/" },
      input: { shape: "ObserveRequest" },
      output: { shape: "ObserveResponse" },
      errors: [{ shape: "NoSuchStation" }, { shape: "Broken" }],
      endpoint: { hostPrefix: "data-" },
    },
    Reset: { name: "Reset", http: { method: "POST", requestUri: "/" } },
  },
  shapes: {
    ObserveRequest: {
      type: "structure",
      required: ["station", "picture"],
      members: {
        station: { shape: "Name" },
        picture: { shape: "Picture", streaming: true },
        thumbnail: { shape: "Picture" },
        "x-at": { shape: "Moment" },
        sky: { shape: "skyType" },
        readings: { shape: "Readings" },
        nested: { shape: "Nest" },
        extra: { shape: "Anything" },
      },
    },
    ObserveResponse: {
      type: "structure",
      members: { record: { shape: "Record" }, events: { shape: "Events" } },
      payload: "events",
    },
    Record: { type: "structure", members: { next: { shape: "Record" } } },
    Events: {
      type: "structure",
      eventstream: true,
      members: { gust: { shape: "Gust" }, broken: { shape: "Broken" } },
    },
    Gust: { type: "structure", event: true, members: {} },
    Name: { type: "string", min: 3, pattern: "[a-z]+" },
    Picture: { type: "blob" },
    Moment: { type: "timestamp" },
    skyType: { type: "string", enum: ["clear", "over-cast"] },
    Skies: { type: "list", member: { shape: "skyType" } },
    Readings: { type: "map", key: { shape: "Name" }, value: { shape: "Number" } },
    Number: { type: "long" },
    Nest: { type: "list", member: { shape: "Nest" } },
    Anything: { type: "structure", members: {}, document: true },
    Unused: { type: "string" },
    NoSuchStation: {
      type: "structure",
      exception: true,
      error: { code: "StationMissing", httpStatusCode: 404 },
      members: { Message: { shape: "Name" }, near: { shape: "Skies" } },
    },
    Broken: { type: "structure", exception: true, fault: true, members: {} },
  },
};

describe("the generated files", () => {
  it("are those that the models give, so that generating again leaves no difference", async () => {
    const different: string[] = [];
    const files = generate(await readModels(new URL("models/", root)));
    for (const [path, text] of files) {
      if ((await readFile(new URL(path, root), "utf8").catch(() => "")) !== text) different.push(path);
    }
    expect(different, "run `npm run generate`").toEqual([]);
  });

  it("are of no service that has no model", async () => {
    const entries = await readdir(new URL("src/api/", root), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    expect(folders.toSorted()).toEqual(catalogue.map((entry) => entry.name).toSorted());
  });
});

describe("types", () => {
  const files = generate([{ name: "weather", model: madeUp }]);
  const types = files.get("src/api/weather/types.ts") ?? "";
  const errors = files.get("src/api/weather/errors.ts") ?? "";

  it.each([
    ["a service's interface is named after the client of AWS SDK v3", "export interface WeatherStationApi {"],
    ["an operation is a method", "  Observe(input: ObserveRequest): Promise<ObserveResponse>;"],
    [
      "an operation without shapes takes and gives {}",
      "  Reset(input: Record<string, never>): Promise<Record<string, never>>;",
    ],
    ["required members are there", "  station: string;"],
    ["others may be missing", "  thumbnail?: Uint8Array | undefined;"],
    ["streaming blobs are async iterables", "  picture: AsyncIterable<Uint8Array>;"],
    ["names that are no identifiers are quoted, timestamps are dates", '  "x-at"?: Date | undefined;'],
    ["enums are unions of their values", 'export type SkyType = "clear" | "over-cast";'],
    ["maps are objects", "  readings?: { [key: string]: number } | undefined;"],
    ["a list of itself has a name", "export type Nest = Nest[];"],
    ["documents are unknown", "  extra?: unknown | undefined;"],
    [
      "names of global types are escaped as in AWS SDK v3",
      "export interface _Record {\n  next?: _Record | undefined;\n}",
    ],
    ["event streams are async iterables of their events", "  events?: AsyncIterable<Events> | undefined;"],
    ["errors in event streams are the error classes", 'import type { Broken } from "./errors.ts";'],
    ["structures without members are empty objects", "export type Gust = Record<string, never>;"],
  ])("%s", (_, line) => {
    expect(types).toContain(line);
  });

  it("leaves out what no operation reaches", () => {
    expect(types).not.toContain("Unused");
  });

  it("has errors with code, shape and status, whose members besides the message are fields", () => {
    expect(errors).toContain('super("NoSuchStation", "StationMissing", 404, details);');
    expect(errors).toContain("export interface NoSuchStationFields {\n  near?: types.SkyType[] | undefined;\n}");
    expect(errors).toContain("constructor(details: Details<NoSuchStationFields>)");
  });

  it("has faults answer 500", () => {
    expect(errors).toContain('super("Broken", "Broken", 500, details);');
  });
});

describe("the descriptor", () => {
  const { metadata, operations, shapes } = describeService({ name: "weather", model: madeUp });

  it("says what clients may speak", () => {
    expect(metadata).toEqual({
      apiVersion: "2026-01-01",
      protocols: ["json"],
      endpointPrefix: "weather",
      signingName: "weather",
      serviceId: "Weather Station",
      serviceFullName: "Weather Station",
      jsonVersion: "1.1",
      targetPrefix: "Weather",
      queryCompatible: true,
    });
  });

  it("has the operations, their errors by name", () => {
    expect(operations["Observe"]).toEqual({
      name: "Observe",
      http: { method: "POST", requestUri: "/" },
      input: { shape: "ObserveRequest" },
      output: { shape: "ObserveResponse" },
      errors: ["NoSuchStation", "Broken"],
      hostPrefix: "data-",
    });
  });

  it("keeps constraints and drops shapes that nothing reaches", () => {
    expect(shapes["Name"]).toEqual({ type: "string", min: 3, pattern: "[a-z]+" });
    expect(Object.keys(shapes)).not.toContain("Unused");
  });
});

describe("patches", () => {
  const path = ["shapes", "Name", "min"];

  it("set and delete", () => {
    const patched = applyPatches("weather", madeUp, [
      { reason: "AWS takes one letter", path, set: 1 },
      { reason: "AWS takes digits", path: ["shapes", "Name", "pattern"], delete: true },
    ]);
    expect(patched.shapes["Name"]).toEqual({ type: "string", min: 1 });
    expect(madeUp.shapes["Name"]).toEqual({ type: "string", min: 3, pattern: "[a-z]+" });
  });

  it.each([
    ["have a reason", { reason: " ", path, set: 1 }, /needs a reason/],
    ["change something", { reason: "r", path, set: 3 }, /says so already/],
    [
      "delete what is there",
      { reason: "r", path: ["shapes", "Name", "max"], delete: true as const },
      /nothing to delete/,
    ],
    ["lead somewhere", { reason: "r", path: ["shapes", "Nome", "min"], set: 1 }, /has no Nome/],
    ["do one thing", { reason: "r", path }, /either/],
  ])("must %s", (_, patch, message) => {
    expect(() => applyPatches("weather", madeUp, [patch])).toThrow(message);
  });
});

describe("names", () => {
  it.each([
    ["statusType", "StatusType"],
    ["Error", "_Error"],
    ["Event", "Event"],
  ])("the shape %s is the type %s", (shape, type) => {
    expect(typeName(shape)).toBe(type);
  });

  it.each([
    ["API Gateway", "APIGatewayApi"],
    ["Kinesis Analytics V2", "KinesisAnalyticsV2Api"],
    ["Route 53", "Route53Api"],
    ["SFN", "SFNApi"],
  ])("the API of %s is %s", (serviceId, name) => {
    expect(apiName(serviceId)).toBe(name);
  });
});
