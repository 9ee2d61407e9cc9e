import { sep } from "node:path";
import modules from "./modules.cjs";

let hook;

/** Hooks for `import` on the Node.js versions that run them in a thread of their own (before 22.15). */
export function initialize({ root, sdkParentUrl }) {
  hook = modules.importHooks((path) => (path + sep).startsWith(root), sdkParentUrl);
}

export function resolve(specifier, context, next) {
  return hook(specifier, context, next);
}
