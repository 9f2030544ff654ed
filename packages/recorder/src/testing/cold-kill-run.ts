import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { LogReader } from '../log-reader.ts'
import { randomFrom } from './random.ts'

export type ColdKillRun = {
  readonly kills: number
  readonly acknowledged: number
  /** Moves to cold storage that came to their end. */
  readonly moves: number
  readonly wrong: readonly string[]
}

const CHILD = fileURLToPath(new URL('cool-child.ts', import.meta.url))
/** Longest life of a child once it is ready: several moves. */
const MAX_LIFE_MS = 500

/**
 * Kills a process that appends, cools and restores, at random instants in one folder, and reads the whole log after each: every
 * acknowledged entry must be there once and readable, wherever it lies.
 */
export async function coldKillRun(options: {
  readonly folder: string
  readonly kills: number
  readonly seed: number
}): Promise<ColdKillRun> {
  const random = randomFrom(options.seed)
  const acknowledged = new Set<number>()
  const wrong: string[] = []
  let moves = 0
  let next = 0
  for (let kill = 0; kill < options.kills && wrong.length === 0; kill++) {
    const life = await runChild(options.folder, { next, lifeMs: random() * MAX_LIFE_MS })
    for (const batch of life.acked) acknowledged.add(batch)
    moves += life.moves
    next += 10_000
    wrong.push(...faultsIn(options.folder, acknowledged).map((text) => `after kill ${kill}: ${text}`))
  }
  return { kills: options.kills, acknowledged: acknowledged.size, moves, wrong }
}

function faultsIn(folder: string, acknowledged: ReadonlySet<number>): readonly string[] {
  using reader = LogReader.open({ folder })
  const counts = new Map<number, number>()
  try {
    for (const { body, envelope } of reader.entries({ from: 0 })) {
      if (envelope.channel === 'control') continue
      const batch = Number(/^(\d+)\//.exec(Buffer.from(body ?? []).toString())?.[1])
      counts.set(batch, (counts.get(batch) ?? 0) + 1)
    }
  } catch (error) {
    return [`the log cannot be read: ${error instanceof Error ? error.message : String(error)}`]
  }
  return [...acknowledged].flatMap((batch) => {
    const expected = 1 + (batch % 20)
    const found = counts.get(batch) ?? 0
    return found === expected ? [] : [`batch ${batch} has ${found} of ${expected} entries`]
  })
}

async function runChild(folder: string, run: { readonly next: number; readonly lifeMs: number }) {
  const args = ['--conditions=@holdfast/source', CHILD, folder, String(run.next)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const life = { acked: [] as number[], moves: 0 }
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const [word, rest = ''] = line.split(' ')
      if (word === 'ack') life.acked.push(Number(rest))
      else if (word === 'moved') life.moves += 1
      else if (word === 'ready') resolve()
    })
  })
  const closed = once(child, 'close')
  await Promise.race([ready, closed])
  await wait(run.lifeMs)
  child.kill('SIGKILL')
  await closed
  return life
}
