import type { AttributeDefinition, KeySchemaElement } from "../../../api/dynamodb/types.ts";
import type { KeyAttribute } from "../items/keys.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import type { KeySchemaRow } from "../state.ts";

/**
 * Checks a key schema against the attribute definitions and reads it.
 * @throws ValidationException as AWS words it
 */
export function readKeySchema(
  schema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): KeySchemaRow {
  const keys = schema.map((element) => element.AttributeName);
  const defined = definitions.map((definition) => definition.AttributeName);
  if (keys.some((key) => !defined.includes(key))) {
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(", ")}], AttributeDefinitions: [${defined.join(", ")}]`,
    );
  }
  if (keys[0] === keys[1]) {
    throw validationException("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  if (schema[0]!.KeyType !== "HASH") {
    throw validationException("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (schema[1] && schema[1].KeyType !== "RANGE") {
    throw validationException("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  const attribute = (name: string): KeyAttribute => ({
    name,
    type: definitions.find((definition) => definition.AttributeName === name)!.AttributeType,
  });
  return { partition: attribute(keys[0]!), ...(keys[1] !== undefined && { sort: attribute(keys[1]) }) };
}

/** As AWS prints key schemas in messages of its model checks. */
export function printKeySchema(schema: readonly KeySchemaElement[]): string {
  const elements = schema.map(
    (element) => `KeySchemaElement(attributeName=${element.AttributeName}, keyType=${element.KeyType})`,
  );
  return `[${elements.join(", ")}]`;
}
