import type { Snapshot } from "../../kernel/records.ts";
import { missing } from "./refusals.ts";
import {
  deployments,
  methods,
  resources,
  restApis,
  stages,
  type DeploymentRow,
  type IntegrationRow,
  type MethodRow,
  type ResourceRow,
  type RestApiRow,
  type StageRow,
} from "./state.ts";

type Place = { readonly account: string };

export async function requireApi(snapshot: Snapshot, at: Place, apiId: string): Promise<RestApiRow> {
  const row = await snapshot.get(restApis, [apiId]);
  if (!row) throw missing.api(at.account, apiId);
  return row;
}

export async function requireResource(snapshot: Snapshot, apiId: string, id: string): Promise<ResourceRow> {
  const row = await snapshot.get(resources, [apiId, id]);
  if (!row) throw missing.resource();
  return row;
}

/** How requests name a method. */
export interface MethodReference {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
}

/** A wrong API is answered like a wrong resource, as AWS does for everything below resources. */
export async function requireMethod(snapshot: Snapshot, named: MethodReference): Promise<MethodRow> {
  await requireResource(snapshot, named.restApiId, named.resourceId);
  const row = await snapshot.get(methods, [named.restApiId, named.resourceId, named.httpMethod]);
  if (!row) throw missing.method();
  return row;
}

export async function requireIntegration(
  snapshot: Snapshot,
  named: MethodReference,
): Promise<MethodRow & { readonly integration: IntegrationRow }> {
  const { integration, ...method } = await requireMethod(snapshot, named);
  if (!integration) throw missing.integration();
  return { ...method, integration };
}

export async function requireDeployment(snapshot: Snapshot, apiId: string, id: string): Promise<DeploymentRow> {
  const row = await snapshot.get(deployments, [apiId, id]);
  if (!row) throw missing.deployment();
  return row;
}

export async function requireStage(snapshot: Snapshot, apiId: string, name: string): Promise<StageRow> {
  const row = await snapshot.get(stages, [apiId, name]);
  if (!row) throw missing.stage();
  return row;
}

export async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

export function findResources(snapshot: Snapshot, apiId: string): Promise<ResourceRow[]> {
  return collect(snapshot.list(resources, { prefix: [apiId] }));
}

export function findMethods(snapshot: Snapshot, apiId: string, resourceId?: string): Promise<MethodRow[]> {
  return collect(snapshot.list(methods, { prefix: resourceId === undefined ? [apiId] : [apiId, resourceId] }));
}

/** The record with one more entry; keys come from outside, so nothing is assigned by name. */
export function withEntry<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  key: string,
  value: Value,
): Record<string, Value> {
  return Object.fromEntries([...Object.entries(record ?? {}), [key, value]]);
}

export function withoutEntry<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  key: string,
): Record<string, Value> | undefined {
  const left = Object.entries(record ?? {}).filter(([name]) => name !== key);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}
