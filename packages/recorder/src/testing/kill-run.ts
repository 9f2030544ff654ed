import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { randomFrom } from './random.ts'
import { RunChecker } from './run-checker.ts'

export type KillRun = {
  readonly kills: number
  readonly entries: number
  readonly acknowledged: number
  readonly wrong: readonly string[]
}

const CHILD = fileURLToPath(new URL('append-child.ts', import.meta.url))
/** Longest life of a child: some die while they recover, most while they write. */
const MAX_LIFE_MS = 120

/** Kills a writing process at random instants, `kills` times in one folder, and checks the log after each. */
export async function killRun(options: {
  readonly folder: string
  readonly kills: number
  readonly seed: number
}): Promise<KillRun> {
  const random = randomFrom(options.seed)
  const checker = new RunChecker(options.folder, (body) => /^\d+\/\d+ /.exec(Buffer.from(body).toString())?.[0])
  const wrong: string[] = []
  let next = 0
  let acknowledged = 0
  let open = new Set<number>()
  for (let kill = 0; kill < options.kills && wrong.length === 0; kill++) {
    // On a machine with other work all might die before the first answer, and show nothing: each lives longer until there is one.
    const longestMs = acknowledged > 0 ? MAX_LIFE_MS : MAX_LIFE_MS * (1 + kill)
    const life = await runChild(options.folder, { next, again: [...open], lifeMs: random() * longestMs })
    for (const batch of life.sent) open.add(batch)
    for (const batch of life.acked) {
      open.delete(batch)
      checker.acknowledged({
        name: String(batch),
        bodies: Array.from({ length: 1 + (batch % 40) }, (_, i) => `${batch}/${i} `),
      })
    }
    acknowledged += life.acked.length
    for (const note of life.checkpoints) checker.sawCheckpoint(note)
    next = Math.max(next, ...life.sent.map((batch) => batch + 1))
    // A folder whose first process died before it made a log has nothing to check yet.
    if (life.isReady) wrong.push(...checker.check().map((text) => `after kill ${kill}: ${text}`))
    open = new Set([...open].slice(-1000))
  }
  return { kills: options.kills, entries: checker.entries, acknowledged, wrong }
}

type Life = {
  readonly isReady: boolean
  readonly sent: number[]
  readonly acked: number[]
  readonly checkpoints: string[]
}

async function runChild(
  folder: string,
  run: { readonly next: number; readonly again: readonly number[]; readonly lifeMs: number },
): Promise<Life> {
  const args = ['--conditions=@holdfast/source', CHILD, folder, String(run.next), run.again.join(',')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const life = { isReady: false, sent: [] as number[], acked: [] as number[], checkpoints: [] as string[] }
  const lines = createInterface(child.stdout)
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const [word, rest = ''] = line.split(' ')
      if (word === 'sent') life.sent.push(Number(rest))
      else if (word === 'ack') life.acked.push(Number(rest))
      else if (word === 'checkpoint') life.checkpoints.push(Buffer.from(rest, 'base64').toString())
      else if (word === 'ready') {
        life.isReady = true
        resolve()
      }
    })
  })
  const closed = once(child, 'close')
  // One child in ten is killed at any moment of its start, recovery included.
  if (run.lifeMs > MAX_LIFE_MS / 10) await Promise.race([ready, closed])
  await wait(run.lifeMs)
  child.kill('SIGKILL')
  await closed
  return life
}
