/**
 * What the libraries call and Chromium 90 lacks. The build lowers syntax, never functions.
 */

const OWN = Object.prototype.hasOwnProperty;

if (!("hasOwn" in Object)) {
  Object.defineProperty(Object, "hasOwn", {
    configurable: true,
    writable: true,
    value: (object: object, key: PropertyKey) => OWN.call(object, key),
  });
}

function at(this: ArrayLike<unknown>, index: number): unknown {
  const whole = Math.trunc(index) || 0;
  return this[whole < 0 ? this.length + whole : whole];
}

for (const prototype of [Array.prototype, String.prototype]) {
  if (!("at" in prototype)) {
    Object.defineProperty(prototype, "at", { configurable: true, writable: true, value: at });
  }
}

/** Copies plain data: objects, arrays, dates, maps and sets, also where they contain themselves. */
export function copy<T>(value: T, seen: Map<unknown, unknown> = new Map()): T {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const before = seen.get(value);
  if (before !== undefined) {
    return before as T;
  }
  if (value instanceof Date) {
    return new Date(value) as T;
  }
  if (value instanceof Map) {
    const map = new Map();
    seen.set(value, map);
    for (const [key, element] of value) {
      map.set(copy(key, seen), copy(element, seen));
    }
    return map as T;
  }
  if (value instanceof Set) {
    const set = new Set();
    seen.set(value, set);
    for (const element of value) {
      set.add(copy(element, seen));
    }
    return set as T;
  }
  const target: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  seen.set(value, target);
  for (const [key, element] of Object.entries(value)) {
    (target as Record<string, unknown>)[key] = copy(element, seen);
  }
  return target as T;
}

if (typeof globalThis.structuredClone !== "function") {
  Object.defineProperty(globalThis, "structuredClone", { configurable: true, writable: true, value: copy });
}
