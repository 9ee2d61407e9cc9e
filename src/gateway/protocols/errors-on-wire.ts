import type { AwsError } from "../../api/aws-error.ts";
import type { ServiceModel, StructureShape } from "../../api/model.ts";

/** What protocols write of a refusal. */
export interface WireError {
  /** The modelled shape, absent for errors that every service has. */
  readonly shape?: StructureShape;
  readonly shapeName: string;
  /** What query and XML clients see as `Code`. */
  readonly code: string;
  readonly sender: boolean;
  /** Modelled members with the message under its modelled name; the plain `message` where no shape is modelled. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly messageMember: string;
}

/** Looks an error up in the model. */
export function wireError(model: ServiceModel, error: AwsError): WireError {
  const found = Object.hasOwn(model.shapes, error.shape) ? model.shapes[error.shape] : undefined;
  const shape =
    found?.type === "structure" && (found.exception === true || found.error !== undefined) ? found : undefined;
  const messageMember = shape === undefined ? "message" : (messageMemberOf(shape) ?? "message");
  const members: Record<string, unknown> = {};
  if (error.message !== "") members[messageMember] = error.message;
  Object.assign(members, error.fields);
  return {
    ...(shape === undefined ? {} : { shape }),
    shapeName: error.shape,
    code: shape?.error?.code ?? error.code,
    sender: shape?.error?.senderFault ?? error.status < 500,
    members,
    messageMember,
  };
}

function messageMemberOf(shape: StructureShape): string | undefined {
  for (const name of Object.keys(shape.members)) if (name.toLowerCase() === "message") return name;
  return undefined;
}
