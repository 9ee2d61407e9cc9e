import type { DynamoDBApi } from "../../../api/dynamodb/types.ts";
import type { ListOptions } from "../../../kernel/records.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { BoundCondition } from "../expressions/condition.ts";
import { pathsOf } from "../expressions/condition-paths.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { Expressions } from "../expressions/expressions.ts";
import { keyConditionOf, matchSort } from "../expressions/key-condition.ts";
import type { KeyCondition } from "../expressions/key-condition.ts";
import { attributeOf, equalValues } from "../items/attribute-value.ts";
import type { Item } from "../items/attribute-value.ts";
import { describeUnits } from "../items/consumed-capacity.ts";
import { keyRange } from "../items/key-range.ts";
import { keyAttributes } from "../items/keys.ts";
import { readPage } from "../items/read-page.ts";
import { readSelection } from "../items/selection.ts";
import { checkStartKey, startKeyPlace } from "../items/start-key.ts";
import { validationException } from "../refusals.ts";
import type { IndexRow, KeySchemaRow, TableRow } from "../state.ts";
import { requireIndex, requireTable } from "../tables/require-table.ts";
import { readConditions, readKeyConditions } from "../legacy/legacy-conditions.ts";
import { projectAttributes, refuseMixing } from "../legacy/legacy-parameters.ts";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
export function query(cache: ExpressionCache): Handler<DynamoDBApi["Query"]> {
  return async (input, ctx) => {
    const { KeyConditionExpression, FilterExpression, ProjectionExpression, AttributesToGet } = input;
    refuseMixing(
      {
        AttributesToGet,
        KeyConditions: input.KeyConditions,
        QueryFilter: input.QueryFilter,
        ConditionalOperator: input.ConditionalOperator,
      },
      { KeyConditionExpression, FilterExpression, ProjectionExpression },
    );
    const start = checkStartKey(input.ExclusiveStartKey);
    const expressions = new Expressions(cache, input, {
      KeyConditionExpression,
      FilterExpression,
      ProjectionExpression,
    });
    const keys =
      expressions.condition("KeyConditionExpression", KeyConditionExpression) ?? readKeyConditions(input.KeyConditions);
    if (keys === undefined) {
      throw validationException(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
      );
    }
    const filter =
      expressions.condition("FilterExpression", FilterExpression) ??
      readConditions(input.QueryFilter, input.ConditionalOperator);
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
      const schema: KeySchemaRow = index ?? table;
      const condition = keyConditionOf(keys.condition, keys.values, schema.partition, schema.sort);
      if (filter) requireNoKeyAttributes(filter, schema, input.QueryFilter ? "QueryFilter" : "Filter Expression");
      const treeFrom = ProjectionExpression === undefined ? "AttributesToGet" : "ProjectionExpression";
      const selection = readSelection("Querying", input.Select, tree, treeFrom, index);
      const reverse = input.ScanIndexForward === false;
      const page = await readPage(snapshot, {
        table,
        index,
        list: { ...rangeFrom(table, index, condition, start, reverse), reverse },
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

function rangeFrom(
  table: TableRow,
  index: IndexRow | undefined,
  condition: KeyCondition,
  start: Item | undefined,
  reverse: boolean,
): ListOptions {
  const range = keyRange(table, index, condition);
  if (start === undefined) return range;
  const place = startKeyPlace(table, index, start);
  const schema: KeySchemaRow = index ?? table;
  const inPartition = equalValues(start[schema.partition.name]!, condition.partition);
  const sort = schema.sort && attributeOf(start, schema.sort.name);
  if (!inPartition || (condition.sort && !matchSort(condition.sort, sort!))) {
    throw validationException("The provided starting key is outside query boundaries based on provided conditions");
  }
  return reverse ? { ...range, before: place } : { ...range, after: place };
}

/** A query's filter sees items after they were found by their keys, so naming keys there is refused. */
function requireNoKeyAttributes(filter: BoundCondition, schema: KeySchemaRow, parameter: string): void {
  for (const path of pathsOf(filter.condition)) {
    if (keyAttributes(schema).some((attribute) => attribute.name === path[0])) {
      throw validationException(
        `${parameter} can only contain non-primary key attributes: Primary key attribute: ${path[0]}`,
      );
    }
  }
}
