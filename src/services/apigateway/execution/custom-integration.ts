import { asBuffer } from "../../../base/bytes.ts";
import type { HttpResponse } from "../../../kernel/http.ts";
import { RenderError } from "../../../languages/vtl/render.ts";
import { memberOf } from "../../../languages/vtl/methods.ts";
import { isMap, textOf, type Value, type ValueMap } from "../../../languages/vtl/value.ts";
import { BodyNotJson, type ResponseOverrides, type TemplateInput } from "../templates/host-objects.ts";
import { followJsonPath } from "../templates/json-path.ts";
import { parseJson } from "../templates/parse-json.ts";
import type { MappingSource } from "../integrations/mapping-source.ts";
import type { CustomMapping, ResponseMapping } from "./custom-mapping.ts";
import { GatewayRefusal, idHeaders, refusal } from "./gateway-refusal.ts";
import { type LambdaCaller, misconfigured } from "./lambda-caller.ts";
import { mediaType } from "./media-types.ts";
import { responseHeader } from "./response-headers.ts";
import type { StageCall } from "./stage-call.ts";
import type { CompiledTemplate } from "../templates/compile-template.ts";

/** What an integration answered, before it is mapped. */
interface IntegrationAnswer {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What selection patterns are held against; undefined where the default response is meant. */
  readonly selector: string | undefined;
}

/** Integrations with mappings both ways: Lambda functions, and MOCK, which has nothing behind it. */
export async function callCustomIntegration(call: StageCall, lambda: LambdaCaller): Promise<HttpResponse> {
  const mapping = call.route.method.mapping();
  const input = new CallInput(call, asBuffer(await call.body()).toString());
  try {
    const request = mapRequest(call, mapping, input);
    const answer =
      call.route.method.integration.type === "MOCK"
        ? answerMock(call, request)
        : await answerLambda(call, lambda, request, mapping.asynchronous);
    return mapResponse(call, selectResponse(call, mapping, answer.selector), answer);
  } catch (error) {
    if (error instanceof BodyNotJson) {
      throw new GatewayRefusal(400, `Could not parse request body into json: ${error.message}`, "BadRequestException");
    }
    if (error instanceof RenderError) throw misconfigured(call, `A mapping template failed: ${error.message}.`);
    throw error;
  }
}

/** The template for the content type, or the body itself where the integration lets it pass. */
function mapRequest(call: StageCall, mapping: CustomMapping, input: TemplateInput): string {
  const type = mediaType(call.request.headers["content-type"]) ?? "application/json";
  const template = mapping.requestTemplates.get(type);
  if (template) return template(input);
  const { passthroughBehavior } = call.route.method.integration;
  const passes =
    passthroughBehavior === "WHEN_NO_MATCH" ||
    (passthroughBehavior === "WHEN_NO_TEMPLATES" && mapping.requestTemplates.size === 0);
  if (!passes) throw refusal.unsupportedMediaType();
  return input.body;
}

/** A MOCK's request template says with which status it answers. */
function answerMock(call: StageCall, request: string): IntegrationAnswer {
  const status = /"?statusCode"?\s*:\s*"?(\d{3})/.exec(request)?.[1];
  if (status === undefined) {
    throw misconfigured(
      call,
      `The request template of a MOCK integration must give {"statusCode": 200}, but gave: ${request.slice(0, 200)}`,
    );
  }
  return { body: "", headers: {}, selector: status };
}

async function answerLambda(
  call: StageCall,
  lambda: LambdaCaller,
  request: string,
  asynchronous: boolean,
): Promise<IntegrationAnswer> {
  const { payload, failed } = await lambda.invoke(call, request.trim() === "" ? "{}" : request, asynchronous);
  return {
    body: payload,
    headers: { "content-type": "application/json", ...(failed && { "x-amz-function-error": "Unhandled" }) },
    selector: failed ? errorMessage(payload) : undefined,
  };
}

function errorMessage(payload: string): string {
  const error = parseJson(payload);
  const message = isMap(error) ? memberOf(error, "errorMessage") : undefined;
  return typeof message === "string" ? message : "";
}

/** The first response whose pattern fits, else the one without a pattern. */
function selectResponse(call: StageCall, mapping: CustomMapping, selector: string | undefined): ResponseMapping {
  const found =
    (selector === undefined ? undefined : mapping.responses.find(({ pattern }) => pattern?.matches(selector))) ??
    mapping.responses.find(({ pattern }) => pattern === undefined);
  if (!found) {
    throw misconfigured(call, "No integration response fits the answer. Put one without a selection pattern.");
  }
  if (!found.declared) {
    throw misconfigured(
      call,
      `The integration response ${found.status} has no method response. Put it with: aws apigateway put-method-response --status-code ${found.status} …`,
    );
  }
  return found;
}

function mapResponse(call: StageCall, response: ResponseMapping, answer: IntegrationAnswer): HttpResponse {
  const [type, template] = chooseTemplate(call, response.templates);
  const input = new CallInput(call, answer.body);
  const body = template ? template(input) : answer.body;
  const { overrides } = input;
  const headers: (readonly [string, string])[] = [];
  const mapped = new Map(response.headers.map(({ name, source }) => [name, mappedValue(source, answer, input)]));
  for (const [name, value] of overrides.headers) mapped.set(name, written(value));
  for (const [name, value] of mapped) {
    if (value === undefined) continue;
    const pairs = responseHeader(name, value, false);
    if (!pairs) throw misconfigured(call, `The mapped header ${name} has characters that no header can have.`);
    headers.push(...pairs);
  }
  if (!headers.some(([name]) => name.toLowerCase() === "content-type")) headers.push(["Content-Type", type]);
  headers.push(...idHeaders(call.ids), ["X-Amzn-Trace-Id", call.ids.traceId]);
  return { status: readStatus(call, overrides, response), headers, body };
}

function readStatus(call: StageCall, { status }: ResponseOverrides, response: ResponseMapping): number {
  if (status === undefined) return response.status;
  const number = Number(status);
  if (Number.isInteger(number) && number >= 200 && number <= 599) return number;
  throw misconfigured(call, `A template set $context.responseOverride.status to ${textOf(status)}.`);
}

/** The one that the client asks for, else JSON, else any. */
function chooseTemplate(
  call: StageCall,
  templates: ReadonlyMap<string, CompiledTemplate>,
): readonly [type: string, template: CompiledTemplate | undefined] {
  for (const type of [mediaType(call.request.headers["accept"]?.split(",", 1)[0]), "application/json"]) {
    const template = type === undefined ? undefined : templates.get(type);
    if (template) return [type!, template];
  }
  return templates.entries().next().value ?? ["application/json", undefined];
}

function mappedValue(source: MappingSource, answer: IntegrationAnswer, request: TemplateInput): string | undefined {
  switch (source.kind) {
    case "static":
      return source.value;
    case "header":
      return Object.hasOwn(answer.headers, source.name) ? answer.headers[source.name] : undefined;
    case "body":
      return source.path ? written(followJsonPath(source.path, parseJson(answer.body))) : answer.body;
    case "context":
      return written(
        source.path.reduce<Value>((from, name) => (isMap(from) ? memberOf(from, name) : undefined), request.context),
      );
    case "stageVariable":
      return written(memberOf(request.stageVariables, source.name));
    case "unsupported":
      throw new Error("Such a mapping is refused when it is put.");
  }
}

function written(value: Value): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : textOf(value);
}

/** What templates ask of a call; made when they ask. */
class CallInput implements TemplateInput {
  readonly body: string;
  readonly overrides: ResponseOverrides = { headers: new Map() };
  readonly #call: StageCall;

  constructor(call: StageCall, body: string) {
    this.#call = call;
    this.body = body;
  }

  get params(): TemplateInput["params"] {
    return {
      path: Object.fromEntries(this.#call.route.pathParameters),
      querystring: lastOf(this.#call.query ?? {}),
      header: lastOf(this.#call.headers),
    };
  }

  get context(): ValueMap {
    return this.#call.context;
  }

  get stageVariables(): ValueMap {
    return this.#call.variables;
  }
}

function lastOf(lists: Readonly<Record<string, readonly string[]>>): ValueMap {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1)!]));
}
