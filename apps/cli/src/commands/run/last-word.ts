import type { RunSummary } from '@holdfast/api'
import type { Sight } from './sight.ts'

/** What is known of a run once its program has ended. */
export type LastWord =
  | { readonly status: 'told'; readonly summary: RunSummary }
  /** The server could not be asked: nothing is known here, and `missing` says what will be. */
  | { readonly status: 'untold'; readonly summary: RunSummary; readonly missing: string }

const TELEMETRY = 'what the agent sent meanwhile is lost unless it sends it again'

/** Said where the server was away while the program ran, and came back. */
export const WAS_AWAY = `the server was away for a part of the run: ${TELEMETRY}`

/** The program has ended with a code of its own, which a server that is gone must not change. */
export async function lastWordOf(
  run: { readonly id: string; readonly trace: string },
  sight: Sight,
  ask: () => Promise<RunSummary>,
): Promise<LastWord> {
  try {
    return { status: 'told', summary: await ask() }
  } catch (error) {
    const kept = 'what the kernel sensor saw waits on its disk and is recorded once the server is back'
    const missing = [
      `all that the program did: ${error instanceof Error ? error.message : String(error)}`,
      ...(sight.status === 'kernel' ? [kept] : []),
      TELEMETRY,
      `then: holdfast graph ${run.trace}`,
    ].join('; ')
    return { status: 'untold', summary: empty(run.id, sight), missing }
  }
}

function empty(run: string, sight: Sight): RunSummary {
  return {
    run,
    agent: sight.status === 'kernel' ? sight.agent : '',
    entries: 0,
    processes: [],
    filesWritten: [],
    destinations: [],
    toolCalls: [],
    conversations: [],
    programsOfActs: 0,
    syscalls: [],
    violations: [],
    unlisted: [],
    cut: 0,
  }
}
