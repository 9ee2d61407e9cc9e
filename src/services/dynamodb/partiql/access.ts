import { AwsError } from "../../../api/aws-error.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { Access } from "../../../kernel/service.ts";
import { toBase64 } from "../../../base/bytes.ts";
import { pathsOf } from "../expressions/condition-paths.ts";
import { operandPathsOf } from "../expressions/update-paths.ts";
import type { AttributeValue } from "../items/attribute-value.ts";
import { attributeOf } from "../items/attribute-value.ts";
import { tables } from "../state.ts";
import type { KeySchemaRow } from "../state.ts";
import { findTableName } from "../tables/table-name.ts";
import { checkParameters, compileStatement } from "./compile-statement.ts";
import type { CompiledStatement } from "./compile-statement.ts";
import { equalitiesOf, keyBranches } from "./key-branches.ts";
import { parseStatement } from "./statement-parser.ts";

/** An access that a statement makes; what it asks tells its condition keys. */
export interface StatementAccess extends Access {
  readonly statement: CompiledStatement;
}

export interface StatementRequest {
  readonly Statement?: string | undefined;
  readonly Parameters?: readonly unknown[] | undefined;
}

const actions = {
  select: "PartiQLSelect",
  check: "PartiQLSelect",
  insert: "PartiQLInsert",
  update: "PartiQLUpdate",
  delete: "PartiQLDelete",
} as const;

/**
 * What a statement touches. One that cannot be read touches nothing: its operation refuses it.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
 */
export function statementAccess(
  { Statement, Parameters }: StatementRequest,
  arnOf: (nameOrArn: string) => string,
): readonly StatementAccess[] {
  const statement = ignoringFaults(() => compileStatement(parseStatement(Statement!), checkParameters(Parameters)));
  if (!statement) return [];
  const table = arnOf(statement.table);
  const resource = statement.index === undefined ? table : `${table}/index/${statement.index}`;
  return [{ resource, action: `dynamodb:${actions[statement.kind]}`, statement }];
}

/** Adds the condition keys of fine-grained access control, and whether a SELECT reads a whole table. */
export async function resolveStatementAccess(access: StatementAccess, ctx: ServiceContext): Promise<Access> {
  const { statement } = access;
  const name = ignoringFaults(() => findTableName(statement.table, ctx));
  const table = name === undefined ? undefined : await ctx.read((snapshot) => snapshot.get(tables, [name]));
  const schema: KeySchemaRow | undefined =
    statement.index === undefined ? table : table?.indexes.find((index) => index.name === statement.index);
  const leading = schema ? leadingKeys(statement, schema) : [];
  const attributes = attributesOf(statement);
  const keyed = schema && statement.where && ignoringFaults(() => keyBranches(statement.where!, schema));
  return {
    ...access,
    conditions: {
      ...(leading.length > 0 && { "dynamodb:LeadingKeys": leading }),
      ...(attributes.length > 0 && { "dynamodb:Attributes": attributes }),
      ...(statement.kind === "select" && {
        "dynamodb:FullTableScan": String(!keyed),
        "dynamodb:Select": statement.projection ? "SPECIFIC_ATTRIBUTES" : "ALL_ATTRIBUTES",
      }),
    },
  };
}

function leadingKeys(statement: CompiledStatement, schema: KeySchemaRow): string[] {
  const { name } = schema.partition;
  if (statement.kind === "insert") {
    const value = attributeOf(statement.item, name);
    return value ? textOf(value) : [];
  }
  const { where } = statement;
  if (!where) return [];
  if (statement.kind !== "select") return (equalitiesOf(where, false).values.get(name) ?? []).flatMap(textOf);
  const branches = ignoringFaults(() => keyBranches(where, schema)) ?? [];
  return [...new Set(branches.flatMap(({ partition }) => textOf(partition)))];
}

function textOf(value: AttributeValue): string[] {
  if ("S" in value) return [value.S];
  if ("N" in value) return [value.N];
  return "B" in value ? [toBase64(value.B)] : [];
}

/** The top-level attributes that a statement names. */
function attributesOf(statement: CompiledStatement): string[] {
  const named = [
    ...(statement.where ? pathsOf(statement.where.condition).map(([name]) => name) : []),
    ...(statement.kind === "select" ? (statement.projection ?? []).map(({ path }) => path[0]) : []),
    ...(statement.kind === "insert" ? Object.keys(statement.item) : []),
    ...(statement.kind === "update" ? statement.actions.flatMap(operandPathsOf).map(([name]) => name) : []),
  ];
  return [...new Set(named)];
}

/** A malformed statement is refused by its operation; here it only names nothing. */
function ignoringFaults<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
