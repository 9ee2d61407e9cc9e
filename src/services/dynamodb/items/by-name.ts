/** An empty object whose members come from outside: a table or index may well be called `__proto__`. */
export function byName<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
