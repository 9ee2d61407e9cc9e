import type { Expression, Node, ReferenceNode, Template } from "./ast.ts";
import { callMethod, memberOf } from "./methods.ts";
import { HostObject, isEqual, isMap, isTrue, textOf, type Value } from "./value.ts";

/** Rendering stops here: so many loop rounds, so many characters. */
const maxRounds = 1000;
const maxLength = 10 * 1024 * 1024;

/** A template that went wrong while it was rendered. */
export class RenderError extends Error {
  override readonly name = "RenderError";
}

/** Writes a template with these objects in reach. Names set by the template hide them. */
export function render(template: Template, objects: ReadonlyMap<string, HostObject>): string {
  const renderer = new Renderer(objects);
  renderer.write(template);
  return renderer.text;
}

type Outcome = "stop" | "break" | undefined;

class Renderer {
  text = "";
  readonly #objects: ReadonlyMap<string, HostObject>;
  readonly #names = new Map<string, Value>();
  #rounds = 0;

  constructor(objects: ReadonlyMap<string, HostObject>) {
    this.#objects = objects;
  }

  write(template: Template): Outcome {
    for (const node of template) {
      const outcome = this.#node(node);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  }

  #node(node: Node): Outcome {
    switch (node.kind) {
      case "text":
        this.#add(node.text);
        return undefined;
      case "reference":
        this.#add(this.#referenceText(node));
        return undefined;
      case "set": {
        const value = this.#value(node.value);
        // Nothing is not assigned: the name keeps what it had.
        if (value === null || value === undefined) return undefined;
        if (node.path.length === 0) this.#names.set(node.name, value);
        else this.#objects.get(node.name)!.assign(node.path, value);
        return undefined;
      }
      case "if": {
        const branch = node.branches.find(({ condition }) => isTrue(this.#value(condition)));
        return this.write(branch?.body ?? node.otherwise);
      }
      case "foreach":
        return this.#foreach(node.name, this.#value(node.over), node.body);
      case "stop":
      case "break":
        return node.kind;
    }
  }

  #foreach(name: string, over: Value, body: Template): Outcome {
    const items = Array.isArray(over) ? (over as readonly Value[]) : isMap(over) ? Object.values(over) : [];
    const before = this.#names.get(name);
    const outer = this.#names.get("foreach");
    const outerCount = this.#names.get("velocityCount");
    let outcome: Outcome;
    for (const [index, item] of items.entries()) {
      if (++this.#rounds > maxRounds) throw new RenderError(`More than ${maxRounds} rounds of #foreach`);
      this.#names.set(name, item);
      this.#names.set("velocityCount", index + 1);
      this.#names.set("foreach", {
        index,
        count: index + 1,
        first: index === 0,
        last: index === items.length - 1,
        hasNext: index < items.length - 1,
        ...(outer !== undefined && { parent: outer }),
      });
      outcome = this.write(body);
      if (outcome !== undefined) break;
    }
    this.#restore(name, before);
    this.#restore("foreach", outer);
    this.#restore("velocityCount", outerCount);
    return outcome === "stop" ? "stop" : undefined;
  }

  #restore(name: string, value: Value): void {
    if (value === undefined) this.#names.delete(name);
    else this.#names.set(name, value);
  }

  #add(text: string): void {
    if (this.text.length + text.length > maxLength) throw new RenderError("The rendered text is too long");
    this.text += text;
  }

  #referenceText(reference: ReferenceNode): string {
    const value = this.#reference(reference);
    if (value !== null && value !== undefined) return textOf(value);
    // What the surroundings do not have is empty; only unknown names stand as they are.
    return reference.quiet || this.#isHost(reference.name) ? "" : reference.source;
  }

  #isHost(name: string): boolean {
    return !this.#names.has(name) && this.#objects.has(name);
  }

  #reference(reference: ReferenceNode): Value {
    let value = this.#names.has(reference.name) ? this.#names.get(reference.name) : this.#objects.get(reference.name);
    for (const step of reference.steps) {
      if (value === null || value === undefined) return undefined;
      switch (step.kind) {
        case "property":
          value = propertyOf(value, step.name);
          break;
        case "index":
          value = indexOf(value, this.#value(step.index));
          break;
        case "method": {
          const args = step.args.map((arg) => this.#value(arg));
          value =
            value instanceof HostObject ? value.methods.get(step.name)?.(args) : callMethod(value, step.name, args);
        }
      }
    }
    return value;
  }

  #value(expression: Expression): Value {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "reference":
        return this.#reference(expression);
      case "interpolation":
        return this.#interpolate(expression.template);
      case "list":
        return expression.items.map((item) => this.#value(item));
      case "map":
        return Object.fromEntries(
          expression.entries.map(([key, value]) => [textOf(this.#value(key)), this.#value(value)]),
        );
      case "range":
        return range(this.#value(expression.from), this.#value(expression.to));
      case "not":
        return !isTrue(this.#value(expression.operand));
      case "binary":
        return this.#binary(expression);
    }
  }

  #interpolate(template: Template): string {
    const outer = this.text;
    this.text = "";
    this.write(template);
    const inner = this.text;
    this.text = outer;
    return inner;
  }

  #binary({ operator, left, right }: Expression & { kind: "binary" }): Value {
    switch (operator) {
      case "||":
        return isTrue(this.#value(left)) || isTrue(this.#value(right));
      case "&&":
        return isTrue(this.#value(left)) && isTrue(this.#value(right));
      case "==":
        return isEqual(this.#value(left), this.#value(right));
      case "!=":
        return !isEqual(this.#value(left), this.#value(right));
      default:
        return calculate(operator, this.#value(left), this.#value(right));
    }
  }
}

function calculate(operator: string, left: Value, right: Value): Value {
  if (operator === "+" && (typeof left === "string" || typeof right === "string")) {
    const result = textOf(left) + textOf(right);
    if (result.length > maxLength) throw new RenderError("A text is too long");
    return result;
  }
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  const whole = Number.isInteger(left) && Number.isInteger(right);
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      if (right === 0) return undefined;
      return whole ? Math.trunc(left / right) : left / right;
    case "%":
      return right === 0 ? undefined : left % right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}

function propertyOf(value: Value, name: string): Value {
  if (value instanceof HostObject) return value.property(name);
  return isMap(value) ? memberOf(value, name) : undefined;
}

function indexOf(value: Value, index: Value): Value {
  if (value instanceof HostObject) return value.property(textOf(index));
  if (Array.isArray(value) && typeof index === "number") return (value as readonly Value[]).at(index);
  return isMap(value) ? memberOf(value, textOf(index)) : undefined;
}

/** `[1..5]` and `[5..1]`, both ends included. */
function range(from: Value, to: Value): Value {
  if (!Number.isInteger(from) || !Number.isInteger(to)) return undefined;
  const [first, last] = [from as number, to as number];
  const length = Math.abs(last - first) + 1;
  if (length > maxRounds) throw new RenderError(`A range of more than ${maxRounds}`);
  return Array.from({ length }, (_, at) => (first <= last ? first + at : first - at));
}
