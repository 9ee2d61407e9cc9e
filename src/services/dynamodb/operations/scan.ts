import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { Key, KeyPart, ListOptions } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { Expressions } from "../expressions/expressions.ts";
import type { Item } from "../items/attribute-value.ts";
import { describeUnits } from "../items/consumed-capacity.ts";
import { readPage } from "../items/read-page.ts";
import { readSelection } from "../items/selection.ts";
import { checkStartKey, startKeyPlace } from "../items/start-key.ts";
import { validationException } from "../refusals.ts";
import type { IndexRow, TableRow } from "../state.ts";
import { requireIndex, requireTable } from "../tables/require-table.ts";
import { readConditions } from "../legacy/legacy-conditions.ts";
import { projectAttributes, refuseMixing } from "../legacy/legacy-parameters.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
export function scan(cache: ExpressionCache): Handler<DynamoDBApi["Scan"]> {
  return async (input, ctx) => {
    const { FilterExpression, ProjectionExpression, AttributesToGet, Segment, TotalSegments } = input;
    refuseMixing(
      { AttributesToGet, ScanFilter: input.ScanFilter, ConditionalOperator: input.ConditionalOperator },
      { FilterExpression, ProjectionExpression },
    );
    requireSegment(Segment, TotalSegments);
    const start = checkStartKey(input.ExclusiveStartKey);
    const expressions = new Expressions(cache, input, { FilterExpression, ProjectionExpression });
    const filter =
      expressions.condition("FilterExpression", FilterExpression) ??
      readConditions(input.ScanFilter, input.ConditionalOperator);
    const tree =
      ProjectionExpression === undefined
        ? projectAttributes(AttributesToGet)
        : expressions.projection(ProjectionExpression).tree;
    expressions.finish();

    return ctx.read(async (snapshot) => {
      const table = await requireTable(snapshot, input.TableName, ctx);
      const index = input.IndexName === undefined ? undefined : requireIndex(table, input.IndexName);
      if (index?.kind === "global" && input.ConsistentRead) {
        throw validationException("Consistent reads are not supported on global secondary indexes");
      }
      const treeFrom = ProjectionExpression === undefined ? "AttributesToGet" : "ProjectionExpression";
      const selection = readSelection("Scanning", input.Select, tree, treeFrom, index);
      const page = await readPage(snapshot, {
        table,
        index,
        list: segmentRange(table, index, Segment ?? 0, TotalSegments ?? 1, start),
        limit: input.Limit,
        filter,
        selection,
        consistent: input.ConsistentRead,
      });
      const capacity = describeUnits(input.ReturnConsumedCapacity, table, page.units);
      return {
        ...(page.items && { Items: page.items as never }),
        Count: page.count,
        ScannedCount: page.scannedCount,
        ...(page.lastKey && { LastEvaluatedKey: page.lastKey as never }),
        ...(capacity && { ConsumedCapacity: capacity }),
      };
    });
  };
}

function requireSegment(segment: number | undefined, total: number | undefined): void {
  if (total !== undefined && segment === undefined) {
    throw validationException(
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
  }
  if (segment === undefined) return;
  if (total === undefined) {
    throw validationException(
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
  }
  if (segment >= total) {
    throw validationException(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
}

const hashes = 2 ** 32;

/** Segments divide the hashes of the partition keys evenly. */
function segmentRange(
  table: TableRow,
  index: IndexRow | undefined,
  segment: number,
  total: number,
  start: Item | undefined,
): ListOptions {
  const prefix: KeyPart[] = [table.number];
  if (index) prefix.push(index.number);
  const bound = (at: number): Key => [...prefix, Math.ceil((at * hashes) / total)];
  const range: ListOptions = { prefix, from: bound(segment), before: bound(segment + 1) };
  if (start === undefined) return range;
  const place = startKeyPlace(table, index, start);
  const hash = place[prefix.length] as number;
  if (hash < Math.ceil((segment * hashes) / total) || hash >= Math.ceil(((segment + 1) * hashes) / total)) {
    throw validationException(
      `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${total} Segment: ${segment}`,
    );
  }
  return { ...range, after: place };
}
