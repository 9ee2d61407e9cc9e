import { compilePolicy, type Policy, type PolicyRequest } from "./compile-policy.ts";
import { evaluate, explainDenial, type PolicySets } from "./evaluate.ts";
import { parsePolicy } from "./parse-policy.ts";
import { PolicyError } from "./policy.ts";

/** `PolicySets` as the texts on record. */
export interface PolicyTexts {
  readonly identity?: readonly string[];
  readonly resource?: string;
  readonly boundary?: string;
  readonly session?: readonly string[];
}

export interface PolicyAnswer {
  readonly allowed: boolean;
  /** The end of the access-denied message; empty when allowed. */
  readonly reason: string;
}

/** Evaluates policies given as text, compiling each text once. */
export interface PolicyEvaluator {
  evaluate(request: PolicyRequest, texts: PolicyTexts): PolicyAnswer;
}

const allowed: PolicyAnswer = { allowed: true, reason: "" };

/** Keeps the latest `limit` compiled policies. */
export function createPolicyEvaluator(limit = 2_000): PolicyEvaluator {
  const compiled = new Map<string, Policy>();

  function compile(text: string): Policy {
    const known = compiled.get(text);
    if (known) return known;
    const document = parsePolicy(text);
    if (document instanceof PolicyError) throw new UnreadablePolicyError(document);
    const policy = compilePolicy(document);
    if (compiled.size >= limit) compiled.delete(compiled.keys().next().value!);
    compiled.set(text, policy);
    return policy;
  }

  return {
    evaluate(request, texts) {
      let sets: PolicySets;
      try {
        sets = {
          ...(texts.identity && { identity: texts.identity.map(compile) }),
          ...(texts.resource !== undefined && { resource: compile(texts.resource) }),
          ...(texts.boundary !== undefined && { boundary: compile(texts.boundary) }),
          ...(texts.session && { session: texts.session.map(compile) }),
        };
      } catch (error) {
        if (!(error instanceof UnreadablePolicyError)) throw error;
        // What cannot be read might have denied.
        return { allowed: false, reason: `because a policy that applies cannot be read: ${error.message}` };
      }
      const decision = evaluate(request, sets);
      return decision.allowed ? allowed : { allowed: false, reason: explainDenial(decision, request.action) };
    },
  };
}

class UnreadablePolicyError extends Error {
  constructor({ message, path }: PolicyError) {
    super(path ? `${message} (${path})` : message);
  }
}
