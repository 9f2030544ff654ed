import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ContainingServer } from './contained.ts'

/** SIGKILL, without a word; processes that the driver left to keep a time limit are `loader` too. */
export async function killAll(
  { server, folder }: ContainingServer,
  victims: readonly ('server' | 'driver' | 'loader')[],
): Promise<void> {
  const driver = Number(readFileSync(join(folder, 'sensor', 'pid'), 'utf8'))
  const pids = { driver: [driver], loader: childrenOf(driver), server: [] }
  for (const pid of victims.flatMap((victim) => pids[victim])) process.kill(pid, 'SIGKILL')
  if (victims.includes('server')) await server.kill()
}

/** The processes of the product's own that a process has started. */
function childrenOf(parent: number): readonly number[] {
  const children = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      // The second word is the name in brackets, which may hold anything; the parent is the second one after it.
      const [, after = ''] = readFileSync(`/proc/${name}/stat`, 'utf8').split(/\) (?!.*\) )/)
      return Number(after.split(' ')[1]) === parent ? [Number(name)] : []
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
  expect(children.length).toBeGreaterThan(0)
  return children
}
