import { setTimeout as delay } from 'node:timers/promises'
import { CliError } from '../../cli-error.ts'
import { PROJECTION_WAIT_MS } from '../../limits.ts'
import type { Api } from '../../server/api.ts'

/** Waits until everything that was recorded up to now is in the views that lists are read from. */
export async function awaitProjection(api: Api, signal: AbortSignal): Promise<void> {
  const { size } = await api.call('getIntegrity')
  const end = performance.now() + PROJECTION_WAIT_MS
  for (;;) {
    const { projection } = await api.call('getIntegrity')
    if (projection.cursor >= size) return
    if (performance.now() > end) {
      throw new CliError('try-later', `the views are ${projection.lag} entries behind the log`, {
        remedy: 'holdfast doctor',
      })
    }
    await delay(100, undefined, { signal })
  }
}
