import { InvalidInputException, NoSuchEntityException } from "../../../../api/iam/errors.ts";
import type {
  IAMApi,
  PolicySourceType,
  SimulateCustomPolicyRequest,
  SimulatePolicyResponse,
} from "../../../../api/iam/types.ts";
import { parseArn } from "../../../../base/arn.ts";
import type { Snapshot } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { entityArn, requireEntity, type Entity } from "../../entities.ts";
import { defaultDocument, findManagedPolicy, isAwsManaged } from "../../managed-policies.ts";
import { takePage } from "../../pages.ts";
import { createSimulator, type NamedPolicy, type Simulation } from "../../simulation.ts";

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html */
export const simulateCustomPolicy: Handler<IAMApi["SimulateCustomPolicy"]> = (input, ctx) =>
  simulate(input, {
    caller: callerOf(input.CallerArn) ?? {
      kind: "user",
      account: ctx.account,
      arn: `arn:aws:iam::${ctx.account}:user/*`,
    },
    identity: given(input.PolicyInputList, "PolicyInputList"),
    boundary: onlyBoundary(input),
    request: input,
  });

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
export const simulatePrincipalPolicy: Handler<IAMApi["SimulatePrincipalPolicy"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    const entity = await requireSource(snapshot, ctx.account, input.PolicySourceArn);
    const boundary =
      onlyBoundary(input) ?? (entity.boundary && (await managed(snapshot, ctx.account, entity.boundary))) ?? undefined;
    const own: NamedPolicy[] = entity.inlinePolicies.map(({ name, document }) => {
      return { id: `${entity.kind}_${entity.name}_${name}`, type: entity.kind, document };
    });
    for (const arn of entity.attachedPolicies) {
      const policy = await managed(snapshot, ctx.account, arn);
      if (policy) own.push(policy);
    }
    return simulate(input, {
      caller: callerOf(input.CallerArn) ?? callerOf(input.PolicySourceArn)!,
      identity: [...own, ...given(input.PolicyInputList, "PolicyInputList")],
      boundary: boundary || undefined,
      request: input,
    });
  });

async function simulate(
  input: Pick<SimulateCustomPolicyRequest, "ActionNames" | "Marker" | "MaxItems">,
  simulation: Simulation,
): Promise<SimulatePolicyResponse> {
  const simulator = createSimulator(simulation);
  // Actions may come twice, so pages count places in the request.
  const places = input.ActionNames.map((action, index) => ({ action, place: String(index).padStart(6, "0") }));
  const { items, page } = await takePage(places, ({ place }) => place, input);
  return { EvaluationResults: items.map(({ action }) => simulator(action)), ...page };
}

function given(documents: readonly string[] | undefined, list: string): NamedPolicy[] {
  return (documents ?? []).map((document, index) => ({ id: `${list}.${index + 1}`, type: "none", document }));
}

function onlyBoundary({ PermissionsBoundaryPolicyInputList: list }: BoundaryInput): NamedPolicy | undefined {
  if (list && list.length > 1)
    throw new InvalidInputException({ message: "There is one permissions boundary at most." });
  return given(list, "PermissionsBoundaryPolicyInputList")[0];
}

type BoundaryInput = Pick<SimulateCustomPolicyRequest, "PermissionsBoundaryPolicyInputList">;

async function managed(snapshot: Snapshot, account: string, arn: string): Promise<NamedPolicy | undefined> {
  const row = await findManagedPolicy(snapshot, account, arn);
  const type: PolicySourceType = isAwsManaged(arn) ? "aws-managed" : "user-managed";
  return row && { id: row.name, type, document: defaultDocument(row) };
}

async function requireSource(snapshot: Snapshot, account: string, arn: string): Promise<Entity> {
  const parts = /^(user|role)\/(?:.*\/)?([^/]+)$/.exec(parseArn(arn)?.resource ?? "");
  if (!parts)
    throw new InvalidInputException({
      message: `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`,
    });
  const entity = await requireEntity(snapshot, { kind: parts[1] as Entity["kind"], name: parts[2]! });
  if (entityArn(account, entity) !== arn)
    throw new NoSuchEntityException({ message: `The entity ${arn} cannot be found.` });
  return entity;
}

/** A caller as resource policies see it. A role is asked for as one of its sessions. */
function callerOf(text: string | undefined): Simulation["caller"] | undefined {
  if (text === undefined) return undefined;
  const arn = parseArn(text);
  if (arn?.resource === "root") return { kind: "root", account: arn.account };
  if (arn?.resource.startsWith("user/")) return { kind: "user", account: arn.account, arn: text };
  if (arn?.resource.startsWith("role/"))
    return { kind: "assumed-role", account: arn.account, arn: text, roleArn: text };
  throw new InvalidInputException({ message: `Invalid Caller Arn: ${text}` });
}
