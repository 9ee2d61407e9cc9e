import { posix } from "node:path";
import { parseSync } from "rolldown/utils";
import { placeOf, whyNot, type Place } from "./rooms.ts";

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

/** Calls and values that only some rooms may use: what the code says, where it may, and what to use instead. */
const banned: readonly { readonly what: string; readonly rooms: readonly string[]; readonly instead: string }[] = [
  { what: "Date.now", rooms: ["base"], instead: "clock.now()" },
  { what: "new Date()", rooms: ["base"], instead: "new Date(clock.now())" },
  { what: "Math.random", rooms: ["base"], instead: "ids (fraction, bytes, uuid, …)" },
  { what: "performance.now", rooms: ["base"], instead: "clock.monotonic()" },
  { what: "process.hrtime", rooms: ["base"], instead: "clock.monotonic()" },
  { what: "setTimeout", rooms: ["base"], instead: "clock.until(), or realDelay() for grace periods of processes" },
  { what: "setInterval", rooms: ["base"], instead: "a loop over clock.until(), or a scheduled job" },
  { what: "AbortSignal.timeout", rooms: ["base"], instead: "an AbortController and clock.until() or realDelay()" },
  { what: "process.env", rooms: ["cli"], instead: "an option that the command line reads and platform.ts passes on" },
];

/** Exports of Node's modules that are time or chance. */
const bannedImports: Readonly<Record<string, readonly string[] | "all">> = {
  "node:timers": "all",
  "node:timers/promises": "all",
  "node:crypto": ["randomBytes", "randomUUID", "randomInt", "randomFill", "randomFillSync", "getRandomValues"],
};

/**
 * Checks one file of `src/` against the floor plan: its imports, where its time and chance come from, and state that
 * outlives a platform. Tests (`x.test.ts`, and what they share, `test-x.ts`) may import values of what their room knows as types, and the test harness; the commands of
 * `cli` may wait.
 */
export function checkSource(file: string, source: string): Finding[] {
  const findings: Finding[] = [];
  const place = placeOf(file);
  const isTest = /(^|\/)test-[^/]*\.ts$|\.test\.ts$/.test(file);
  const add = (node: Node, message: string) => findings.push({ file, line: lineOf(source, node.start), message });
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) return [{ file, line: 1, message: `cannot be parsed: ${errors[0]!.message}` }];
  if (!place) return [{ file, line: 1, message: "is in no room of the floor plan (tools/floor-plan/rooms.ts)" }];

  visit(program as unknown as Node, (node) => {
    const imported = importOf(node);
    if (imported) {
      const message = checkImport(file, place, imported, isTest);
      if (message) add(node, message);
    }
    const used = useOf(node);
    const ban = used === undefined ? undefined : banned.find((each) => each.what === used);
    if (ban && !ban.rooms.includes(place.room) && !(isTest && used === "process.env")) {
      add(node, `${ban.what} is for ${ban.rooms.join(" and ")} only; use ${ban.instead}`);
    }
  });
  if (!isTest) for (const node of moduleState(program as unknown as Node)) add(node, stateMessage);
  return findings;
}

const stateMessage =
  "state of a module is shared by every platform in the process; keep it in an object that platform.ts makes (a class, or the closure of a factory); a costly constant can be a function that makes it once";

interface Imported {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly names: readonly string[];
}

function checkImport(file: string, place: Place, imported: Imported, isTest: boolean): string | undefined {
  const { specifier, typeOnly, names } = imported;
  const kind = Object.hasOwn(bannedImports, specifier) ? bannedImports[specifier] : undefined;
  if (kind && place.room !== "base" && !typeOnly) {
    const found = kind === "all" ? names : names.filter((name) => kind.includes(name));
    if (found.length > 0 || kind === "all") {
      return `${specifier} (${found.join(", ")}) is for base only; time comes from clock, chance from ids`;
    }
  }
  if (!specifier.startsWith(".")) return undefined;
  const target = posix.join(posix.dirname(file), specifier);
  const to = placeOf(target);
  if (to) {
    const reason = whyNot(place, to, typeOnly || isTest);
    return reason && `imports ${target}, but ${reason}`;
  }
  if (isTest && target.startsWith("test/")) return undefined;
  if (place.room === "cli" && target === "package.json") return undefined;
  return `imports ${target}, which is outside src/`;
}

function importOf(node: Node): Imported | undefined {
  const source = node["source"] as Node | null | undefined;
  const specifier = source?.["value"];
  if (typeof specifier !== "string") return undefined;
  switch (node.type) {
    case "ImportDeclaration": {
      const specifiers = node["specifiers"] as Node[];
      const named = specifiers.filter((each) => each["importKind"] !== "type");
      return {
        specifier,
        typeOnly: node["importKind"] === "type" || (specifiers.length > 0 && named.length === 0),
        names: specifiers.map((each) => nameOf(each["imported"] as Node | undefined)),
      };
    }
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return { specifier, typeOnly: node["exportKind"] === "type", names: ["*"] };
    case "ImportExpression":
      return { specifier, typeOnly: false, names: ["*"] };
    case "TSImportType":
      return { specifier, typeOnly: true, names: [] };
    default:
      return undefined;
  }
}

/** The banned form that this node writes, as `banned` spells it. */
function useOf(node: Node): string | undefined {
  if (node.type === "MemberExpression") {
    const object = nameOf(node["object"] as Node);
    // `globalThis.setTimeout` and `process["env"]` are the same things in disguise.
    const property = nameOf(node["property"] as Node);
    return object === "globalThis" ? property : `${object}.${property}`;
  }
  if (node.type === "NewExpression" && nameOf(node["callee"] as Node) === "Date") {
    return (node["arguments"] as Node[]).length === 0 ? "new Date()" : undefined;
  }
  return node.type === "CallExpression" ? nameOf(node["callee"] as Node) : undefined;
}

/** Top-level variables that can change: `let`, `var`, and collections that begin empty. Weak maps are memos that belong to their keys. */
function moduleState(program: Node): Node[] {
  const found: Node[] = [];
  for (const statement of program["body"] as Node[]) {
    const isExport = statement.type === "ExportNamedDeclaration";
    const declaration = (isExport ? statement["declaration"] : statement) as Node | null;
    if (declaration?.type !== "VariableDeclaration" || declaration["declare"]) continue;
    for (const each of declaration["declarations"] as Node[]) {
      const init = each["init"] as Node | null;
      const isEmpty =
        (init?.type === "NewExpression" &&
          ["Map", "Set"].includes(nameOf(init["callee"] as Node)) &&
          (init["arguments"] as Node[]).length === 0) ||
        (init?.type === "ArrayExpression" && (init["elements"] as Node[]).length === 0);
      if (declaration["kind"] !== "const" || (isEmpty && isMutable(each))) found.push(declaration);
    }
  }
  return found;
}

/** Whether its declared type lets it change: none does, and so do `Map`, `Set` and `T[]`; `ReadonlyMap` and `readonly T[]` do not. */
function isMutable(declarator: Node): boolean {
  const annotation = (declarator["id"] as Node)["typeAnnotation"] as Node | null;
  const type = annotation?.["typeAnnotation"] as Node | undefined;
  if (!type || type.type === "TSArrayType") return true;
  return type.type === "TSTypeReference" && ["Map", "Set", "Array"].includes(nameOf(type["typeName"] as Node));
}

function nameOf(node: Node | undefined): string {
  const name = node?.["name"] ?? node?.["value"];
  return typeof name === "string" ? name : "";
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each === "object" && each !== null && typeof (each as Node).type === "string")
        visit(each as Node, see);
    }
  }
}

function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}
