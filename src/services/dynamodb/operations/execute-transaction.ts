import { AwsError } from "../../../api/aws-error.ts";
import { ResourceNotFoundException } from "../../../api/dynamodb/errors.ts";
import type {
  CancellationReason,
  DynamoDBApi,
  ExecuteTransactionInput,
  ExecuteTransactionOutput,
  ItemResponse,
  ParameterizedStatement,
} from "../../../api/dynamodb/types.ts";
import type { RequestContext } from "../../../kernel/context.ts";
import type { Snapshot } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import { requireAllPossible } from "../items/cancel-transaction.ts";
import { describeUnits } from "../items/consumed-capacity.ts";
import { itemBytes } from "../items/item-size.ts";
import { printKey } from "../items/print-key.ts";
import { applyAction, reasonOf } from "../items/transact-action.ts";
import { hasRun, keepToken, replayUnits, tokenUse } from "../items/transaction-token.ts";
import { transactionConflict } from "../items/transactions-in-flight.ts";
import type { TakeItems, TransactionsInFlight } from "../items/transactions-in-flight.ts";
import { UnitsByTable } from "../items/units-by-table.ts";
import { checkParameters, compileStatement } from "../partiql/compile-statement.ts";
import type { CompiledSelect, CompiledStatement, CompiledWrite } from "../partiql/compile-statement.ts";
import { planItemRead, plannedKey, readItem } from "../partiql/select-item.ts";
import type { ItemReadPlan } from "../partiql/select-item.ts";
import { parseStatement } from "../partiql/statement-parser.ts";
import {
  decideWrite,
  placedAction,
  placeInTransaction,
  requireItemCheck,
  writeReason,
} from "../partiql/write-item-by-statement.ts";
import type { PlacedWrite } from "../partiql/write-item-by-statement.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";
import type { TableRow } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";

const maxBytes = 4 * 1024 * 1024;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html */
export function executeTransaction(inFlight: TransactionsInFlight): Handler<DynamoDBApi["ExecuteTransaction"]> {
  return async (input, ctx) => {
    const requests = input.TransactStatements;
    const parameters = requests.map((request) => checkParameters(request.Parameters));
    const statements = requests.map(({ Statement }, at) =>
      inStatement(at, () => compileStatement(parseStatement(Statement), parameters[at]!)),
    );
    const reads = statements.filter((statement) => statement.kind === "select");
    if (reads.length > 0 && reads.length < statements.length) {
      throw validationException(
        "ExecuteTransaction API does not support both read and write operations in the same request.",
      );
    }
    if (reads.length > 0) return read(reads, input, ctx, inFlight);
    const { ClientRequestToken: token } = input;
    return inFlight.run(ctx, token, (take) => write(statements as CompiledWrite[], input, ctx, take));
  };
}

/** @throws what `run` throws, naming the statement where it is a ValidationException */
function inStatement<T>(at: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== "ValidationException") throw error;
    throw validationException(`Validation failed in TransactStatements[${at}]: ${error.message}`);
  }
}

/** The statements' tables. Those that do not exist cancel the transaction, once nothing else is wrong with it. */
async function findTables(
  snapshot: Snapshot,
  statements: readonly CompiledStatement[],
  ctx: RequestContext,
): Promise<{ readonly tables: readonly (TableRow | undefined)[]; readonly reasons: readonly CancellationReason[] }> {
  const tables: (TableRow | undefined)[] = [];
  const reasons: CancellationReason[] = [];
  for (const statement of statements) {
    try {
      tables.push(await requireTable(snapshot, statement.table, ctx));
      reasons.push({ Code: "None" });
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      tables.push(undefined);
      reasons.push({ Code: "ResourceNotFound", Message: error.message });
    }
  }
  return { tables, reasons };
}

function read(
  selects: readonly CompiledSelect[],
  input: ExecuteTransactionInput,
  ctx: RequestContext,
  inFlight: TransactionsInFlight,
): Promise<ExecuteTransactionOutput> {
  return ctx.read(async (snapshot) => {
    const { tables, reasons } = await findTables(snapshot, selects, ctx);
    const plans = selects.map((select, at) => inStatement(at, () => planInTransaction(select, tables[at])));
    requireAllPossible(reasons);
    requireAllPossible(plans.map((plan) => reasonOf(() => plannedKey(plan!))));
    const keys = plans.map((plan) => plannedKey(plan!));
    requireDistinct(keys.map(printKey));
    requireAllPossible(keys.map((key) => (inFlight.holds(ctx, key) ? transactionConflict : { Code: "None" })));
    const responses: ItemResponse[] = [];
    const consumed = new UnitsByTable();
    let bytes = 0;
    for (const [at, plan] of plans.entries()) {
      const { item, size, units } = await readItem(snapshot, plan!, selects[at]!, true);
      bytes += size;
      if (bytes > maxBytes) {
        throw validationException("Transaction response size has exceeded the maximum allowed size of 4 MB");
      }
      consumed.add(plan!.table, units);
      consumed.add(plan!.table, units);
      responses.push(item ? { Item: item as never } : {});
    }
    return { Responses: responses, ...capacities(consumed, input, "ReadCapacityUnits") };
  });
}

function planInTransaction(select: CompiledSelect, table: TableRow | undefined): ItemReadPlan | undefined {
  if (!table) return undefined;
  if (select.index !== undefined) {
    throw validationException("Reads on indices are not supported within transactions.");
  }
  return planItemRead(select, table, "ExecuteTransaction");
}

function write(
  writes: readonly CompiledWrite[],
  input: ExecuteTransactionInput,
  ctx: RequestContext,
  take: TakeItems,
): Promise<ExecuteTransactionOutput> {
  const requests = input.TransactStatements;
  const use = tokenUse(input.ClientRequestToken, ["ExecuteTransaction", requests]);
  return ctx.write(async (tx) => {
    const { tables, reasons } = await findTables(tx, writes, ctx);
    for (const [at, each] of writes.entries())
      if (tables[at]) inStatement(at, () => requireTransactable(each, tables[at]!));
    requireAllPossible(reasons);
    const earlier = await hasRun(tx, use, ctx);
    const faults: CancellationReason[] = [];
    const placed: PlacedWrite[] = [];
    for (const [at, each] of writes.entries()) {
      const place = placeInTransaction(each, tables[at]!, returnedBy(requests[at]!));
      faults.push(place.reason);
      if (place.placed) placed.push(place.placed);
    }
    if (earlier) {
      const replayed = new UnitsByTable();
      for (const { table, key } of placed) replayed.add(table, replayUnits((await tx.get(items, key))?.size));
      return { Responses: writes.map(() => ({})), ...capacities(replayed, input, "ReadCapacityUnits") };
    }
    requireDistinct(placed.map(({ key }) => printKey(key)));
    if (placed.reduce((sum, { action }) => sum + itemBytes(action.item), 0) > maxBytes) {
      throw validationException("Transaction request size has exceeded the maximum allowed size of 4 MB");
    }
    const taken = take(placed.map(({ key }) => key));
    // Those that could not be placed stay as they are among those that could.
    let at = 0;
    const outcomes: Awaited<ReturnType<typeof decide>>[] = [];
    const decided: CancellationReason[] = [];
    for (const fault of faults) {
      if (fault.Code !== "None") {
        decided.push(fault);
        continue;
      }
      const outcome = await decide(tx, placed[at]!);
      outcomes.push(outcome);
      decided.push(taken[at++] ? transactionConflict : outcome.reason);
    }
    requireAllPossible(decided);
    const consumed = new UnitsByTable();
    for (const [number, each] of placed.entries()) {
      applyAction(tx, placedAction(each), outcomes[number]!, consumed.of(each.table));
    }
    keepToken(tx, use, ctx);
    return { Responses: writes.map(() => ({})), ...capacities(consumed, input, "WriteCapacityUnits") };
  });
}

async function decide(snapshot: Snapshot, placed: PlacedWrite) {
  const before = await snapshot.get(items, placed.key);
  let after: ReturnType<typeof decideWrite>;
  const reason = writeReason(() => {
    after = decideWrite(placed, before);
  });
  return { reason, before, after };
}

function returnedBy(request: ParameterizedStatement) {
  return request.ReturnValuesOnConditionCheckFailure;
}

function requireTransactable(statement: CompiledWrite, table: TableRow): void {
  if (statement.returning) {
    throw validationException("RETURNING clause is not supported in ExecuteTransaction.");
  }
  if (statement.kind !== "check") return;
  if (statement.index !== undefined) {
    throw validationException("Reads on indices are not supported within transactions.");
  }
  requireItemCheck(statement, table);
}

function requireDistinct(keys: readonly string[]): void {
  if (new Set(keys).size !== keys.length) {
    throw validationException("Transaction request cannot include multiple operations on one item");
  }
}

function capacities(
  consumed: UnitsByTable,
  { ReturnConsumedCapacity: wanted }: ExecuteTransactionInput,
  direction: "ReadCapacityUnits" | "WriteCapacityUnits",
) {
  const described = consumed
    .entries()
    .flatMap(([table, units]) => describeUnits(wanted, table, units, direction) ?? []);
  return described.length > 0 ? { ConsumedCapacity: described } : {};
}
