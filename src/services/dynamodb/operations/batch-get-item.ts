import type { ConsumedCapacity, DynamoDBApi, KeysAndAttributes } from "../../../api/dynamodb/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import type { ExpressionCache } from "../expressions/expressions.ts";
import { Expressions } from "../expressions/expressions.ts";
import { projectItem } from "../expressions/projection.ts";
import type { ProjectionTree } from "../expressions/projection.ts";
import type { Item } from "../items/attribute-value.ts";
import { byName } from "../items/by-name.ts";
import { checkItem } from "../items/check-value.ts";
import { describeUnits, readUnits, Units } from "../items/consumed-capacity.ts";
import { itemKey, requireKey } from "../items/keys.ts";
import { printKey } from "../items/print-key.ts";
import { validationException } from "../refusals.ts";
import { items } from "../state.ts";
import { requireTable } from "../tables/require-table.ts";
import { projectAttributes, refuseMixing } from "../legacy/legacy-parameters.ts";

const maxKeys = 100;
/** What does not fit into an answer is left over, for the client to ask again. */
const maxAnswerBytes = 16 * 1024 * 1024;

interface TableRequest {
  readonly nameOrArn: string;
  readonly asked: KeysAndAttributes;
  readonly keys: readonly Item[];
  readonly tree: ProjectionTree | undefined;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export function batchGetItem(cache: ExpressionCache): Handler<DynamoDBApi["BatchGetItem"]> {
  return async (input, ctx) => {
    const requests = Object.entries(input.RequestItems).map(([nameOrArn, asked]) =>
      readTableRequest(cache, nameOrArn, asked),
    );
    if (requests.reduce((sum, request) => sum + request.keys.length, 0) > maxKeys) {
      throw validationException("Too many items requested for the BatchGetItem call");
    }
    return ctx.read(async (snapshot) => {
      const responses = byName<Item[]>();
      const unprocessed = byName<KeysAndAttributes>();
      const consumed: ConsumedCapacity[] = [];
      let bytes = 0;
      for (const { nameOrArn, asked, keys, tree } of requests) {
        const table = await requireTable(snapshot, nameOrArn, ctx);
        for (const key of keys) requireKey(table, key);
        requireDistinct(keys.map((key) => printKey(itemKey(table, key))));
        const found: Item[] = (responses[nameOrArn] = []);
        const left: KeysAndAttributes["Keys"] = [];
        const units = new Units();
        for (const [at, key] of keys.entries()) {
          if (bytes >= maxAnswerBytes) {
            left.push(asked.Keys[at]!);
            continue;
          }
          const row = await snapshot.get(items, itemKey(table, key));
          if (row && bytes + row.size > maxAnswerBytes) {
            bytes = maxAnswerBytes;
            left.push(asked.Keys[at]!);
            continue;
          }
          units.addToTable(readUnits(row?.size ?? 0, asked.ConsistentRead));
          if (!row) continue;
          bytes += row.size;
          found.push(tree ? projectItem(row.item, tree) : row.item);
        }
        if (left.length > 0) unprocessed[nameOrArn] = { ...asked, Keys: left };
        const capacity = describeUnits(input.ReturnConsumedCapacity, table, units);
        if (capacity) consumed.push(capacity);
      }
      return {
        Responses: responses as never,
        UnprocessedKeys: unprocessed,
        ...(consumed.length > 0 && { ConsumedCapacity: consumed }),
      };
    });
  };
}

function readTableRequest(cache: ExpressionCache, nameOrArn: string, asked: KeysAndAttributes): TableRequest {
  const { ProjectionExpression, AttributesToGet } = asked;
  refuseMixing({ AttributesToGet }, { ProjectionExpression });
  const keys = asked.Keys.map((key) => checkItem(key));
  const expressions = new Expressions(cache, asked, { ProjectionExpression });
  const tree =
    ProjectionExpression === undefined
      ? projectAttributes(AttributesToGet)
      : expressions.projection(ProjectionExpression).tree;
  expressions.finish();
  return { nameOrArn, asked, keys, tree };
}

/** @throws ValidationException when a batch names one item twice */
export function requireDistinct(keys: readonly string[]): void {
  if (new Set(keys).size !== keys.length) {
    throw validationException("Provided list of item keys contains duplicates");
  }
}
