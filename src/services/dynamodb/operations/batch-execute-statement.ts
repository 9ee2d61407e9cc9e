import type {
  BatchStatementRequest,
  BatchStatementResponse,
  DynamoDBApi,
  ReturnConsumedCapacity,
} from "../../../api/dynamodb/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Snapshot, Transaction } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import { describeUnits } from "../items/consumed-capacity.ts";
import type { Units } from "../items/consumed-capacity.ts";
import { UnitsByTable } from "../items/units-by-table.ts";
import { batchErrorOf } from "../partiql/batch-errors.ts";
import { checkParameters, compileStatement } from "../partiql/compile-statement.ts";
import type { CompiledSelect, CompiledStatement, CompiledWrite } from "../partiql/compile-statement.ts";
import { planItemRead, readItem } from "../partiql/select-item.ts";
import { parseStatement } from "../partiql/statement-parser.ts";
import { placeWrite, returnedItem, runWrite } from "../partiql/write-item-by-statement.ts";
import { validationException } from "../refusals.ts";
import type { TableRow } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";

/**
 * Each statement succeeds or fails on its own; those that write are one commit.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
export const batchExecuteStatement: Handler<DynamoDBApi["BatchExecuteStatement"]> = async (input, ctx) => {
  const members = input.Statements.map(readMember);
  const reads = members.filter(({ compiled }) => compiled?.kind === "select").length;
  const writes = members.filter(({ compiled }) => compiled && compiled.kind !== "select").length;
  if (reads > 0 && writes > 0) {
    throw validationException(
      "BatchExecuteStatement API does not support both read and write operations in the same request.",
    );
  }
  const wanted = input.ReturnConsumedCapacity;
  if (writes === 0)
    return ctx.read((snapshot) => answer(members, wanted, (member, run) => readOne(snapshot, member, run, ctx)));
  return ctx.write((tx) => answer(members, wanted, (member, run) => writeOne(tx, member, run, ctx)));
};

interface Member {
  readonly request: BatchStatementRequest;
  /** Absent where the statement cannot be run at all. */
  readonly compiled?: CompiledStatement;
  readonly refused?: BatchStatementResponse;
}

/** What is known while one statement runs, for the answer when it fails. */
interface Run {
  /** Set when the statement has reached its table. */
  table?: TableRow;
  count(table: TableRow, units: Units): void;
}

function readMember(request: BatchStatementRequest): Member {
  try {
    const parameters = checkParameters(request.Parameters);
    const compiled = compileStatement(parseStatement(request.Statement), parameters);
    if (compiled.kind === "check") {
      throw validationException("EXISTS can only be used in ExecuteTransaction write requests.");
    }
    return { request, compiled };
  } catch (error) {
    return { request, refused: failed(error) };
  }
}

function failed(error: unknown, table?: TableRow): BatchStatementResponse {
  const told = batchErrorOf(error);
  if (!told) throw error;
  return { Error: told, ...(table && { TableName: table.name }) };
}

async function answer(
  members: readonly Member[],
  wanted: ReturnConsumedCapacity | undefined,
  runOne: (member: Member, run: Run) => Promise<BatchStatementResponse>,
) {
  const responses: BatchStatementResponse[] = [];
  const consumed = new UnitsByTable();
  for (const member of members) {
    if (member.refused) {
      responses.push(member.refused);
      continue;
    }
    const run: Run = { count: (table, units) => consumed.add(table, units) };
    try {
      responses.push(await runOne(member, run));
    } catch (error) {
      responses.push(failed(error, run.table));
    }
  }
  const capacities = consumed.entries().flatMap(([table, units]) => describeUnits(wanted, table, units) ?? []);
  return { Responses: responses, ...(capacities.length > 0 && { ConsumedCapacity: capacities }) };
}

async function readOne(
  snapshot: Snapshot,
  { compiled, request }: Member,
  run: Run,
  ctx: RequestContext,
): Promise<BatchStatementResponse> {
  const select = compiled as CompiledSelect;
  const table = await requireTable(snapshot, select.table, ctx);
  const plan = planItemRead(select, table, "BatchExecuteStatement");
  run.table = table;
  const { item, units } = await readItem(snapshot, plan, select, request.ConsistentRead);
  run.count(table, units);
  return { TableName: table.name, ...(item && { Item: item as never }) };
}

async function writeOne(
  tx: Transaction,
  { compiled, request }: Member,
  run: Run,
  ctx: RequestContext,
): Promise<BatchStatementResponse> {
  const statement = compiled as CompiledWrite;
  const table = await requireTable(tx, statement.table, ctx);
  const placed = placeWrite(statement, table, request.ReturnValuesOnConditionCheckFailure);
  run.table = table;
  const written = await runWrite(tx, placed);
  run.count(table, written.units);
  const returned = returnedItem(placed, written);
  return { TableName: table.name, ...(returned && { Item: returned as never }) };
}
