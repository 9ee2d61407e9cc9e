import type { OperationModel, ServiceModel, StructureShape } from "../../../api/model.ts";
import { percentDecode } from "../query/parse-form.ts";
import { structureOf } from "../shapes.ts";

/** Finds the operation of a REST request by method, path, query and headers. */
export interface Router {
  find(
    method: string,
    path: string,
    query: ReadonlyMap<string, readonly string[]>,
    headers: Readonly<Record<string, string>>,
  ): Route | undefined;
}

export interface Route {
  /** The operation's name in the API. */
  readonly operation: string;
  /** Percent-decoded, in the order of the pattern. */
  readonly labels: readonly string[];
}

interface Candidate {
  readonly name: string;
  readonly isDeprecated: boolean;
  /** `?acl`, `?list-type=2` of the pattern. */
  readonly literals: readonly (readonly [name: string, value: string])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

interface Node {
  readonly literal: Map<string, Node>;
  label?: Node;
  /** A label that takes the rest of the path, with the segments that must follow it. */
  greedy?: { readonly after: readonly string[]; readonly node: Node }[];
  readonly candidates: Map<string, Candidate[]>;
}

const newNode = (): Node => ({ literal: new Map(), candidates: new Map() });

/** Names of the labels of a URI pattern, in their order. */
export function labelNames(requestUri: string): string[] {
  return [...requestUri.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name!);
}

export function compileRouter(model: ServiceModel): Router {
  const root = newNode();
  for (const [name, operation] of Object.entries(model.operations)) add(model, root, name, operation);
  return {
    find(method, path, query, headers) {
      const segments = path.split("/");
      segments.shift();
      // A slash at the end means the same resource, except inside a greedy label.
      const exact = segments.at(-1) === "" ? segments.slice(0, -1) : segments;
      const found: { candidate: Candidate; labels: string[]; score: number }[] = [];
      const visit = (node: Node, at: number, labels: string[], literalSegments: number): void => {
        if (at === exact.length) {
          for (const candidate of node.candidates.get(method) ?? []) {
            const score = scoreOf(candidate, query, headers);
            if (score !== undefined) found.push({ candidate, labels, score: score + literalSegments * 1000 });
          }
        } else {
          const segment = exact[at]!;
          const next = node.literal.get(segment);
          if (next !== undefined) visit(next, at + 1, labels, literalSegments + 1);
          if (node.label !== undefined && segment !== "")
            visit(node.label, at + 1, [...labels, segment], literalSegments);
        }
        for (const greedy of node.greedy ?? []) {
          const all = greedy.after.length === 0 ? segments : exact;
          const end = all.length - greedy.after.length;
          if (end <= at || !greedy.after.every((segment, i) => all[end + i] === segment)) continue;
          const value = all.slice(at, end).join("/");
          if (value === "") continue;
          for (const candidate of greedy.node.candidates.get(method) ?? []) {
            const score = scoreOf(candidate, query, headers);
            if (score === undefined) continue;
            found.push({ candidate, labels: [...labels, value], score: score + literalSegments * 1000 });
          }
        }
      };
      visit(root, 0, [], 0);
      let best = found[0];
      for (const each of found) if (each.score > best!.score) best = each;
      if (best === undefined) return undefined;
      const labels: string[] = [];
      for (const label of best.labels) {
        const decoded = percentDecode(label);
        if (decoded === undefined) return undefined;
        labels.push(decoded);
      }
      return { operation: best.candidate.name, labels };
    },
  };
}

function add(model: ServiceModel, root: Node, name: string, operation: OperationModel): void {
  const [path = "", query = ""] = operation.http.requestUri.split("?", 2);
  const segments = path.split("/").filter((segment) => segment !== "");
  let node = root;
  for (const [i, segment] of segments.entries()) {
    if (segment.startsWith("{") && segment.endsWith("+}")) {
      const after = segments.slice(i + 1);
      const same = node.greedy?.find((greedy) => greedy.after.join("/") === after.join("/"));
      const target = same?.node ?? newNode();
      if (same === undefined) (node.greedy ??= []).push({ after, node: target });
      node = target;
      break;
    }
    if (segment.startsWith("{")) {
      node = node.label ??= newNode();
    } else {
      let next = node.literal.get(segment);
      if (next === undefined) node.literal.set(segment, (next = newNode()));
      node = next;
    }
  }
  const input = operation.input === undefined ? undefined : structureOf(model, operation.input);
  const candidates = node.candidates.get(operation.http.method) ?? [];
  candidates.push({
    name,
    isDeprecated: operation.deprecated === true,
    literals: query
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => [pair.split("=", 1)[0]!, pair.includes("=") ? pair.slice(pair.indexOf("=") + 1) : ""] as const),
    requiredQuery: required(input, "querystring"),
    requiredHeaders: required(input, "header").map((name) => name.toLowerCase()),
  });
  node.candidates.set(operation.http.method, candidates);
}

function required(input: StructureShape | undefined, location: string): string[] {
  if (input === undefined) return [];
  return (input.required ?? [])
    .filter((name) => input.members[name]?.location === location)
    .map((name) => input.members[name]!.locationName ?? name);
}

/**
 * How well a request fits: the pattern's own query must be there; of several operations the one wins whose required
 * parameters are there (S3: `uploadId` and `x-amz-copy-source` are all that tells UploadPart and CopyObject from
 * PutObject). `x-id` is what some SDKs say themselves.
 */
function scoreOf(
  candidate: Candidate,
  query: ReadonlyMap<string, readonly string[]>,
  headers: Readonly<Record<string, string>>,
): number | undefined {
  let score = 0;
  for (const [name, value] of candidate.literals) {
    const given = query.get(name);
    if (given === undefined || (value !== "" && !given.includes(value))) return undefined;
    score += 20;
  }
  for (const name of candidate.requiredQuery) score += query.has(name) ? 10 : -10;
  for (const name of candidate.requiredHeaders) score += headers[name] === undefined ? -10 : 10;
  if (query.get("x-id")?.includes(candidate.name) === true) score += 5;
  if (candidate.isDeprecated) score -= 1;
  return score;
}
