import { NARROWEST_MS, WINDOWS_MOST } from './limits.ts'
import type { Gathered, ManagedPlatform } from './platform.ts'

/** Milliseconds since 1970: from the first, up to and without the second. */
export type TelemetryWindow = { readonly since: number; readonly until: number }

/** What was read of a window, and until when nothing of it is left unread. */
export type WindowRead = { readonly telemetry: Gathered; readonly reached: number }

/**
 * Reads the telemetry of a window, the earliest first. One reading is bounded, and providers differ in which end they begin at:
 * where the bound cut it, its window is read again in two halves, so that no record falls between two sweeps. What the bound
 * on readings leaves lies after `reached` and is the next sweep's. A window that cannot be narrowed is kept as it was read,
 * with what is missing counted in `leftOut`.
 */
export async function readWindow(
  platform: Pick<ManagedPlatform, 'telemetry'>,
  window: TelemetryWindow,
): Promise<WindowRead> {
  const open: TelemetryWindow[] = [window]
  const read: Gathered[] = []
  let reached = window.since
  for (let readings = 0; readings < WINDOWS_MOST; readings++) {
    const next = open.pop()
    if (next === undefined) break
    const { since, until } = next
    const gathered = await platform.telemetry({ since: new Date(since), until: new Date(until) })
    const hasFailed = gathered.failures.length > 0
    if (gathered.isCut && !hasFailed && until - since > NARROWEST_MS) {
      const middle = since + Math.ceil((until - since) / 2)
      open.push({ since: middle, until }, { since, until: middle })
      continue
    }
    read.push(gathered)
    // What a failed call would have told is asked for again, and what comes after it as well.
    if (hasFailed) break
    reached = until
  }
  return { telemetry: merged(read), reached }
}

function merged(read: readonly Gathered[]): Gathered {
  const named = Map.groupBy(
    read.flatMap(({ files }) => files),
    ({ name }) => name,
  )
  return {
    files: [...named].map(([name, parts]) => ({ name, text: parts.map(({ text }) => text).join('') })),
    answers: read.flatMap(({ answers }) => answers),
    delaysMs: read.flatMap(({ delaysMs }) => delaysMs),
    failures: read.flatMap(({ failures }) => failures),
    leftOut: read.reduce((sum, { leftOut }) => sum + leftOut, 0),
    isCut: read.some(({ isCut }) => isCut),
  }
}
