import { InvalidInputException } from "../../api/iam/errors.ts";
import type {
  ContextEntry,
  EvaluationResult,
  PolicyEvaluationDecisionType,
  PolicySourceType,
  ResourceSpecificResult,
  SimulateCustomPolicyRequest,
  Statement,
} from "../../api/iam/types.ts";
import { parseArn } from "../../base/arn.ts";
import type { Caller } from "../../languages/iam-policy/caller.ts";
import { compilePolicy, type Policy } from "../../languages/iam-policy/compile-policy.ts";
import { evaluate, type Decision } from "../../languages/iam-policy/evaluate.ts";
import { parsePolicy, type PolicyKind } from "../../languages/iam-policy/parse-policy.ts";
import type { ContextValue } from "../../languages/iam-policy/pattern.ts";
import { PolicyError } from "../../languages/iam-policy/policy.ts";

/** A policy that takes part, and how the answer names it. */
export interface NamedPolicy {
  readonly id: string;
  readonly type: PolicySourceType;
  readonly document: string;
}

/** A compiled policy that knows its name. */
interface SourcePolicy extends Policy {
  readonly source: NamedPolicy;
}

export interface Simulation {
  readonly caller: Exclude<Caller, { kind: "service" | "anonymous" | "web-identity" }>;
  readonly identity: readonly NamedPolicy[];
  readonly boundary: NamedPolicy | undefined;
  readonly request: Pick<
    SimulateCustomPolicyRequest,
    "ResourceArns" | "ResourcePolicy" | "ResourceOwner" | "ContextEntries" | "ResourceHandlingOption"
  >;
}

/** Answers for one action after another whether the policies would allow it, in AWS's three words. */
export function createSimulator(simulation: Simulation): (action: string) => EvaluationResult {
  const { caller, request } = simulation;
  if (request.ResourceHandlingOption !== undefined) {
    throw new InvalidInputException({ message: "ResourceHandlingOption is for EC2, which does not exist here." });
  }
  const identity = simulation.identity.map((policy) => compile(policy, "any"));
  const boundary = simulation.boundary && compile(simulation.boundary, "any");
  const resource =
    request.ResourcePolicy === undefined
      ? undefined
      : compile({ id: "ResourcePolicy", type: "resource", document: request.ResourcePolicy }, "resource");
  const context = readContext(request.ContextEntries);
  const sources = [...identity, ...(boundary ? [boundary] : []), ...(resource ? [resource] : [])];
  const owner = (request.ResourceOwner && parseArn(request.ResourceOwner)?.account) ?? caller.account;

  const ask = (action: string, arn: string): ResourceSpecificResult => {
    const missing = new Set<string>();
    const lookup = (key: string) => {
      const value = context.get(key);
      if (value === undefined) missing.add(key);
      return value;
    };
    const decision = evaluate(
      { caller, action, resource: arn, resourceAccount: owner, context: lookup },
      { identity, ...(boundary && { boundary }), ...(resource && { resource }) },
    );
    return {
      EvalResourceName: arn,
      EvalResourceDecision: nameOf(decision),
      MatchedStatements: matched(decision, sources),
      MissingContextValues: [...missing].toSorted(),
      ...(boundary && {
        PermissionsBoundaryDecisionDetail: {
          AllowedByPermissionsBoundary: decision.allowed || decision.policyType !== "boundary",
        },
      }),
    };
  };

  return (action) => {
    if (!request.ResourceArns?.length) return withoutResources(action, ask(action, "*"));
    const results = request.ResourceArns.map((arn) => ask(action, arn));
    const worst = results.toSorted((a, b) => rank[b.EvalResourceDecision] - rank[a.EvalResourceDecision])[0]!;
    return { ...withoutResources(action, worst), ResourceSpecificResults: results };
  };
}

const rank: Record<PolicyEvaluationDecisionType, number> = { allowed: 0, implicitDeny: 1, explicitDeny: 2 };

function withoutResources(action: string, result: ResourceSpecificResult): EvaluationResult {
  const { EvalResourceDecision: decision, ...rest } = result;
  return { EvalActionName: action, EvalDecision: decision, ...rest };
}

function nameOf(decision: Decision): PolicyEvaluationDecisionType {
  return decision.allowed ? "allowed" : decision.explicit ? "explicitDeny" : "implicitDeny";
}

function matched(decision: Decision, sources: readonly SourcePolicy[]): Statement[] {
  if (!decision.statement) return [];
  const policy = sources.find(({ document }) => document.statements.includes(decision.statement!));
  return policy ? [{ SourcePolicyId: policy.source.id, SourcePolicyType: policy.source.type }] : [];
}

function compile(source: NamedPolicy, kind: PolicyKind): SourcePolicy {
  const document = parsePolicy(source.document, kind);
  if (!(document instanceof PolicyError)) return { ...compilePolicy(document), source };
  throw new InvalidInputException({ message: `Invalid policy ${source.id}: ${document.message}` });
}

function readContext(entries: readonly ContextEntry[] | undefined): ReadonlyMap<string, ContextValue> {
  const context = new Map<string, ContextValue>();
  for (const { ContextKeyName, ContextKeyValues, ContextKeyType } of entries ?? []) {
    if (ContextKeyName === undefined || !ContextKeyValues) {
      throw new InvalidInputException({ message: "A context entry needs a name and values." });
    }
    const isList = ContextKeyType?.endsWith("List") ?? ContextKeyValues.length !== 1;
    if (!isList && ContextKeyValues.length !== 1) {
      throw new InvalidInputException({
        message: `${ContextKeyName} is of type ${ContextKeyType} and takes one value.`,
      });
    }
    context.set(ContextKeyName.toLowerCase(), isList ? ContextKeyValues : ContextKeyValues[0]!);
  }
  return context;
}
