import { AwsError } from "../../../api/aws-error.ts";
import type { AttributeValue } from "../items/attribute-value.ts";
import { checkValue } from "../items/check-value.ts";
import { validationException } from "../refusals.ts";
import { parseCondition } from "./condition-parser.ts";
import type { BoundCondition } from "./condition.ts";
import { checkReferences } from "./parser.ts";
import type { ExpressionNames, ExpressionValues, References } from "./parser.ts";
import { parseProjection } from "./projection.ts";
import type { ParsedProjection } from "./projection.ts";
import { parseUpdate } from "./update-parser.ts";
import type { ParsedUpdate } from "./update-parser.ts";

const cacheLimit = 1000;

/** Parsed expressions by text and names: programs send the same few again and again. One for each service instance. */
export class ExpressionCache {
  readonly #parsed = new Map<string, References>();

  get<Parsed extends References>(
    label: string,
    text: string,
    names: ExpressionNames,
    parse: (label: string, text: string, names: ExpressionNames) => Parsed,
  ): Parsed {
    let key = `${label}\0${text}`;
    for (const [placeholder, name] of names) key += `\0${placeholder}\0${name}`;
    const found = this.#parsed.get(key) as Parsed | undefined;
    if (found) {
      this.#parsed.delete(key);
      this.#parsed.set(key, found);
      return found;
    }
    const parsed = parse(label, text, names);
    if (this.#parsed.size >= cacheLimit) this.#parsed.delete(this.#parsed.keys().next().value!);
    this.#parsed.set(key, parsed);
    return parsed;
  }
}

export interface ExpressionParameters {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

const noNames: ExpressionNames = new Map();
const noValues: ExpressionValues = new Map();

/** The expressions of one request, which share names and values. Ask for each that is given, then `finish`. */
export class Expressions {
  readonly #cache: ExpressionCache;
  readonly #names: ExpressionNames;
  readonly #used: References[] = [];
  readonly values: ExpressionValues;

  /** `given` lists the request's expression parameters in AWS's order, absent ones as undefined. */
  constructor(
    cache: ExpressionCache,
    parameters: ExpressionParameters,
    given: Readonly<Record<string, string | undefined>>,
  ) {
    this.#cache = cache;
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = parameters;
    if (names !== undefined || values !== undefined) requireExpressions(names, values, given);
    this.#names = names === undefined ? noNames : checkNames(names);
    this.values = values === undefined ? noValues : checkValues(values);
  }

  /** The condition together with the request's values; undefined when it is not given. */
  condition(label: string, text: string | undefined): BoundCondition | undefined {
    if (text === undefined) return undefined;
    const { condition } = this.#use(label, this.#cache.get(label, text, this.#names, parseCondition));
    return { condition, values: this.values };
  }

  update(text: string): ParsedUpdate {
    return this.#use("UpdateExpression", this.#cache.get("UpdateExpression", text, this.#names, parseUpdate));
  }

  projection(text: string): ParsedProjection {
    return this.#use(
      "ProjectionExpression",
      this.#cache.get("ProjectionExpression", text, this.#names, parseProjection),
    );
  }

  #use<Parsed extends References>(label: string, parsed: Parsed): Parsed {
    checkReferences(label, parsed, this.values);
    this.#used.push(parsed);
    return parsed;
  }

  /** Refuses names and values that no expression uses. */
  finish(): void {
    this.#requireUsed("ExpressionAttributeNames", this.#names, (parsed) => parsed.names);
    this.#requireUsed("ExpressionAttributeValues", this.values, (parsed) => parsed.values);
  }

  #requireUsed(
    parameter: string,
    defined: ReadonlyMap<string, unknown>,
    usedBy: (parsed: References) => ReadonlySet<string>,
  ): void {
    if (defined.size === 0) return;
    const unused = [...defined.keys()].filter((name) => !this.#used.some((parsed) => usedBy(parsed).has(name)));
    if (unused.length === 0) return;
    throw validationException(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(", ")}}`);
  }
}

function requireExpressions(
  names: object | undefined,
  values: object | undefined,
  given: Readonly<Record<string, string | undefined>>,
): void {
  if (names !== undefined && Object.values(given).every((text) => text === undefined)) {
    throw validationException("ExpressionAttributeNames can only be specified when using expressions");
  }
  const takingValues = Object.keys(given).filter((parameter) => parameter !== "ProjectionExpression");
  if (values !== undefined && takingValues.every((parameter) => given[parameter] === undefined)) {
    const verb = takingValues.length > 1 ? "are" : "is";
    throw validationException(
      `ExpressionAttributeValues can only be specified when using expressions: ${takingValues.join(" and ")} ${verb} null`,
    );
  }
}

const placeholderForm = /^[A-Za-z0-9_]+$/;
const maxAttributeNameBytes = 65_535;

function checkNames(names: Readonly<Record<string, string>>): ExpressionNames {
  const checked = new Map<string, string>();
  for (const [placeholder, name] of Object.entries(names)) {
    requirePlaceholder("ExpressionAttributeNames", "#", placeholder);
    if (name === "" || name.length > maxAttributeNameBytes) {
      throw validationException(
        `ExpressionAttributeNames contains invalid value: Member must have length ${name === "" ? "greater than or equal to 1" : `less than or equal to ${maxAttributeNameBytes}`}; key: ${placeholder}`,
      );
    }
    checked.set(placeholder, name);
  }
  if (checked.size === 0) throw validationException("ExpressionAttributeNames must not be empty");
  return checked;
}

function checkValues(values: Readonly<Record<string, unknown>>): ExpressionValues {
  const checked = new Map<string, AttributeValue>();
  for (const [placeholder, value] of Object.entries(values)) {
    requirePlaceholder("ExpressionAttributeValues", ":", placeholder);
    try {
      checked.set(placeholder, checkValue(value));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw validationException(
        `ExpressionAttributeValues contains invalid value: ${error.message} for key ${placeholder}`,
      );
    }
  }
  if (checked.size === 0) throw validationException("ExpressionAttributeValues must not be empty");
  return checked;
}

function requirePlaceholder(parameter: string, sign: string, placeholder: string): void {
  if (placeholder.startsWith(sign) && placeholderForm.test(placeholder.slice(1))) return;
  throw validationException(`${parameter} contains invalid key: Syntax error; key: "${placeholder}"`);
}
