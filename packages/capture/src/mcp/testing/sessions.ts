import type { AgentId, Event, LogEntry, Sha256, UnixNano } from '@holdfast/model'
import { normaliseMcp } from '../normalise-mcp.ts'
import { McpObserver } from '../observer.ts'
import type { SeenMessage } from '../observer.ts'

/** Lets messages pass an observer and reads the entries that it makes. */
export class Session {
  readonly observer: McpObserver
  readonly entries: Buffer[] = []
  #at = 1_795_000_000_000_000_000n

  constructor(options: { readonly transport?: 'stdio' | 'http'; readonly trace?: string } = {}) {
    const { transport = 'stdio', trace } = options
    this.observer = new McpObserver({
      run: 'a1b2c3d4e5f60718',
      transport,
      target: 'node tickets.js',
      ...(trace === undefined ? {} : { trace }),
    })
  }

  toServer(message: unknown, more: Partial<SeenMessage> = {}): readonly Event[] {
    return this.#pass('to-server', message, more)
  }

  toClient(message: unknown, more: Partial<SeenMessage> = {}): readonly Event[] {
    return this.#pass('to-client', message, more)
  }

  /** A request of the client and its answer; the events of the answer. */
  ask(
    request: { readonly id: number; readonly method: string; readonly params?: unknown },
    result: unknown,
  ): readonly Event[] {
    this.toServer({ jsonrpc: '2.0', ...request })
    return this.toClient({ jsonrpc: '2.0', id: request.id, result })
  }

  #pass(direction: SeenMessage['direction'], message: unknown, more: Partial<SeenMessage>): readonly Event[] {
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    this.#at += 1_000n
    const entry = this.observer.observe({ direction, bytes: Buffer.from(text), at: this.#at, ...more })
    this.entries.push(entry)
    return eventsOf(entry, this.entries.length)
  }
}

/** What an entry means, in an envelope of its own. */
export function eventsOf(body: Uint8Array, index = 0): readonly Event[] {
  const entry: LogEntry = {
    index,
    recordedAt: 1_795_000_000_500_000_000n as UnixNano,
    envelope: {
      channel: 'mcp-proxy',
      instance: 'proxy',
      credential: 'token',
      tier: 'boundary',
      encoding: 'mcp-message',
      clock: 'live',
      agent: 'host:h/desk' as AgentId,
      agentName: 'desk',
      resource: Buffer.from('{}'),
      scope: new Uint8Array(0),
      schemaUrl: '',
    },
    bodyDigest: 'f'.repeat(64) as Sha256,
    body,
    masks: [],
  }
  const normalised = normaliseMcp(entry, body)
  if (normalised === undefined) throw new Error('the entry is not understood')
  return normalised.events
}
