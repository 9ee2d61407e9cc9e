import type { Expression, Node, ReferenceNode, SetNode, Template } from "./ast.ts";
import { methodNames } from "./methods.ts";

/** What a host object has, for finding out before anything is rendered what it has not. */
export interface HostShape {
  /** Absent: every property may be asked for. */
  readonly properties?: ReadonlySet<string>;
  /** Each method's check of its arguments: what is wrong, or undefined. */
  readonly methods: ReadonlyMap<string, (args: readonly Expression[]) => string | undefined>;
  /** Whether `#set` may set what these names lead to. */
  readonly assignable?: (path: readonly string[]) => boolean;
}

/** The first thing in a template that cannot be rendered faithfully, or undefined. */
export function findUnsupported(template: Template, hosts: ReadonlyMap<string, HostShape>): string | undefined {
  for (const node of references(template)) {
    const host = hosts.get(node.name);
    const found = node.kind === "set" ? checkSet(node, host) : checkReference(node, host);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Plain names are the template's own; those of host objects stay theirs. */
function checkSet({ name, path }: SetNode, host: HostShape | undefined): string | undefined {
  if (host === undefined ? path.length === 0 : host.assignable?.(path)) return undefined;
  return `#set of $${[name, ...path].join(".")}`;
}

function checkReference(reference: ReferenceNode, host: HostShape | undefined): string | undefined {
  if (host !== undefined && reference.steps.length === 0) return `${reference.source} by itself`;
  for (const [at, step] of reference.steps.entries()) {
    if (step.kind === "index") continue;
    const own = at === 0 ? host : undefined;
    if (step.kind === "property") {
      if (own?.properties !== undefined && !own.properties.has(step.name)) return `$${reference.name}.${step.name}`;
      continue;
    }
    const method = own?.methods.get(step.name);
    if (own !== undefined && method === undefined) return `$${reference.name}.${step.name}()`;
    if (own === undefined && !methodNames.has(step.name)) return `the method ${step.name}() in ${reference.source}`;
    const wrong = method?.(step.args);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function* references(template: Template): Generator<ReferenceNode | SetNode> {
  for (const node of template) yield* referencesOf(node);
}

function* referencesOf(node: Node): Generator<ReferenceNode | SetNode> {
  switch (node.kind) {
    case "reference":
      yield* referencesIn(node);
      return;
    case "set":
      yield node;
      yield* referencesIn(node.value);
      return;
    case "if":
      for (const { condition, body } of node.branches) {
        yield* referencesIn(condition);
        yield* references(body);
      }
      yield* references(node.otherwise);
      return;
    case "foreach":
      yield* referencesIn(node.over);
      yield* references(node.body);
      return;
    case "text":
    case "stop":
    case "break":
  }
}

function* referencesIn(expression: Expression): Generator<ReferenceNode | SetNode> {
  switch (expression.kind) {
    case "reference":
      yield expression;
      for (const step of expression.steps) {
        if (step.kind === "index") yield* referencesIn(step.index);
        if (step.kind === "method") for (const arg of step.args) yield* referencesIn(arg);
      }
      return;
    case "interpolation":
      yield* references(expression.template);
      return;
    case "list":
      for (const item of expression.items) yield* referencesIn(item);
      return;
    case "map":
      for (const [key, value] of expression.entries) {
        yield* referencesIn(key);
        yield* referencesIn(value);
      }
      return;
    case "range":
      yield* referencesIn(expression.from);
      yield* referencesIn(expression.to);
      return;
    case "not":
      yield* referencesIn(expression.operand);
      return;
    case "binary":
      yield* referencesIn(expression.left);
      yield* referencesIn(expression.right);
      return;
    case "literal":
  }
}
