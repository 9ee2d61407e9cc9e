import type { TestPlatform } from "../../../test/harness/platform.ts";
import type { AttributeDefinition, CreateTableInput, KeySchemaElement } from "../../api/dynamodb/types.ts";

/** Makes an on-demand table for a test. Keys are written `pk:S` or `pk:S sk:N`; indexes by name, `local` ones marked. */
export async function makeTable(
  platform: TestPlatform,
  TableName: string,
  keys: string,
  indexes: Readonly<
    Record<string, { readonly keys: string; readonly local?: boolean; readonly projects?: string }>
  > = {},
): Promise<void> {
  const definitions = new Map<string, AttributeDefinition>();
  const schemaOf = (text: string): KeySchemaElement[] =>
    text.split(" ").map((key, at) => {
      const [AttributeName, AttributeType] = key.split(":") as [string, "S" | "N" | "B"];
      definitions.set(AttributeName, { AttributeName, AttributeType });
      return { AttributeName, KeyType: at === 0 ? "HASH" : "RANGE" };
    });
  const KeySchema = schemaOf(keys);
  const specified = Object.entries(indexes).map(([IndexName, index]) => ({
    local: index.local ?? false,
    specification: { IndexName, KeySchema: schemaOf(index.keys), Projection: projectionOf(index.projects) },
  }));
  const local = specified.filter((index) => index.local).map((index) => index.specification);
  const global = specified.filter((index) => !index.local).map((index) => index.specification);
  const input: CreateTableInput = {
    TableName,
    KeySchema,
    AttributeDefinitions: [...definitions.values()],
    BillingMode: "PAY_PER_REQUEST",
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
  };
  await platform.aws().dynamodb.CreateTable(input);
  await platform.idle();
}

function projectionOf(projects = "ALL") {
  if (projects === "ALL" || projects === "KEYS_ONLY") return { ProjectionType: projects } as const;
  return { ProjectionType: "INCLUDE", NonKeyAttributes: projects.split(" ") } as const;
}
