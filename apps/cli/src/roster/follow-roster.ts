import { ours } from '../called-as.ts'
import type { RosterWire } from '@holdfast/api'
import type { ApprovedTools, Roster } from '@holdfast/model'
import { CliError } from '../cli-error.ts'
import type { CliContext } from '../context.ts'
import { APPROVALS_REFRESH_MS } from '../limits.ts'
import { inert } from '../render/inert.ts'
import type { Api } from '../server/api.ts'
import { verifyRoster } from '../verify/index.ts'

/** The roster out of its signed document, kept up to date while a proxy runs. */
export type FollowedRoster = Disposable & { readonly current: () => Roster }

/**
 * Reads the roster and reads it again from time to time; while no server answers, the last one holds. Rejects with
 * `check-failed` where the document is not signed by the key: that given, or else the server's own at the first reading.
 */
export async function followRoster(
  context: CliContext,
  api: Api,
  { key }: { readonly key: string | undefined },
): Promise<FollowedRoster> {
  const first = await api.call('getRoster')
  const trusted = key ?? first.key
  let current = rosterIn(first, trusted)
  let said = ''
  const refresh = async (): Promise<void> => {
    try {
      current = rosterIn(await api.call('getRoster'), trusted)
      said = ''
    } catch (fault) {
      const text = fault instanceof Error ? fault.message : String(fault)
      if (text !== said) context.stderr.write(`holdfast: the roster stays as it was: ${inert(text)}\n`)
      said = text
    }
  }
  const timer = setInterval(() => void refresh(), APPROVALS_REFRESH_MS).unref()
  return { current: () => current, [Symbol.dispose]: () => clearInterval(timer) }
}

/** Says so where nobody decided about data: what is to be enforced is nothing then. */
export function sayWithoutRules({ stderr, program }: CliContext, { current }: FollowedRoster): void {
  if (current().dataRules !== undefined) return
  stderr.write(
    ours`holdfast: no rules about data are in force: all of it passes; next: holdfast roster data FILE\n`.as(program),
  )
}

/** What was approved for one agent. */
export function approvalsOf({ tools }: Roster, agent: string): readonly ApprovedTools[] {
  return tools.filter((one) => one.agent === agent)
}

function rosterIn({ document }: RosterWire, key: string): Roster {
  const verdict = verifyRoster(document, key)
  if (!verdict.ok) throw new CliError('check-failed', `the roster is not to be trusted: ${verdict.problem}`)
  const { mode, agents, tools, dataRules } = verdict
  // Signed by the log's own server, which writes nothing else.
  return { mode, agents, tools, ...(dataRules === undefined ? {} : { dataRules }) } as Roster
}
