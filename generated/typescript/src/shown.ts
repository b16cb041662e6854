/*
 * How objects look in console.log of Node, Deno and Bun, which do not see private fields.
 */

const ASKED = "nodejs.util.inspect.custom";

/**
 * Makes console.log show what toJSON says. A class cannot declare such a method itself:
 * isolatedDeclarations takes no name that is computed.
 */
export function show(of: {
  readonly prototype: { toJSON(): Record<string, unknown> };
}): void {
  const { prototype } = of;
  Object.defineProperty(prototype, Symbol.for(ASKED), {
    value: prototype.toJSON,
  });
}
