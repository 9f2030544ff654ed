import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What an agent that stays found when it tried its outside. Milliseconds since 1970. */
export type Pulse = {
  readonly at: number
  readonly pid: number
  /** On the connection that it had before. */
  readonly open: 'through' | 'cut'
  /** On a new one. */
  readonly fresh: 'through' | 'cut'
  /** Bytes that have left by the interface to the outside since it was there. */
  readonly sent: number
}

/** All that it wrote so far, in its order; a line that is being written is left for the next time. */
export function pulsesIn(folder: string): readonly Pulse[] {
  const path = join(folder, 'pulse.jsonl')
  if (!existsSync(path)) return []
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return whole.map((line) => JSON.parse(line) as Pulse) // our own program's
}
