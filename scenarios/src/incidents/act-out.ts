import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '@holdfast/api'
import { castOf } from './cast.ts'
import { ask, type HoldfastAddress } from './holdfast.ts'
import { JUDGED_WITHIN_MS, LOOK_MS } from './limits.ts'
import type { Cast, IncidentScenario } from './scenario.ts'
import { Stage } from './stage.ts'

/**
 * Imports the quiet weeks of a scenario, with what a kernel tells of them, and lets its acts happen under `holdfast run`. What is judged
 * of them is not waited for: it takes the longest, and neither policies nor drift ask for it. `before` is called right before the first act.
 */
export async function actOut(
  { name, history, act }: IncidentScenario,
  {
    holdfast,
    executions,
    before,
    isWatched = true,
  }: {
    readonly holdfast: HoldfastAddress
    readonly executions: number
    readonly before?: (cast: Cast) => Promise<void>
    /** False where no sensor watches: then the kernel tells of nothing, neither of the weeks nor of the acts. */
    readonly isWatched?: boolean
  },
): Promise<Cast> {
  const cast = castOf(name)
  await using place = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-acts-'))
  place.defer(() => rmSync(folder, { recursive: true, force: true }))
  const t0 = Date.now()
  const tell = (): void => {}
  const stage = place.use(
    new Stage({ holdfast, cast, t0, folder, signal: undefined, tell, live: undefined, isWatched }),
  )
  if (history !== undefined) await stage.import(`${name}.jsonl`, history({ t0, cast, executions, seed: 1, isWatched }))
  await before?.(cast)
  await act(stage)
  return cast
}

/** Once what was recorded is in the projections; judging it is for others to wait for. */
export async function folded(holdfast: HoldfastAddress): Promise<void> {
  for (const until = Date.now() + JUDGED_WITHIN_MS; Date.now() < until; await wait(LOOK_MS)) {
    const { projection } = await ask<Answer<'getIntegrity'>>(holdfast, '/integrity')
    // A sensor of this machine goes on telling.
    if (projection.lag < LAG_LEFT) return
  }
  throw new Error('what was recorded was not folded in time')
}

/** Records behind the log that are of this moment. */
const LAG_LEFT = 100
