/**
 * Stands in for zod where the workspace takes in `@holdfast/api` (vite.config.ts). A page needs method and path of the routes; their
 * schemas are types to it, and making a thousand of them took 150 ms of each load before there was anything to see. Whatever a
 * schema is made of is this one value; who would check something with it is told that here nothing is.
 */
export const z: unknown = new Proxy(() => undefined, {
  get(_, name) {
    if (typeof name === 'string' && CHECKS.has(name))
      throw new TypeError(`schemas are not in the workspace: ${name} is for the server and the command line`)
    return z
  },
  apply: () => z,
})

const CHECKS: ReadonlySet<string> = new Set(
  ['parse', 'safeParse', 'decode', 'safeDecode', 'encode', 'safeEncode'].flatMap((name) => [name, `${name}Async`]),
)
