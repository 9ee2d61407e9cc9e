/**
 * An object for keys that come from outside. It inherits nothing, so no key means more than itself: `constructor` is
 * undefined until set and `__proto__` is a key like any other.
 *
 * Made by a constructor because V8 gives such objects fast properties; `Object.create(null)` makes slow ones.
 */
export const Dictionary = function () {} as unknown as new () => Record<string, unknown>;
(Dictionary as unknown as { prototype: unknown }).prototype = Object.create(null) as unknown;
