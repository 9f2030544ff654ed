/**
 * Loaded into the server of a run by `node --import moved-clock.ts?file=PATH`: its clock is ahead by the milliseconds that the
 * file holds, in all its threads. Days that a runbook asks for pass as the quiet weeks do: simulated.
 */
import { readFileSync } from 'node:fs'
import { CLOCK_READ_MS } from './limits.ts'

const file = new URL(import.meta.url).searchParams.get('file') ?? ''
const now = Date.now.bind(Date)
let ahead = 0

class MovedDate extends Date {
  constructor(...given: readonly unknown[]) {
    // A Date of nothing is now; whatever else it is made of is for the original.
    super(...((given.length === 0 ? [MovedDate.now()] : given) as [number]))
  }

  static override now(): number {
    return now() + ahead
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.toString.call(value) === '[object Date]'
  }
}

globalThis.Date = MovedDate as DateConstructor // called without `new` by nobody
setInterval(read, CLOCK_READ_MS).unref()

function read(): void {
  try {
    ahead = Number(readFileSync(file, 'utf8'))
  } catch {
    // Nobody has moved it yet, or the run ends.
  }
}
