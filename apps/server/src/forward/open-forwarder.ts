import { Outgoing } from '@holdfast/connectors'
import type { Logger } from 'pino'
import { callLater } from '../call-later.ts'
import { isOwnListener } from './endpoint.ts'
import { Forwarder } from './forwarder.ts'
import { readHeaders } from './headers-file.ts'
import { drawHop } from './hops.ts'
import { SEND_MS } from './limits.ts'

export type ForwardOptions = {
  readonly forwardOtlp?: string | undefined
  readonly forwardOtlpHeaders?: string | undefined
}

/**
 * What passes on accepted telemetry; undefined where none is to be. Throws an Error for a file of headers that cannot be read,
 * and for one without an address that it is for.
 */
export function openForwarder(options: ForwardOptions, logger: Logger): Forwarder | undefined {
  const { forwardOtlp: endpoint, forwardOtlpHeaders: file } = options
  if (endpoint === undefined) {
    if (file === undefined) return undefined
    throw new TypeError('--forward-otlp-headers is for an address that --forward-otlp names')
  }
  return new Forwarder({
    endpoint,
    headers: file === undefined ? {} : readHeaders(file),
    hop: drawHop(),
    // The operator names this one address: a collector mostly has a private one.
    outgoing: new Outgoing({ allow: ['0.0.0.0/0', '::/0'], timeoutMs: SEND_MS }),
    nowMs: () => performance.now(),
    random: Math.random,
    later: callLater,
    logger,
  })
}

/** Throws an Error where the address is the server's own. */
export function refuseLoop({ forwardOtlp }: ForwardOptions, otlpHttpPort: number): void {
  if (forwardOtlp !== undefined && isOwnListener(forwardOtlp, otlpHttpPort))
    throw new Error(`--forward-otlp names this server's own port ${otlpHttpPort}: telemetry would go round in a circle`)
}
