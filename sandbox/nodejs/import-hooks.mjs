import { sep } from "node:path";
import modules from "./modules.cjs";

let rules;
let sdkParentUrl;

/** Hooks for `import` on the Node.js versions that run them in a thread of their own (before 22.15). */
export function initialize(data) {
  rules = modules.importRules((path) => (path + sep).startsWith(data.root));
  sdkParentUrl = data.sdkParentUrl;
}

export async function resolve(specifier, context, next) {
  if (!rules.apply(specifier, context)) return next(specifier, context);
  try {
    return rules.check(await next(specifier, context), specifier, context);
  } catch (error) {
    if (!rules.fallsBack(specifier, error)) throw error;
    try {
      return await next(specifier, { ...context, parentURL: sdkParentUrl });
    } catch {
      throw error;
    }
  }
}
