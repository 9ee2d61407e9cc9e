import type { OperationModel, ServiceModel } from "../../api/model.ts";

/**
 * The operation of that name; never anything that the map merely inherits. Its `name` is that of the API, also in
 * CloudFront's model, where the operations' own names end in the version.
 */
export function operationOf(model: ServiceModel, name: string): OperationModel | undefined {
  const found = Object.hasOwn(model.operations, name) ? model.operations[name] : undefined;
  return found === undefined || found.name === name ? found : { ...found, name };
}

/** Keeps what is made once for each name. */
export function onceByName<T>(make: (name: string) => T | undefined): (name: string) => T | undefined {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fresh = make(name);
    if (fresh !== undefined) made.set(name, fresh);
    return fresh;
  };
}

/** A function that is made when it is first called. */
export function lazily<A extends readonly unknown[], R>(make: () => (...args: A) => R): (...args: A) => R {
  let made: ((...args: A) => R) | undefined;
  return (...args) => (made ??= make())(...args);
}
