"use strict";
const Module = require("node:module");
const { realpathSync } = require("node:fs");
const { dirname, join, sep } = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");

/** What AWS's runtime brings without packaging. All else comes from the package. */
const provided = /^@(?:aws-sdk|smithy)\//;

/**
 * Makes module resolution end at the task root, as it does on AWS, where nothing lies above it: a function must not find
 * a module because the data directory happens to lie inside a project. The AWS SDK is added, the package's own copy first.
 */
function confineModules(taskRoot) {
  const root = realpathSync(taskRoot) + sep;
  const inside = (path) => (path + sep).startsWith(root);

  const nodeModulePaths = Module._nodeModulePaths;
  Module._nodeModulePaths = function (from) {
    const paths = nodeModulePaths.call(this, from);
    return inside(from) ? paths.filter(inside) : paths;
  };

  const sdkParent = new Module(join(__dirname, "sdk.cjs"));
  sdkParent.filename = sdkParent.id;
  sdkParent.paths = nodeModulePaths.call(Module, dirname(sdkParent.id));
  const resolveFilename = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, ...rest) {
    try {
      return resolveFilename.call(this, request, parent, ...rest);
    } catch (error) {
      if (!provided.test(request) || error.code !== "MODULE_NOT_FOUND") throw error;
      try {
        return resolveFilename.call(this, request, sdkParent, false);
      } catch {
        throw error;
      }
    }
  };

  const rules = importRules(inside);
  const sdkParentUrl = pathToFileURL(sdkParent.id).href;
  if (Module.registerHooks) Module.registerHooks({ resolve: (...args) => resolve(rules, sdkParentUrl, ...args) });
  return {
    /** Before Node.js 22.15 hooks for `import` need a thread of their own: paid only by functions that are ES modules. */
    beforeImport() {
      if (Module.registerHooks || !Module.register) return;
      Module.register("./import-hooks.mjs", {
        parentURL: pathToFileURL(__filename).href,
        data: { root, sdkParentUrl },
      });
    },
  };
}

function resolve(rules, sdkParentUrl, specifier, context, next) {
  if (!rules.apply(specifier, context)) return next(specifier, context);
  try {
    return rules.check(next(specifier, context), specifier, context);
  } catch (error) {
    if (!rules.fallsBack(specifier, error)) throw error;
    try {
      return next(specifier, { ...context, parentURL: sdkParentUrl });
    } catch {
      throw error;
    }
  }
}

/** The same rules for `import`, shared by the two kinds of hooks. */
function importRules(inside) {
  const fromPackage = (url) => Boolean(url && url.startsWith("file:") && inside(fileURLToPath(url)));
  return {
    /** `require` is confined already; relative paths and URLs need no search. */
    apply(specifier, context) {
      const isRequire = context.conditions && context.conditions.includes("require");
      return !isRequire && !/^(?:[./#]|[a-z]+:)/.test(specifier) && fromPackage(context.parentURL);
    },
    /** Refuses what was found above the task root, as if it were not there. */
    check(result, specifier, context) {
      if (!result.url.startsWith("file:") || fromPackage(result.url)) return result;
      const from = fileURLToPath(context.parentURL);
      const error = new Error(`Cannot find package '${specifier}' imported from ${from}`);
      throw Object.assign(error, { code: "ERR_MODULE_NOT_FOUND" });
    },
    fallsBack: (specifier, error) => provided.test(specifier) && error.code === "ERR_MODULE_NOT_FOUND",
  };
}

module.exports = { confineModules, importRules };
