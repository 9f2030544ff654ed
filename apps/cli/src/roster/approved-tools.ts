import type { RosterWire } from '@holdfast/api'
import type { ApprovedTools } from '@holdfast/model'
import { CliError } from '../cli-error.ts'
import type { CliContext } from '../context.ts'
import { APPROVALS_REFRESH_MS } from '../limits.ts'
import { inert } from '../render/inert.ts'
import type { Api } from '../server/api.ts'
import { verifyRoster } from '../verify/index.ts'

/** Approvals of one agent's tools, out of the signed document, kept up to date while a proxy runs. */
export type Approvals = Disposable & { readonly current: () => readonly ApprovedTools[] }

/**
 * Reads the approvals and reads them again from time to time; while no server answers, the last ones hold. Rejects with
 * `check-failed` where the document is not signed by the key: that given, or else the server's own at the first reading.
 */
export async function followApprovals(
  context: CliContext,
  api: Api,
  { agent, key }: { readonly agent: string; readonly key: string | undefined },
): Promise<Approvals> {
  const first = await api.call('getRoster')
  const trusted = key ?? first.key
  let current = approvalsIn(first, { agent, key: trusted })
  let said = ''
  const refresh = async (): Promise<void> => {
    try {
      current = approvalsIn(await api.call('getRoster'), { agent, key: trusted })
      said = ''
    } catch (fault) {
      const text = fault instanceof Error ? fault.message : String(fault)
      if (text !== said) context.stderr.write(`holdfast: approvals stay as they were: ${inert(text)}\n`)
      said = text
    }
  }
  const timer = setInterval(() => void refresh(), APPROVALS_REFRESH_MS).unref()
  return { current: () => current, [Symbol.dispose]: () => clearInterval(timer) }
}

function approvalsIn(
  { document }: RosterWire,
  { agent, key }: { readonly agent: string; readonly key: string },
): readonly ApprovedTools[] {
  const verdict = verifyRoster(document, key)
  if (!verdict.ok) throw new CliError('check-failed', `the approved tools are not to be trusted: ${verdict.problem}`)
  // Signed by the log's own server, which writes nothing else.
  return (verdict.tools as readonly ApprovedTools[]).filter((one) => one.agent === agent)
}
