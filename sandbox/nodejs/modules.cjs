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

  const hooks = importHooks(inside, pathToFileURL(sdkParent.id).href);
  if (Module.registerHooks) Module.registerHooks({ resolve: hooks });
  return {
    /** Before Node.js 22.15 hooks for `import` need a thread of their own: paid only by functions that are ES modules. */
    beforeImport() {
      if (Module.registerHooks || !Module.register) return;
      Module.register("./import-hooks.mjs", {
        parentURL: pathToFileURL(__filename).href,
        data: { root, sdkParentUrl: pathToFileURL(sdkParent.id).href },
      });
    },
  };
}

/** The `resolve` hook; `next` may answer at once or with a promise, as the two kinds of hooks do. */
function importHooks(inside, sdkParentUrl) {
  const fromPackage = (url) => Boolean(url && url.startsWith("file:") && inside(fileURLToPath(url)));
  return function resolve(specifier, context, next) {
    // `require` is confined above; relative paths and URLs need no search.
    const isRequire = context.conditions && context.conditions.includes("require");
    if (isRequire || /^[./#]/.test(specifier) || /^[a-z]+:/.test(specifier) || !fromPackage(context.parentURL)) {
      return next(specifier, context);
    }
    const check = (result) => {
      if (!result.url.startsWith("file:") || fromPackage(result.url)) return result;
      throw Object.assign(
        new Error(`Cannot find package '${specifier}' imported from ${fileURLToPath(context.parentURL)}`),
        { code: "ERR_MODULE_NOT_FOUND" },
      );
    };
    const recover = (error) => {
      if (!provided.test(specifier) || error.code !== "ERR_MODULE_NOT_FOUND") throw error;
      const giveUp = () => {
        throw error;
      };
      try {
        const result = next(specifier, { ...context, parentURL: sdkParentUrl });
        return typeof result.then === "function" ? result.catch(giveUp) : result;
      } catch {
        return giveUp();
      }
    };
    try {
      const result = next(specifier, context);
      return typeof result.then === "function" ? result.then(check).catch(recover) : check(result);
    } catch (error) {
      return recover(error);
    }
  };
}

module.exports = { confineModules, importHooks };
