import type { Condition, ConditionOperand, DocumentPath } from "./ast.ts";

/** Every path that a condition names. */
export function pathsOf(condition: Condition): DocumentPath[] {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.members.flatMap(pathsOf);
    case "not":
      return pathsOf(condition.member);
    case "compare":
      return [condition.left, condition.right].flatMap(operandPaths);
    case "between":
      return [condition.operand, condition.low, condition.high].flatMap(operandPaths);
    case "in":
      return [condition.operand, ...condition.members].flatMap(operandPaths);
    case "function":
      return condition.operands.flatMap(operandPaths);
  }
}

function operandPaths(operand: ConditionOperand): DocumentPath[] {
  if (operand.kind === "size") return operandPaths(operand.of);
  if (operand.kind === "truth") return pathsOf(operand.of);
  return operand.kind === "path" ? [operand.path] : [];
}
