import type { ScalarShape, Shape, ShapeRef } from "../../src/api/model.ts";

/** A model as AWS publishes it with botocore (`service-2.json`): more fields than we keep, in slightly other places. */
export interface SourceModel {
  readonly metadata: SourceMetadata;
  readonly operations: Readonly<Record<string, SourceOperation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface SourceMetadata {
  readonly apiVersion: string;
  readonly endpointPrefix: string;
  readonly protocol: string;
  readonly protocols?: readonly string[];
  readonly serviceId: string;
  readonly serviceFullName: string;
  readonly signingName?: string;
  readonly jsonVersion?: string;
  readonly targetPrefix?: string;
  readonly xmlNamespace?: string;
  readonly awsQueryCompatible?: object;
}

export interface SourceOperation {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: SourceRef;
  readonly output?: SourceRef;
  readonly errors?: readonly { readonly shape: string }[];
  readonly authtype?: string;
  readonly unsignedPayload?: boolean;
  readonly requestcompression?: { readonly encodings: readonly string[] };
  readonly httpChecksum?: Readonly<Record<string, unknown>>;
  readonly httpChecksumRequired?: boolean;
  readonly endpoint?: { readonly hostPrefix: string };
  readonly deprecated?: boolean;
}

/** Some members of apigatewayv2 bring their enum themselves. */
export type SourceRef = ShapeRef & Pick<ScalarShape, "enum">;

/** A service's model under our name for it. */
export interface NamedModel {
  readonly name: string;
  readonly model: SourceModel;
}

/** A correction to a model: what AWS does, where its model says otherwise. */
export interface Patch {
  readonly reason: string;
  readonly path: readonly string[];
  readonly set?: unknown;
  readonly delete?: true;
}

/**
 * The model with its corrections. Each must still be needed: a patch that changes nothing, or whose path is gone,
 * is an error, so that the list stays true when models are updated.
 */
export function applyPatches(name: string, model: SourceModel, patches: readonly Patch[]): SourceModel {
  const patched = structuredClone(model);
  for (const patch of patches) {
    const where = `models/patches/${name}.json: ${patch.path.join(".")}`;
    if (!patch.reason?.trim()) throw new Error(`${where}: a patch needs a reason`);
    if ("set" in patch === (patch.delete === true)) throw new Error(`${where}: give either "set" or "delete": true`);
    let parent: unknown = patched;
    for (const key of patch.path.slice(0, -1)) {
      if (!isRecord(parent) || !Object.hasOwn(parent, key)) throw new Error(`${where}: the model has no ${key} there`);
      parent = parent[key];
    }
    const last = patch.path.at(-1);
    if (last === undefined || !isRecord(parent)) throw new Error(`${where}: the path leads nowhere`);
    if (patch.delete) {
      if (!Object.hasOwn(parent, last)) throw new Error(`${where}: nothing to delete; drop the patch`);
      delete parent[last];
    } else {
      if (JSON.stringify(parent[last]) === JSON.stringify(patch.set)) {
        throw new Error(`${where}: the model says so already; drop the patch`);
      }
      parent[last] = patch.set;
    }
  }
  return patched;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
