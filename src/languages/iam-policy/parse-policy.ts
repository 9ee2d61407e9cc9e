import {
  conditionOperators,
  PolicyError,
  type Condition,
  type ConditionOperator,
  type NegatableList,
  type PolicyDocument,
  type PrincipalElement,
  type PrincipalEntry,
  type PrincipalType,
  type Statement,
} from "./policy.ts";

/**
 * Where the policy is to be attached decides which elements it must and must not have: `identity` policies name resources
 * and no principal, `trust` policies a principal and no resource, `resource` policies both. `session` policies are
 * identity policies that come with a request. `any` is what a policy on record is read as.
 */
export type PolicyKind = "identity" | "resource" | "trust" | "session" | "any";

/** Far above every quota of AWS (the largest policies, of S3 buckets, have 20 KB). */
const maximumCharacters = 131_072;
const maximumDepth = 8;
const maximumStatements = 1_000;

const documentElements = new Set(["Version", "Id", "Statement"]);
const statementElements = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);
const principalTypes: ReadonlySet<string> = new Set(["AWS", "Service", "Federated", "CanonicalUser"]);
const operatorsByLowerCase = new Map<string, ConditionOperator>(
  conditionOperators.map((name) => [name.toLowerCase(), name]),
);

const syntaxErrors = "Syntax errors in policy.";

/**
 * Reads a policy document.
 * The messages are those of IAM's MalformedPolicyDocument where AWS is known to send one; the rest name the place.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string, kind: PolicyKind = "any"): PolicyDocument | PolicyError {
  try {
    return readDocument(text, kind);
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

/** Carries a PolicyError out of the reader; never leaves this file. */
class Refusal extends Error {
  readonly reason: PolicyError;

  constructor(message: string, path: string, position?: number) {
    super(message);
    this.reason = new PolicyError(message, path, position);
  }
}

function readDocument(text: string, kind: PolicyKind): PolicyDocument {
  if (text.length > maximumCharacters) throw new Refusal(syntaxErrors, "");
  const json = readJson(text);
  if (!isObject(json)) throw new Refusal(syntaxErrors, "");
  for (const name of Object.keys(json)) {
    if (!documentElements.has(name)) throw new Refusal(syntaxErrors, name);
  }
  const version = json["Version"];
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17") {
    throw new Refusal(syntaxErrors, "Version");
  }
  const id = json["Id"];
  if (id !== undefined && typeof id !== "string") throw new Refusal(syntaxErrors, "Id");
  const listed = json["Statement"];
  if (listed === undefined) throw new Refusal(syntaxErrors, "Statement");
  const statements = Array.isArray(listed) ? listed : [listed];
  if (statements.length === 0 || statements.length > maximumStatements) throw new Refusal(syntaxErrors, "Statement");
  const read = statements.map((statement, index) =>
    readStatement(statement, Array.isArray(listed) ? `Statement[${index}]` : "Statement", kind),
  );
  // Identity policies of the old version are refused only when they are attached.
  if ((kind === "identity" || kind === "session") && version !== "2012-10-17") {
    throw new Refusal("Policy document must be version 2012-10-17 or greater.", "Version");
  }
  const sids = new Set<string>();
  for (const [index, { sid }] of read.entries()) {
    if (!sid) continue;
    if (sids.has(sid)) {
      throw new Refusal("Statement IDs (SID) in a single policy must be unique.", `Statement[${index}].Sid`);
    }
    sids.add(sid);
  }
  return { version: version ?? "2008-10-17", statements: read, ...(id !== undefined && { id }) };
}

function readJson(text: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1];
    throw new Refusal(syntaxErrors, "", position === undefined ? undefined : Number(position));
  }
  if (deeperThan(json, maximumDepth)) throw new Refusal(syntaxErrors, "");
  return json;
}

function deeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((part) => deeperThan(part, depth - 1));
}

function readStatement(statement: unknown, path: string, kind: PolicyKind): Statement {
  if (!isObject(statement)) throw new Refusal(syntaxErrors, path);
  for (const name of Object.keys(statement)) {
    if (!statementElements.has(name)) throw new Refusal(syntaxErrors, `${path}.${name}`);
  }
  const sid = statement["Sid"];
  if (sid !== undefined && typeof sid !== "string") throw new Refusal(syntaxErrors, `${path}.Sid`);
  if (sid && (kind === "identity" || kind === "session") && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw new Refusal(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
      `${path}.Sid`,
    );
  }
  const effect = statement["Effect"];
  if (effect !== "Allow" && effect !== "Deny") throw new Refusal(syntaxErrors, `${path}.Effect`);
  const action = readNegatable(statement, "Action", path);
  if (!action || action.values.length === 0) throw new Refusal("Policy statement must contain actions.", path);
  for (const value of action.values) checkAction(value, action, path, kind);
  const principal = readPrincipal(statement, path, kind);
  const resource = readResource(statement, path, kind);
  const conditions = readConditions(statement["Condition"], `${path}.Condition`);
  return {
    effect,
    action,
    conditions,
    ...(sid !== undefined && { sid }),
    ...(principal && { principal }),
    ...(resource && { resource }),
  };
}

function readNegatable(statement: JsonObject, name: "Action" | "Resource", path: string): NegatableList | undefined {
  const plain = statement[name];
  const negated = statement[`Not${name}`];
  if (plain !== undefined && negated !== undefined) throw new Refusal(syntaxErrors, `${path}.Not${name}`);
  if (plain !== undefined) return { negated: false, values: readStrings(plain, `${path}.${name}`) };
  if (negated !== undefined) return { negated: true, values: readStrings(negated, `${path}.Not${name}`) };
  return undefined;
}

function readStrings(value: unknown, path: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  for (const [index, item] of list.entries()) {
    if (typeof item !== "string") throw new Refusal(syntaxErrors, Array.isArray(value) ? `${path}[${index}]` : path);
  }
  return list;
}

function checkAction(value: string, action: NegatableList, path: string, kind: PolicyKind): void {
  const place = `${path}.${action.negated ? "NotAction" : "Action"}`;
  const colon = value.indexOf(":");
  if (colon < 0 && value !== "*") {
    throw new Refusal("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", place);
  }
  if (colon >= 0) {
    if (value.includes(":", colon + 1)) throw new Refusal("Actions/Condition can contain only one colon.", place);
    const vendor = value.slice(0, colon);
    if (vendor !== "*" && !/^[a-zA-Z0-9.-]+$/.test(vendor)) throw new Refusal(`Vendor ${vendor} is not valid`, place);
  }
  if (kind === "trust" && !/^(\*|sts:.*)$/is.test(value)) {
    throw new Refusal("AssumeRole policy may only specify STS AssumeRole actions.", place);
  }
}

function readResource(statement: JsonObject, path: string, kind: PolicyKind): NegatableList | undefined {
  const resource = readNegatable(statement, "Resource", path);
  if (kind === "trust") {
    if (resource) throw new Refusal(`Has prohibited field ${resource.negated ? "NotResource" : "Resource"}`, path);
    return undefined;
  }
  if (kind === "any") return resource;
  if (!resource || resource.values.length === 0) throw new Refusal("Policy statement must contain resources.", path);
  // Resource policies of some services (S3, SQS, API Gateway) take short forms; each of those services checks its own.
  if (kind !== "resource") for (const value of resource.values) checkResourceArn(value, path);
  return resource;
}

function checkResourceArn(value: string, path: string): void {
  if (value === "*") return;
  if (!value.includes(":")) throw new Refusal(`Resource ${value} must be in ARN format or "*".`, path);
  const [arn, partition = "", service, region, account, ...rest] = value.split(":");
  if (arn !== "arn" && arn !== "*") throw new Refusal(`Resource ${value} must be in ARN format or "*".`, path);
  if (!/^(aws[a-z-]*|\*|\$\{aws:partition\}?)$/i.test(partition) && !partition.startsWith("${")) {
    const shown = [service, region, account, rest.join(":")].map((part) => part || "*").join(":");
    throw new Refusal(`Partition "${partition}" is not valid for resource "arn:${partition}:${shown}".`, path);
  }
  if (service === undefined) {
    throw new Refusal("Resource vendor must be fully qualified and cannot contain regexes.", path);
  }
}

function readPrincipal(statement: JsonObject, path: string, kind: PolicyKind): PrincipalElement | undefined {
  const plain = statement["Principal"];
  const negated = statement["NotPrincipal"];
  if (plain !== undefined && negated !== undefined) throw new Refusal(syntaxErrors, `${path}.NotPrincipal`);
  const given = plain ?? negated;
  if (kind === "identity" || kind === "session") {
    if (given !== undefined) throw new Refusal("Policy document should not specify a principal.", path);
    return undefined;
  }
  if (given === undefined) {
    if (kind === "any") return undefined;
    throw new Refusal("Missing required field Principal", path);
  }
  if (kind === "trust" && negated !== undefined && statement["Effect"] === "Allow") {
    throw new Refusal("Allow with NotPrincipal is not allowed.", path);
  }
  return { negated: negated !== undefined, entries: readPrincipalEntries(given, `${path}.Principal`) };
}

function readPrincipalEntries(given: unknown, path: string): readonly PrincipalEntry[] {
  if (given === "*") return [{ type: "AWS", value: "*" }];
  if (!isObject(given)) throw new Refusal(`Invalid principal in policy: ${JSON.stringify(given).slice(0, 200)}`, path);
  const entries: PrincipalEntry[] = [];
  for (const [type, values] of Object.entries(given)) {
    if (!principalTypes.has(type)) throw new Refusal(`Invalid principal in policy: "${type.slice(0, 100)}"`, path);
    for (const value of readStrings(values, `${path}.${type}`)) {
      if (!isPrincipalValue(type as PrincipalType, value)) {
        throw new Refusal(
          `Invalid principal in policy: "${type === "AWS" ? type : type.toUpperCase()}":"${value}"`,
          path,
        );
      }
      entries.push({ type: type as PrincipalType, value });
    }
  }
  if (entries.length === 0) throw new Refusal("Invalid principal in policy: {}", path);
  return entries;
}

function isPrincipalValue(type: PrincipalType, value: string): boolean {
  switch (type) {
    case "AWS":
      return (
        value === "*" ||
        /^\d{12}$/.test(value) ||
        // What AWS shows in place of the ARN of a user or role that is gone.
        /^A(IDA|ROA)[A-Z0-9]{12,}$/.test(value) ||
        /^arn:[a-z-]+:(iam|sts)::(\d{12}|\*|cloudfront):.+$/.test(value)
      );
    case "Service":
      return (
        value === "*" || /^[a-z0-9.*-]+\.(amazonaws\.com(\.cn)?|aws\.internal|amazon\.com|api\.aws|aws)$/i.test(value)
      );
    case "Federated":
    case "CanonicalUser":
      return value.length > 0;
  }
}

function readConditions(block: unknown, path: string): readonly Condition[] {
  if (block === undefined) return [];
  if (!isObject(block)) throw new Refusal(syntaxErrors, path);
  const conditions: Condition[] = [];
  for (const [name, keys] of Object.entries(block)) {
    const operator = readOperator(name);
    if (!operator) throw new Refusal(`Invalid Condition type : ${name}.`, `${path}.${name}`);
    if (!isObject(keys)) throw new Refusal(syntaxErrors, `${path}.${name}`);
    for (const [key, value] of Object.entries(keys)) {
      const values = readConditionValues(value, `${path}.${name}.${key}`);
      conditions.push({ ...operator, key: key.toLowerCase(), values });
    }
  }
  return conditions;
}

function readOperator(name: string): Pick<Condition, "operator" | "ifExists" | "quantifier"> | undefined {
  const parts = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(name);
  const operator = parts?.[2] && operatorsByLowerCase.get(parts[2].toLowerCase());
  if (!operator) return undefined;
  const ifExists = parts[3] !== undefined;
  if (operator === "Null" && ifExists) return undefined;
  if (parts[1] === undefined) return { operator, ifExists };
  return { operator, ifExists, quantifier: /all/i.test(parts[1]) ? "ForAllValues" : "ForAnyValue" };
}

function readConditionValues(value: unknown, path: string): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map((item) => {
    if (typeof item === "string") return item;
    if (typeof item === "boolean" || typeof item === "number") return String(item);
    throw new Refusal(syntaxErrors, path);
  });
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
