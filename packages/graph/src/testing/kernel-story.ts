import type { Event, EventBody, EventSummary, KernelContextBasis, SocketEnd } from '@holdfast/model'
import { agentIdOf, parseEventId, parseSpanId, parseTraceId, parseUnixNano } from '@holdfast/model'

import { summarise } from '../summarise.ts'
import { text } from './story.ts'

/** A process by number: its pid; its start is a thousand times that. */
export type Process = {
  readonly pid: number
  readonly parent?: number
  readonly trace?: number
  readonly span?: number
  readonly basis?: KernelContextBasis
  readonly boot?: string
  readonly agent?: string
}

/** Writes what a sensor saw, as capture/sensor would give it. Times are those of the kernel, one tick an event. */
export class KernelStory {
  readonly events: EventSummary[] = []
  #tick = 10_000

  saw(process: Process, ...bodies: readonly EventBody[]): this {
    for (const body of bodies) this.events.push(summarise(this.#event(process, body)))
    return this
  }

  #event({ pid, parent, trace, span, basis, boot = 'b0070000', agent = 'desk' }: Process, body: EventBody): Event {
    const tick = ++this.#tick
    const key = (of: number): string => `${boot}.${of}.${of * 1000}`
    const id = agentIdOf({ kind: 'host', host: 'h', service: agent })
    const at = must(parseUnixNano(BigInt(tick) * 1_000_000n))
    return {
      id: must(parseEventId(`kernel.${key(pid)}.0123456789abcdef0123.0123456789ab.${tick}.${body.kind}`)),
      entry: tick,
      claimedAt: at,
      recordedAt: at,
      source: {
        channel: 'sensor',
        instance: 'sensor.sock',
        credential: 'sensor-1',
        tier: 'kernel',
        clock: 'live',
        dialect: 'sensor',
        instrumentation: 'holdfast sensor',
      },
      agent: { id, name: agent, instance: `${pid}` },
      context: {
        ...(trace === undefined
          ? { session: `${id}~run-7` }
          : { trace: must(parseTraceId(trace.toString(16).padStart(32, '0'))), contextBasis: basis ?? 'environment' }),
        ...(trace === undefined || span === undefined
          ? {}
          : { span: must(parseSpanId(span.toString(16).padStart(16, '0'))) }),
        process: key(pid),
        ...(parent === undefined ? {} : { parentProcess: key(parent) }),
      },
      body,
    }
  }
}

export function exec(binary: string, args = ''): EventBody {
  return { kind: 'process', action: 'exec', binary, arguments: text(`${binary} ${args}`.trim()), uid: 1000, result: 0 }
}

export function exit(exitCode = 0): EventBody {
  return { kind: 'process', action: 'exit', exitCode, signal: 0 }
}

export function fork(pid: number, boot = 'b0070000'): EventBody {
  return { kind: 'process', action: 'fork', child: `${boot}.${pid}.${pid * 1000}` }
}

export function file(action: 'read' | 'write' | 'create' | 'unlink', path: string, result = 3): EventBody {
  return { kind: 'file', action, path, flags: 0, isSensitive: false, isForeign: false, result }
}

export function connect(
  address: string,
  port: number,
  more: { readonly local?: SocketEnd; readonly socket?: string; readonly action?: 'connect' | 'close' | 'flow' } = {},
): EventBody {
  const { action = 'connect', ...rest } = more
  return { kind: 'connection', action, protocol: 'tcp', remote: { address, port }, ...rest, result: -115 }
}

export function answer(name: string, ...answers: readonly string[]): EventBody {
  return { kind: 'dns', action: 'answer', name, recordType: 'A', answers, code: 'NOERROR' }
}

export function socket(local: SocketEnd, remote: SocketEnd): EventBody {
  return { kind: 'socket', protocol: 'tcp', local, remote, pid: 100 }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the story tells an id that no source could send')
  return value
}
