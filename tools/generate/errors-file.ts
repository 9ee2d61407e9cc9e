import type { StructureShape } from "../../src/api/model.ts";
import { reachableShapes } from "./descriptor.ts";
import { header, isMessage, typeName } from "./names.ts";
import type { NamedModel } from "./source-model.ts";
import { compare, isException, members, typeWriter } from "./types-file.ts";

/** `errors.ts`: a class for each modelled exception, named as in AWS SDK v3. */
export function errorsFile({ name, model }: NamedModel): string {
  const reached = reachableShapes(model);
  const types = typeWriter(model, { prefix: "types." });
  const classes: string[] = [];
  for (const [shapeName, shape] of Object.entries(model.shapes).toSorted(([a], [b]) => compare(a, b))) {
    if (isException(shape) && reached.has(shapeName)) {
      classes.push(errorClass(shapeName, shape as StructureShape, (s) => members(s, types, isMessage)));
    }
  }
  if (classes.length === 0) return `${header(`models/${name}.json`)}\nexport {};\n`;
  const text = classes.join("\n");
  const details = [
    ...(text.includes("Details<") ? ["type Details"] : []),
    ...(text.includes("(details: Message)") ? ["type Message"] : []),
    "ModelledError",
  ];
  const imports = [`import { ${details.join(", ")} } from "../modelled-error.ts";\n`];
  if (/\btypes\./.test(text)) imports.push(`import type * as types from "./types.ts";\n`);
  return [header(`models/${name}.json`), `${imports.join("")}\n${text}`].join("\n");
}

function errorClass(shapeName: string, shape: StructureShape, fieldsOf: (shape: StructureShape) => string): string {
  const name = typeName(shapeName);
  const code = shape.error?.code ?? shapeName;
  const status = shape.error?.httpStatusCode ?? (shape.fault ? 500 : 400);
  const rest = Object.keys(shape.members).some((member) => !isMessage(member));
  const call = `super(${JSON.stringify(shapeName)}, ${JSON.stringify(code)}, ${status}, details);`;
  if (!rest) {
    return [
      `export class ${name} extends ModelledError {`,
      `  constructor(details: Message) {`,
      `    ${call}`,
      "  }",
      "}",
      "",
    ].join("\n");
  }
  return [
    `export interface ${name}Fields ${fieldsOf(shape)}`,
    "",
    `export class ${name} extends ModelledError<${name}Fields> {`,
    `  constructor(details: Details<${name}Fields>) {`,
    `    ${call}`,
    "  }",
    "}",
    "",
  ].join("\n");
}
