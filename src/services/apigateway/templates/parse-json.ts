import type { Value } from "../../../languages/vtl/value.ts";

/** Undefined where the text is no JSON: what a runtime answers may be anything. */
export function parseJson(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}
