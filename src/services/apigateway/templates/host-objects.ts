import type { Expression } from "../../../languages/vtl/ast.ts";
import type { HostShape } from "../../../languages/vtl/check-template.ts";
import { memberOf } from "../../../languages/vtl/methods.ts";
import { HostObject, textOf, type Value, type ValueMap } from "../../../languages/vtl/value.ts";
import { followJsonPath, parseJsonPath } from "./json-path.ts";
import { utilMethods } from "./util.ts";

/** What a mapping template is rendered with. */
export interface TemplateInput {
  /** As text; binary bodies are not mapped. */
  readonly body: string;
  /** Each kind of parameter by name. */
  readonly params: {
    readonly path: ValueMap;
    readonly querystring: ValueMap;
    readonly header: ValueMap;
  };
  readonly context: ValueMap;
  readonly stageVariables: ValueMap;
  /** Where a response template puts what it sets. */
  readonly overrides?: ResponseOverrides;
}

/** What `#set($context.responseOverride.status = …)` and `….header.name = …` have set. */
export interface ResponseOverrides {
  status?: Value;
  readonly headers: Map<string, Value>;
}

/** The body is no JSON, though the template takes it apart. */
export class BodyNotJson extends Error {
  override readonly name = "BodyNotJson";
}

/**
 * The objects that mapping templates have.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function hostObjects(input: TemplateInput): ReadonlyMap<string, HostObject> {
  return new Map<string, HostObject>([
    ["input", new InputObject(input)],
    ["context", new ContextObject(input)],
    ["stageVariables", new Properties(input.stageVariables)],
    ["util", new UtilObject()],
  ]);
}

/** What request templates can ask of them. */
export const requestShapes: ReadonlyMap<string, HostShape> = new Map<string, HostShape>([
  [
    "input",
    {
      properties: new Set(["body"]),
      methods: new Map([
        ["json", checkPath],
        ["path", checkPath],
        [
          "params",
          (args: readonly Expression[]) => (args.length > 1 ? "$input.params() with two arguments" : undefined),
        ],
      ]),
    },
  ],
  [
    "context",
    {
      properties: new Set([
        "accountId",
        "apiId",
        "authorizer",
        "awsEndpointRequestId",
        "deploymentId",
        "domainName",
        "domainPrefix",
        "extendedRequestId",
        "httpMethod",
        "identity",
        "path",
        "protocol",
        "requestId",
        "requestTime",
        "requestTimeEpoch",
        "resourceId",
        "resourcePath",
        "stage",
      ]),
      methods: new Map(),
    },
  ],
  ["stageVariables", { methods: new Map([["get", () => undefined]]) }],
  [
    "util",
    { properties: new Set<string>(), methods: new Map([...utilMethods.keys()].map((name) => [name, () => undefined])) },
  ],
]);

/**
 * Response templates can also set status and headers.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
 */
export const responseShapes: ReadonlyMap<string, HostShape> = new Map([
  ...requestShapes,
  [
    "context",
    {
      ...requestShapes.get("context")!,
      assignable: ([override, what, ...names]: readonly string[]) =>
        override === "responseOverride" &&
        ((what === "status" && names.length === 0) || (what === "header" && names.length === 1)),
    },
  ],
]);

/** Paths must be written out, so that one that is not built is refused when the template is stored. */
function checkPath(args: readonly Expression[]): string | undefined {
  const [path] = args;
  if (args.length !== 1 || path!.kind !== "literal" || typeof path!.value !== "string") {
    return "a JSONPath that is no plain text";
  }
  return parseJsonPath(path!.value) === undefined ? `the JSONPath ${path!.value}` : undefined;
}

class Properties extends HostObject {
  readonly #values: ValueMap;
  readonly methods: HostObject["methods"] = new Map([["get", ([name]) => this.property(textOf(name))]]);

  constructor(values: ValueMap) {
    super();
    this.#values = values;
  }

  text(): string {
    return textOf(this.#values);
  }

  property(name: string): Value {
    return memberOf(this.#values, name);
  }
}

/** Asks for the context only when the template does: few do, and it is long. */
class ContextObject extends HostObject {
  readonly #input: TemplateInput;
  readonly methods: HostObject["methods"] = noMethods;

  constructor(input: TemplateInput) {
    super();
    this.#input = input;
  }

  text(): string {
    return "";
  }

  property(name: string): Value {
    return memberOf(this.#input.context, name);
  }

  override assign([, what, name]: readonly string[], value: Value): void {
    const { overrides } = this.#input;
    if (!overrides) return;
    if (what === "status") overrides.status = value;
    else overrides.headers.set(name!, value);
  }
}

const noMethods: HostObject["methods"] = new Map();

class UtilObject extends HostObject {
  readonly methods = utilMethods;

  text(): string {
    return "";
  }

  property(): Value {
    return undefined;
  }
}

class InputObject extends HostObject {
  readonly #input: TemplateInput;
  #parsed: { readonly value: Value } | undefined;
  readonly methods: HostObject["methods"] = new Map([
    ["json", ([path]) => this.#json(path as string)],
    ["path", ([path]) => this.#follow(path as string)],
    ["params", (args) => (args.length === 0 ? { ...this.#input.params } : this.#param(textOf(args[0])))],
  ]);

  constructor(input: TemplateInput) {
    super();
    this.#input = input;
  }

  text(): string {
    return "";
  }

  property(name: string): Value {
    return name === "body" ? this.#input.body : undefined;
  }

  /** JSON text; what is not there is the empty string's. */
  #json(path: string): Value {
    if (path.trim() === "$") {
      // Numbers and the order of members stay as sent: only the blanks go.
      void this.#value();
      return this.#input.body.trim() === "" ? "{}" : compactJson(this.#input.body);
    }
    const found = this.#follow(path);
    return found === undefined ? '""' : JSON.stringify(found);
  }

  #follow(path: string): Value {
    return followJsonPath(parseJsonPath(path)!, this.#value());
  }

  #value(): Value {
    if (this.#parsed === undefined) {
      const { body } = this.#input;
      try {
        this.#parsed = { value: body.trim() === "" ? {} : (JSON.parse(body) as Value) };
      } catch (error) {
        throw new BodyNotJson((error as Error).message);
      }
    }
    return this.#parsed.value;
  }

  /** Looks at path, query string and headers, in this order. */
  #param(name: string): Value {
    const { path, querystring, header } = this.#input.params;
    const found = memberOf(path, name) ?? memberOf(querystring, name) ?? memberOf(header, name);
    if (found !== undefined) return found;
    const lower = name.toLowerCase();
    return Object.entries(header).find(([key]) => key.toLowerCase() === lower)?.[1] ?? "";
  }
}

const blanksOrStrings = /"(?:[^"\\]|\\.)*"|\s+/g;

/** Valid JSON without the blanks between its tokens. */
function compactJson(json: string): string {
  return json.replace(blanksOrStrings, (found) => (found.startsWith('"') ? found : ""));
}
