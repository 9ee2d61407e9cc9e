import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Transaction } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { applyPatch, listsPaths, type PatchPath } from "../../patch.ts";
import { findMethods, findResources, requireResource } from "../../records.ts";
import { badRequest, missing } from "../../refusals.ts";
import { describeResource } from "../../resources/describe-resource.ts";
import { checkPathPart, joinPath } from "../../resources/path-part.ts";
import { resources, type ResourceRow } from "../../state.ts";

interface Placement {
  readonly parentId: string | undefined;
  readonly pathPart: string | undefined;
}

const paths: readonly PatchPath<Placement>[] = [
  { path: "/parentId", ops: ["replace"], apply: (row, { value }) => ({ ...row, parentId: value }) },
  { path: "/pathPart", ops: ["replace"], apply: (row, { value }) => ({ ...row, pathPart: value }) },
];

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateResource.html */
export const updateResource: Handler<APIGatewayApi["UpdateResource"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const row = await requireResource(tx, input.restApiId, input.resourceId);
    const before: Placement = { parentId: row.parentId, pathPart: row.pathPart };
    const after = applyPatch(before, input.patchOperations, paths, listsPaths);
    const changed = after.parentId !== before.parentId || after.pathPart !== before.pathPart;
    const moved = changed ? await move(tx, row, after) : row;
    return describeResource(moved, await findMethods(tx, row.apiId, row.id));
  });

async function move(tx: Transaction, row: ResourceRow, { parentId, pathPart }: Placement): Promise<ResourceRow> {
  if (row.parentId === undefined) throw badRequest("Root resource cannot update its parentId or path part.");
  const all = await findResources(tx, row.apiId);
  const byId = new Map(all.map((resource) => [resource.id, resource]));
  const parent = byId.get(parentId!);
  if (!parent) throw missing.resource();
  for (let above: ResourceRow | undefined = parent; above; above = byId.get(above.parentId ?? "")) {
    if (above.id === row.id) throw badRequest("Resources cannot be cyclical.");
  }
  checkPathPart(
    pathPart!,
    parent,
    all.filter((sibling) => sibling.parentId === parent.id && sibling.id !== row.id),
  );
  const moved = { ...row, parentId: parent.id, pathPart: pathPart!, path: joinPath(parent, pathPart!) };
  const place = (resource: ResourceRow) => {
    tx.put(resources, resource);
    for (const child of all) {
      if (child.parentId === resource.id) place({ ...child, path: joinPath(resource, child.pathPart!) });
    }
  };
  place(moved);
  return moved;
}
