import { LISTENING_CLOSE_MS, Residency, startLlmProxy, traceOf, type TriedPath, type TriedProxy } from '@holdfast/proxy'
import type { CliContext } from '../../context.ts'
import { listenUntilInterrupted, targetOf } from '../../proxy/listening.ts'
import { openOrders } from '../../proxy/orders.ts'
import { openRecording } from '../../proxy/recording.ts'
import { admitIfServed, presentedBy, requireAdmitted, type Presented } from '../../roster/admission.ts'
import { followRoster, sayWithoutRules, type FollowedRoster } from '../../roster/follow-roster.ts'
import { openApi } from '../../server/api.ts'
import { readVerifierKey } from '../verifier-key.ts'
import type { LlmFlags } from './command.ts'

/** Passes the calls of a model on and records them. */
export async function runLlm(this: CliContext, flags: LlmFlags): Promise<void> {
  const { url, listen } = flags
  const presented = presentedBy(this, flags)
  using roster = await prepared(this, flags, presented)
  await using recording = openRecording(this, {
    kind: 'llm-proxy',
    flags,
    target: targetOf(url),
    closeMs: LISTENING_CLOSE_MS,
  })
  const trace = traceOf(this.env)
  // A trace of our own would make a conversation of each call, so only one that is known is passed on.
  const inject = flags.inject && trace !== undefined
  const { delivery, run, source, spool } = recording
  let path: TriedPath | undefined
  await using orders = await openOrders(this, { flags, source, spool, server: () => ({}), path: () => path })
  const start = async (): Promise<TriedProxy> => {
    const proxy = await startLlmProxy({
      upstream: url,
      host: listen?.host ?? '127.0.0.1',
      port: listen?.port ?? 0,
      run,
      delivery,
      inject,
      trace,
      orders: orders.inForce,
      ...(roster === undefined ? {} : { residency: residencyOf(roster, presented.agent) }),
    })
    path = { reachesServer: proxy.reachesUpstream, reachesClient: () => undefined }
    return proxy
  }
  await listenUntilInterrupted(this, { before: url, start })
}

/** Asks the roster where a server can be asked; what is to be enforced must be known. */
async function prepared(
  context: CliContext,
  flags: LlmFlags,
  presented: Presented,
): Promise<FollowedRoster | undefined> {
  if (flags.residency === 'report') {
    await admitIfServed(context, flags, presented)
    return undefined
  }
  const api = openApi(context, flags)
  await requireAdmitted(context, api, presented)
  const { key } = readVerifierKey(context.cwd, flags.rosterKey)
  const roster = await followRoster(context, api, { key })
  sayWithoutRules(context, roster)
  return roster
}

function residencyOf({ current }: FollowedRoster, agent: string): Residency {
  const classes = (): readonly string[] => current().agents.find((one) => one.agent === agent)?.dataClasses ?? []
  return new Residency({ rules: () => current().dataRules, classes })
}
