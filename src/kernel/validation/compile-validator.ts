import { AwsError } from "../../api/aws-error.ts";
import type { ServiceModel } from "../../api/model.ts";
import { dialectOf, type Dialect } from "./dialects.ts";
import { compileCheck } from "./fast-check.ts";
import { findViolations, type Violation } from "./violations.ts";

/** @throws {AwsError} in the service's words where the input breaks its model. */
export type Validate = (input: unknown) => void;

/**
 * The validator of an operation. Good input passes a check that was compiled for it and walks only what is constrained;
 * input that fails is looked at again, slowly, for everything that AWS would say about it.
 */
export function compileValidator(model: ServiceModel, operation: string): Validate {
  const inputShape = model.operations[operation]?.input?.shape;
  const shape = inputShape === undefined ? undefined : model.shapes[inputShape];
  if (inputShape === undefined || shape?.type !== "structure") return () => {};
  const dialect = dialectOf(model);
  const skipped = new Set(dialect.skips);
  const skips = (member: string): boolean =>
    skipped.has(member) || (dialect.bodyOnly === true && shape.members[member]?.location !== undefined);
  const check = compileCheck(model, inputShape, skips);
  const entriesNotNull = dialect.entriesNotNull ?? false;
  const first = dialect.first;

  return (input) => {
    if (first) {
      const message = first(operation, input as Readonly<Record<string, unknown>>);
      if (message !== undefined) throw new AwsError({ code: dialect.code, message, status: 400 });
    }
    if (!check || check(input)) return;
    const violations = findViolations(inputShape, input, { model, skips, entriesNotNull });
    if (violations.length > 0) throw refusal(dialect, operation, violations);
  };
}

function refusal(dialect: Dialect, operation: string, violations: readonly Violation[]): AwsError {
  const answer = dialect.answer?.(violations);
  if (answer) return new AwsError(answer);
  const only = violations.length === 1 ? dialect.phrase?.(violations[0]!) : undefined;
  if (only !== undefined) return new AwsError({ code: dialect.code, message: only, status: 400 });
  const prefix = dialect.prefix?.(operation) ?? "";
  const texts = violations.map((violation) => dialect.phrase?.(violation) ?? phrase(violation, prefix));
  const count = `${texts.length} validation error${texts.length === 1 ? "" : "s"} detected`;
  return new AwsError({ code: dialect.code, message: `${count}: ${texts.join("; ")}`, status: 400 });
}

function phrase({ path, value, secret, constraint }: Violation, prefix: string): string {
  const subject = secret ? "Value" : value === undefined ? "Value null" : `Value '${value}'`;
  return `${subject} at '${prefix}${path}' failed to satisfy constraint: ${constraint}`;
}
