import { kindOf, parameterName } from "../resources/path-part.ts";
import type { IntegrationRow, MethodRow, ResourceRow, SnapshotRow } from "../state.ts";
import { compileCustomMapping, type CustomMapping } from "./custom-mapping.ts";

/** A method as it was deployed. */
export interface DeployedMethod {
  readonly row: MethodRow;
  readonly integration: IntegrationRow;
  /** Compiled when it is first called; proxies have none. */
  readonly mapping: () => CustomMapping;
}

export interface Route {
  readonly resource: ResourceRow;
  readonly method: DeployedMethod;
  /** Still percent-encoded, as functions get them. */
  readonly pathParameters: ReadonlyMap<string, string>;
}

interface Leaf {
  readonly resource: ResourceRow;
  readonly methods: ReadonlyMap<string, DeployedMethod>;
}

interface TreeNode {
  readonly children: Map<string, TreeNode>;
  parameter?: { readonly name: string; readonly node: TreeNode };
  greedy?: { readonly name: string; readonly leaf: Leaf };
  leaf?: Leaf;
}

/** The resources of a deployment as a tree, so that finding one costs its depth and not their number. */
export class Router {
  readonly #root: TreeNode;

  constructor(snapshot: Pick<SnapshotRow, "resources" | "methods">) {
    const methods = Map.groupBy(snapshot.methods, ({ resourceId }) => resourceId);
    const children = Map.groupBy(snapshot.resources, ({ parentId }) => parentId);
    const build = (resource: ResourceRow): TreeNode => {
      const node: TreeNode = { children: new Map(), leaf: leafOf(resource, methods.get(resource.id) ?? []) };
      for (const child of children.get(resource.id) ?? []) {
        const part = child.pathPart!;
        const kind = kindOf(part);
        if (kind === "static") node.children.set(part, build(child));
        else if (kind === "parameter") node.parameter = { name: parameterName(part), node: build(child) };
        else node.greedy = { name: parameterName(part), leaf: leafOf(child, methods.get(child.id) ?? []) };
      }
      return node;
    };
    this.#root = build(children.get(undefined)![0]!);
  }

  /**
   * The most specific resource that takes the verb: at each segment a fixed part comes before `{name}`, and that before
   * `{name+}`. A slash at the end makes no difference.
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
   */
  match(httpMethod: string, path: string): Route | undefined {
    const segments = path.split("/").filter((segment) => segment !== "");
    return find(this.#root, segments, 0, httpMethod, new Map());
  }
}

function leafOf(resource: ResourceRow, methods: readonly MethodRow[]): Leaf {
  return {
    resource,
    methods: new Map(
      methods.map((row): [string, DeployedMethod] => {
        let mapping: CustomMapping | undefined;
        return [
          row.httpMethod,
          // Nothing is deployed without an integration.
          { row, integration: row.integration!, mapping: () => (mapping ??= compileCustomMapping(row)) },
        ];
      }),
    ),
  };
}

function find(
  node: TreeNode,
  segments: readonly string[],
  at: number,
  httpMethod: string,
  parameters: ReadonlyMap<string, string>,
): Route | undefined {
  if (at === segments.length) return routeTo(node.leaf, httpMethod, parameters);
  const segment = segments[at]!;
  const fixed = node.children.get(segment);
  const found = fixed && find(fixed, segments, at + 1, httpMethod, parameters);
  if (found) return found;
  if (node.parameter) {
    const { name, node: next } = node.parameter;
    const route = find(next, segments, at + 1, httpMethod, new Map([...parameters, [name, segment]]));
    if (route) return route;
  }
  if (!node.greedy) return undefined;
  const { name, leaf } = node.greedy;
  return routeTo(leaf, httpMethod, new Map([...parameters, [name, segments.slice(at).join("/")]]));
}

function routeTo(
  leaf: Leaf | undefined,
  httpMethod: string,
  pathParameters: ReadonlyMap<string, string>,
): Route | undefined {
  const method = leaf?.methods.get(httpMethod) ?? leaf?.methods.get("ANY");
  return method && { resource: leaf!.resource, method, pathParameters };
}
