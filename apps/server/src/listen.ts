import { NEXT_PORTS } from './limits.ts'
import { portOwner } from './ports.ts'

/**
 * Listens on a port, or on the next free one where the options allow it. Throws an Error that names the port's owner and
 * the flag that chooses another.
 */
export async function listenOrNext<T>(
  options: { readonly takeNextPort: boolean },
  port: number,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  for (let candidate = port; ; candidate += 1) {
    try {
      return await listen(candidate)
    } catch (error) {
      if (!isTaken(error)) throw error
      const owner = portOwner(candidate)
      const who = owner === undefined ? 'another program' : `process ${owner.pid} (${owner.command})`
      if (!options.takeNextPort || candidate >= port + NEXT_PORTS) {
        throw new Error(`port ${candidate} is taken by ${who}: stop it, or choose another port (0 picks a free one)`, {
          cause: error,
        })
      }
      process.stderr.write(`port ${candidate} is taken by ${who}: trying ${candidate + 1}\n`)
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
