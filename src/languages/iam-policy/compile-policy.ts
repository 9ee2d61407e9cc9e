import { matchPrincipal, type Caller, type Closeness } from "./caller.ts";
import { compileCondition } from "./condition.ts";
import { compileArnPattern, compilePattern, type ContextLookup, type Pattern } from "./pattern.ts";
import type { NegatableList, PolicyDocument, Statement } from "./policy.ts";

/** What is asked. */
export interface PolicyRequest {
  readonly caller: Caller;
  /** `dynamodb:PutItem`, in any case. */
  readonly action: string;
  /** The resource's ARN, or `*` where the action has none. */
  readonly resource: string;
  /** The account that owns the resource. */
  readonly resourceAccount: string;
  /** Condition keys of the request, by lower-case name. */
  readonly context: ContextLookup;
}

/** A policy ready to be asked many times. */
export interface Policy {
  readonly document: PolicyDocument;
  readonly statements: readonly CompiledStatement[];
}

export interface CompiledStatement {
  readonly statement: Statement;
  /** `none` when the statement does not apply to the request. */
  match(request: PolicyRequest): Closeness;
}

export function compilePolicy(document: PolicyDocument): Policy {
  const variables = document.version === "2012-10-17";
  return { document, statements: document.statements.map((statement) => compileStatement(statement, variables)) };
}

function compileStatement(statement: Statement, variables: boolean): CompiledStatement {
  const action = compileActions(statement.action);
  // Trust policies name no resource: theirs is the role they belong to.
  const resource = statement.resource
    ? compileList(statement.resource, (text) => compileArnPattern(text, { variables, wildcards: true }))
    : () => true;
  const conditions = statement.conditions.map((condition) => compileCondition(condition, variables));
  return {
    statement,
    match(request) {
      if (!action(request.action)) return "none";
      if (!resource(request.resource, request.context)) return "none";
      const closeness = matchPrincipal(statement.principal, request.caller);
      if (closeness === "none") return "none";
      return conditions.every((holds) => holds(request.context)) ? closeness : "none";
    },
  };
}

/** Patterns are kept by service, since most of a long list is about other services than the one asked for. */
function compileActions({ values, negated }: NegatableList): (action: string) => boolean {
  const ofService = new Map<string, Pattern[]>();
  const ofAny: Pattern[] = [];
  for (const text of values.map((value) => value.toLowerCase())) {
    const pattern = compilePattern(text, { variables: false, wildcards: true });
    const service = text.slice(0, Math.max(text.indexOf(":"), 0));
    const known = ofService.get(service);
    if (service === "" || /[*?]/.test(service)) ofAny.push(pattern);
    else if (known) known.push(pattern);
    else ofService.set(service, [pattern]);
  }
  return (given) => {
    const action = given.toLowerCase();
    const matches = (pattern: Pattern) => pattern.matches(action, noContext);
    const found = ofAny.some(matches) || (ofService.get(action.slice(0, action.indexOf(":")))?.some(matches) ?? false);
    return found !== negated;
  };
}

const noContext = () => undefined;

function compileList(list: NegatableList, compile: (text: string) => Pattern): Pattern["matches"] {
  const patterns = list.values.map(compile);
  return (value, context) => patterns.some((pattern) => pattern.matches(value, context)) !== list.negated;
}
