import type { Content, Event, EventBody, KernelBody, Principal } from '@holdfast/model'

/** Captured text of a test; digests play no part in signals. */
export function text(value: string): Content {
  return { state: 'captured', text: value, bytes: value.length, mediaType: 'text/plain' } as Content
}

/** Events in the order in which they are told, a second apart, as signals read them. */
export class Recorded {
  readonly events: Event[] = []

  /** `process` is a number of a test's own; `parent` is the one before it unless said. */
  kernel(process: number, body: KernelBody<Content>, parent = process - 1, more: Partial<Event['context']> = {}): this {
    const key = (number: number): string => `0a0b0c0d.${number}.${number}000`
    return this.add(body, { process: key(process), parentProcess: key(parent), ...more })
  }

  run(process: number, binary: string, words = binary, parent = process - 1, uid = 0): this {
    return this.kernel(
      process,
      { kind: 'process', action: 'exec', binary, arguments: text(words), uid, result: 0 },
      parent,
    )
  }

  act(process: number, action: Act['action'], target: string, details: Act['details'] = {}, result = 0): this {
    return this.kernel(process, { kind: 'kernel', action, target, details, result })
  }

  file(process: number, action: File['action'], path: string, more: Partial<File> = {}): this {
    return this.kernel(process, {
      kind: 'file',
      action,
      path,
      flags: 0,
      isSensitive: false,
      isForeign: false,
      result: 3,
      ...more,
    })
  }

  connect(process: number, address: string, port = 443): this {
    return this.kernel(process, {
      kind: 'connection',
      action: 'connect',
      protocol: address.startsWith('/') ? 'unix' : 'tcp',
      remote: { address, port },
      result: 0,
    })
  }

  /** A call to AWS by a role, allowed, unless said. */
  call(action: string, request: unknown = {}, more: Partial<Call> = {}): this {
    return this.add({
      kind: 'api-call',
      plane: 'aws',
      principal: ROLE,
      action,
      resources: [],
      decision: 'allowed',
      request: text(JSON.stringify(request)),
      response: text('null'),
      ...more,
    })
  }

  add(body: EventBody, context: Partial<Event['context']> = {}, more: Partial<Event> = {}): this {
    const number = this.events.length
    this.events.push({
      id: `e${String(number).padStart(6, '0')}`,
      entry: 100 + number,
      claimedAt: BigInt(number) * 1_000_000_000n,
      recordedAt: BigInt(number) * 1_000_000_000n,
      source: { tier: 'kernel', dialect: 'sensor' },
      agent: { id: 'host:host/agent', name: 'agent' },
      context: { session: 'agent~1', ...context },
      body,
      ...more,
    } as Event) // what signals read of an event
    return this
  }
}

export const ROLE: Principal = {
  plane: 'aws',
  id: 'arn:aws:iam::111122223333:role/worker',
  kind: 'role',
  account: '111122223333',
  session: 'one',
  via: [],
}

type Call = Extract<EventBody, { readonly kind: 'api-call' }>
type Act = Extract<KernelBody<Content>, { readonly kind: 'kernel' }>
type File = Extract<KernelBody<Content>, { readonly kind: 'file' }>
