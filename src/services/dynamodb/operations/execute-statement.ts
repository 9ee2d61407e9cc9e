import type { DynamoDBApi, ExecuteStatementInput, ExecuteStatementOutput } from "../../../api/dynamodb/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { AttributeValue } from "../items/attribute-value.ts";
import { describeUnits } from "../items/consumed-capacity.ts";
import { checkParameters, compileStatement } from "../partiql/compile-statement.ts";
import type { CompiledSelect, CompiledWrite } from "../partiql/compile-statement.ts";
import { parseNextToken, printNextToken, requestDigest } from "../partiql/next-token.ts";
import { planRead, readPlanned } from "../partiql/select-items.ts";
import { parseStatement } from "../partiql/statement-parser.ts";
import { placeWrite, returnedItem, runWrite } from "../partiql/write-item-by-statement.ts";
import { validationException } from "../refusals.ts";
import { requireTable } from "../tables/require-table.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html */
export const executeStatement: Handler<DynamoDBApi["ExecuteStatement"]> = async (input, ctx) => {
  const parameters = checkParameters(input.Parameters);
  const compiled = compileStatement(parseStatement(input.Statement), parameters);
  if (compiled.kind === "check") {
    throw validationException("EXISTS can only be used in ExecuteTransaction write requests.");
  }
  return compiled.kind === "select" ? read(compiled, parameters, input, ctx) : write(compiled, input, ctx);
};

function read(
  select: CompiledSelect,
  parameters: readonly AttributeValue[],
  input: ExecuteStatementInput,
  ctx: RequestContext,
): Promise<ExecuteStatementOutput> {
  const { ConsistentRead: consistent, Limit: limit, NextToken: token } = input;
  return ctx.read(async (snapshot) => {
    const table = await requireTable(snapshot, select.table, ctx);
    const plan = planRead(select, table, consistent);
    const digest = () => requestDigest(table, input.Statement, parameters);
    const place =
      token === undefined
        ? { branch: 0, after: undefined }
        : parseNextToken(token, digest(), plan.branches?.length ?? 1);
    const page = await readPlanned(snapshot, plan, select, place, { limit, consistent });
    const capacity = describeUnits(input.ReturnConsumedCapacity, table, page.units);
    return {
      Items: page.items as never,
      ...(page.next && { NextToken: printNextToken(digest(), page.next) }),
      ...(page.lastKey && { LastEvaluatedKey: page.lastKey as never }),
      ...(capacity && { ConsumedCapacity: capacity }),
    };
  });
}

function write(
  compiled: CompiledWrite,
  input: ExecuteStatementInput,
  ctx: RequestContext,
): Promise<ExecuteStatementOutput> {
  return ctx.write(async (tx) => {
    const table = await requireTable(tx, compiled.table, ctx);
    const placed = placeWrite(compiled, table, input.ReturnValuesOnConditionCheckFailure);
    const written = await runWrite(tx, placed);
    const returned = returnedItem(placed, written);
    const capacity = describeUnits(input.ReturnConsumedCapacity, table, written.units);
    return {
      Items: (returned ? [returned] : []) as never,
      ...(capacity && { ConsumedCapacity: capacity }),
    };
  });
}
