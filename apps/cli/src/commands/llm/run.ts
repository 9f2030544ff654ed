import { LISTENING_CLOSE_MS, startLlmProxy, traceOf, type TriedPath, type TriedProxy } from '@holdfast/proxy'
import type { CliContext } from '../../context.ts'
import { listenUntilInterrupted, targetOf } from '../../proxy/listening.ts'
import { openOrders } from '../../proxy/orders.ts'
import { openRecording } from '../../proxy/recording.ts'
import { admitIfServed, presentedBy } from '../../roster/admission.ts'
import type { LlmFlags } from './command.ts'

/** Passes the calls of a model on and records them. */
export async function runLlm(this: CliContext, flags: LlmFlags): Promise<void> {
  const { url, listen } = flags
  await admitIfServed(this, flags, presentedBy(this, flags))
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
    })
    path = { reachesServer: proxy.reachesUpstream, reachesClient: () => undefined }
    return proxy
  }
  await listenUntilInterrupted(this, { before: url, start })
}
