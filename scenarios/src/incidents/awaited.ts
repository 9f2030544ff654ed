import type { Answer } from '@holdfast/api'
import { ask, type HoldfastAddress } from './holdfast.ts'

/** What a server is at that has been sent something, and how far it is; undefined once all of it is folded and judged. */
export async function awaitedWords(holdfast: HoldfastAddress): Promise<string | undefined> {
  const { size, projection } = await ask<Pick<Answer<'getIntegrity'>, 'size' | 'projection'>>(holdfast, '/integrity')
  if (projection.lag > 0) return `folding what was recorded: ${size - projection.lag} of ${size} log entries`
  const { waiting } = await ask<Pick<Answer<'listIncidents'>, 'waiting'>>(holdfast, '/incidents?limit=1')
  if (waiting === 0) return undefined
  return `judging what was folded: ${waiting} ${waiting === 1 ? 'trace waits' : 'traces wait'}`
}
