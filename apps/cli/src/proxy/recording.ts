import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ApiError, createClient } from '@holdfast/api'
import { Delivery, sourceOf, type Batch, type ProxySource, type SendOutcome } from '@holdfast/proxy'
import type { CliContext } from '../context.ts'
import { PROXY_ANSWER_MS } from '../limits.ts'
import { inert } from '../render/inert.ts'
import { findServer } from '../server/find-server.ts'
import type { ProxyFlags } from './flags.ts'

type RecordingOptions = {
  readonly kind: 'mcp-proxy' | 'llm-proxy'
  readonly flags: ProxyFlags
  /** What stands behind the proxy, without credentials. */
  readonly target: string
  /** Milliseconds that it may take to hand over the last of it. */
  readonly closeMs?: number
}

/** Where the record of a proxy goes: to the server that runs, else to a spool. */
export type Recording = AsyncDisposable & {
  readonly delivery: Delivery
  readonly run: string
  readonly source: ProxySource
  /** Folder of what is to outlive the proxy. */
  readonly spool: string
}

/** Never fails for want of a server: it is looked for at every try, and what it misses is kept on disk. */
export function openRecording(context: CliContext, { kind, flags, target, closeMs }: RecordingOptions): Recording {
  const source = sourceOf({ kind, env: context.env, name: flags.name, target })
  const say = (text: string): void => context.stderr.write(`holdfast: ${inert(text)}\n`)
  const spool = spoolFolder(context, flags.data)
  const delivery = new Delivery({
    source,
    spool,
    send: (batch, signal) => sendBatch(context, flags, batch, signal),
    onAway: (reason) => say(`${reason}; what passes is kept in ${spool} meanwhile`),
  })
  void delivery.start()
  return {
    delivery,
    run: source.start,
    source,
    spool,
    async [Symbol.asyncDispose]() {
      await delivery.close(closeMs)
      if (delivery.lost > 0) say(`${delivery.lost} messages passed that could not be recorded`)
    },
  }
}

async function sendBatch(
  context: CliContext,
  flags: ProxyFlags,
  { kind, start, sequence, body }: Batch,
  signal: AbortSignal,
): Promise<SendOutcome> {
  try {
    // Anew each time: a server that was started again may have another port.
    const { http, token } = findServer({ env: context.env, cwd: context.cwd, data: flags.data })
    const client = createClient({
      baseUrl: http,
      fetch: (url, init) => fetch(url, init),
      ...(token === undefined ? {} : { token }),
    })
    await client.call('postProxyBatch', {
      params: { kind },
      query: { start, sequence },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROXY_ANSWER_MS)]),
    })
    return { status: 'stored' }
  } catch (fault) {
    // What the server will never take it has counted; all else may go away.
    if (fault instanceof ApiError && [400, 403, 413, 415].includes(fault.status)) return { status: 'refused' }
    return { status: 'unreachable', reason: fault instanceof Error ? fault.message : String(fault) }
  }
}

/** Beside the log where its folder is known, so that what waits is never given to another server. */
function spoolFolder(context: CliContext, data: string | undefined): string {
  if (data !== undefined) return join(resolve(context.cwd, data), 'proxy-spool')
  const url = context.env['HOLDFAST_URL'] ?? ''
  const state = context.env['XDG_STATE_HOME'] ?? join(context.env['HOME'] ?? homedir(), '.local', 'state')
  if (url !== '')
    return join(state, 'holdfast', `proxy-spool-${createHash('sha256').update(url).digest('hex').slice(0, 12)}`)
  const named = context.env['HOLDFAST_DATA'] ?? ''
  if (named !== '') return join(named, 'proxy-spool')
  for (let at = resolve(context.cwd); ; at = dirname(at)) {
    if (existsSync(join(at, '.holdfast'))) return join(at, '.holdfast', 'proxy-spool')
    if (dirname(at) === at) return join(state, 'holdfast', 'proxy-spool')
  }
}
