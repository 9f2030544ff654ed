import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel, Delivery, DeliveryResult } from '@holdfast/connectors'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import type { Notice } from '@holdfast/respond'
import pino from 'pino'
import { Outbox } from '../outbox.ts'

const START = 1_790_000_000_000_000_000n

/** A time that stands still until it is moved, and calls back what is due then. */
export class HandClock {
  #now = START
  readonly #waiting = new Set<{ readonly at: bigint; readonly call: () => void }>()

  readonly clock = (): UnixNano => this.#now as UnixNano // decades from the bounds
  readonly later = (ms: number, call: () => void): (() => void) => {
    const one = { at: this.#now + BigInt(ms) * 1_000_000n, call }
    this.#waiting.add(one)
    return () => this.#waiting.delete(one)
  }

  /** Milliseconds until the next call back; undefined where nobody waits. */
  nextMs(): number | undefined {
    const all = [...this.#waiting].map(({ at }) => Number((at - this.#now) / 1_000_000n))
    return all.length === 0 ? undefined : Math.min(...all)
  }

  move(ms: number): void {
    this.#now += BigInt(ms) * 1_000_000n
    const due = [...this.#waiting].filter(({ at }) => at <= this.#now)
    for (const one of due) if (this.#waiting.delete(one)) one.call()
  }
}

/** A channel that notes what it is given and answers as it is told, `delivered` when it was told nothing. */
export class NotingChannel implements Channel {
  readonly name: string
  readonly type = 'noting'
  readonly batch: number
  readonly got: Delivery[] = []
  readonly answers: (DeliveryResult | 'throws')[] = []

  constructor(name: string, batch = 1) {
    this.name = name
    this.batch = batch
  }

  readonly listens = ({ kind }: Notice): boolean => kind !== 'test'

  readonly deliver = async (deliveries: readonly Delivery[]): Promise<readonly DeliveryResult[]> => {
    this.got.push(...deliveries)
    return deliveries.map(() => {
      const answer = this.answers.shift()
      if (answer === 'throws') throw new Error('it broke')
      return answer ?? { status: 'delivered', detail: 'taken', reference: `ref-${this.got.length}` }
    })
  }

  ids(): readonly string[] {
    return this.got.map(({ notice }) => notice.id)
  }
}

export type Desk = AsyncDisposable & {
  readonly outbox: Outbox
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly time: HandClock
  /** Ends outbox and log as a killed process does: nothing more is recorded by it. */
  readonly reopen: (channels: readonly Channel[]) => Promise<Desk>
}

/** An outbox over a real log in a folder of its own. */
export async function openDesk(
  channels: readonly Channel[],
  {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-notices-')),
    time = new HandClock(),
    waitingPerChannel,
  }: { readonly folder?: string; readonly time?: HandClock; readonly waitingPerChannel?: number } = {},
): Promise<Desk> {
  const recorder = await Recorder.open({ folder, clock: time.clock })
  const reader = LogReader.open({ folder })
  const outbox = new Outbox({
    recorder,
    reader,
    channels,
    clock: time.clock,
    random: () => 1,
    later: time.later,
    logger: pino({ level: 'silent' }),
    ...(waitingPerChannel === undefined ? {} : { waitingPerChannel }),
  })
  await outbox.start()
  const end = async (): Promise<void> => {
    await outbox[Symbol.asyncDispose]()
    reader[Symbol.dispose]()
    await recorder[Symbol.asyncDispose]()
  }
  return {
    outbox,
    recorder,
    reader,
    time,
    reopen: async (next) => {
      await end()
      return openDesk(next, { folder, time })
    },
    [Symbol.asyncDispose]: async () => {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A notice of an incident; what a test is not about is plain. */
export function noticeWith(change: Partial<Notice> = {}): Notice {
  return {
    id: 'opened:inc-1',
    kind: 'incident-opened',
    incident: 'inc-1',
    type: 'reasoning-compromise',
    severity: 'high',
    title: 'Reasoning compromise: desk-1',
    lines: ['Harm: effect seen'],
    for: [],
    path: '/incidents/inc-1',
    at: START as UnixNano, // the clock's own
    ...change,
  }
}
