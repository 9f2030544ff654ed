import { createSocket } from 'node:dgram'
import { type BlockList, connect, isIPv6, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Channel, Delivery, DeliveryResult } from '../channel.ts'
import { type ChannelFilter, passes } from '../channel-filter.ts'
import { listOf } from '../http/addresses.ts'
import { pinAddress, type Resolve, resolveByHost, unreachable } from '../http/pin.ts'
import { inertLine } from '../text/inert.ts'
import { cefLine } from './cef.ts'
import { DATAGRAM_BYTES, SYSLOG_BATCH, SYSLOG_MS } from './limits.ts'
import { countedFrame, syslogMessage } from './syslog-frame.ts'

export type SyslogOptions = {
  readonly name: string
  readonly filter: ChannelFilter
  readonly host: string
  readonly port: number
  readonly transport: 'tls' | 'tcp' | 'udp'
  /** Addresses beyond the internet at large that are allowed: a collector is mostly within. */
  readonly allow: readonly string[]
  /** Certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | undefined
  /** This machine's name, as the frame says it. */
  readonly sender: string
  readonly base: string
  readonly version: string
  readonly resolve?: Resolve
}

type Target = { readonly address: string; readonly signal: AbortSignal }

/**
 * CEF over syslog (RFC 5424), framed by octet counting over TLS (RFC 5425) and TCP (RFC 6587), or a datagram a line (RFC 5426).
 * Syslog acknowledges nothing: delivered means that the collector's machine took the bytes and closed in order, and for a
 * datagram that it left this machine.
 */
export function syslogChannel(options: SyslogOptions): Channel {
  const allowed = listOf(options.allow)
  return {
    name: options.name,
    type: 'syslog',
    batch: SYSLOG_BATCH,
    listens: (notice) => passes(options.filter, notice),
    deliver: async (deliveries) => {
      const result = await send(options, allowed, deliveries)
      return deliveries.map(() => result)
    },
  }
}

async function send(
  options: SyslogOptions,
  allowed: BlockList,
  deliveries: readonly Delivery[],
): Promise<DeliveryResult> {
  const { host, resolve = resolveByHost, transport, sender, base, version } = options
  const signal = AbortSignal.timeout(SYSLOG_MS)
  const pinned = await pinAddress(host, { allowed, resolve, signal })
  if (pinned.status !== 'pinned') return { status: 'retry', detail: `not sent: ${inertLine(pinned.reason, 300)}` }
  const messages = deliveries.map(({ notice, key }) =>
    syslogMessage(notice, { host: sender, text: cefLine(notice, { key, base, version }) }),
  )
  const target: Target = { address: pinned.address, signal }
  try {
    if (transport === 'udp') await sendDatagrams(options, target, messages)
    else await sendStream(options, target, messages)
  } catch (error) {
    return { status: 'retry', detail: unreachable(error).reason }
  }
  return { status: 'delivered', detail: transport === 'udp' ? 'sent; UDP tells nothing of its arrival' : 'handed over' }
}

/** Resolves once the other side has closed in order after the last frame: then it read what was sent. */
function sendStream(options: SyslogOptions, { address, signal }: Target, messages: readonly Buffer[]): Promise<void> {
  const { host, port, ca } = options
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket: Socket =
    options.transport === 'tls'
      ? connectTls({
          host: address,
          port,
          ...(host === address ? {} : { servername: host }),
          ...(ca === undefined ? {} : { ca }),
        })
      : connect({ host: address, port })
  const stop = (): void => {
    socket.destroy(signal.reason as Error) // AbortSignal.timeout gives a DOMException
  }
  signal.addEventListener('abort', stop, { once: true })
  socket.on('error', reject)
  socket.on('close', (hadError) => {
    signal.removeEventListener('abort', stop)
    if (!hadError) resolve()
  })
  // Collectors send nothing: whatever comes is read away, so that the end is seen.
  socket.resume()
  socket.once(options.transport === 'tls' ? 'secureConnect' : 'connect', () => {
    socket.end(Buffer.concat(messages.map(countedFrame)))
  })
  return promise
}

async function sendDatagrams({ port }: SyslogOptions, { address }: Target, messages: readonly Buffer[]): Promise<void> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  try {
    for (const message of messages) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      socket.once('error', reject)
      socket.send(wholeCharacters(message), port, address, (error) => (error === null ? resolve() : reject(error)))
      await promise
    }
  } finally {
    socket.close()
  }
}

/** As much as one datagram takes, without half a character at its end. */
function wholeCharacters(message: Buffer): Buffer {
  if (message.length <= DATAGRAM_BYTES) return message
  let end = DATAGRAM_BYTES
  while (end > 0 && ((message[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return message.subarray(0, end)
}
