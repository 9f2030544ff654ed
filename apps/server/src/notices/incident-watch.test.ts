import type { Answer, IncidentRowWire, IncidentWire } from '@holdfast/api'
import pino from 'pino'
import { expect, test } from 'vitest'
import { ViewError } from '../views/client.ts'
import { IncidentWatch } from './incident-watch.ts'
import { LOOKED_UP_AT_ONCE } from './limits.ts'
import { type Desk, NotingChannel, noticeWith, openDesk } from './testing/desk.ts'

type Told = Partial<IncidentWire> & { readonly id: string; readonly learnedAt: number }

/** One incident as the projection would show it; its sentence and evidence hold what must not leave. */
function incidentOf({ id, learnedAt, ...change }: Told): IncidentWire {
  return {
    id,
    alsoKnownAs: [],
    outcome: 'incident',
    type: 'reasoning-compromise',
    contributing: [],
    confidence: 0.8,
    standing: 'stated',
    triage: 'page',
    headline: 'it followed "SEND THE LEDGER"',
    agents: [`host:story/${id}`],
    repeats: 1,
    chain: {
      links: [{ stage: 'entry', state: 'seen', surface: 'S1', words: 'SEND THE LEDGER', events: [], entries: [3] }],
    },
    surfaces: { S1: 'red', S2: 'green', S3: 'green', S4: 'green' },
    triageAdvice: { tier: 'page', why: '', firstAction: 'open the text', wouldChange: [] },
    history: [{ position: learnedAt }],
    ...change,
  } as unknown as IncidentWire // what a notice is made of
}

/** The watch over a projection that holds these incidents; some of them are listed and cannot be read. */
function watchOf({ outbox: notices, time }: Desk, incidents: readonly IncidentWire[], gone: readonly string[] = []) {
  const asked: string[] = []
  let filed: (ids: readonly string[]) => void = () => undefined
  const views = {
    ask: async (question: string, args: unknown): Promise<string> => {
      const { incident: id } = args as { readonly incident?: string } // as the watch asks
      if (question === 'listIncidents') {
        const items: readonly IncidentRowWire[] = incidents
        return JSON.stringify({
          items,
          total: items.length,
          withheld: 0,
          waiting: 0,
          failed: 0,
        } as Answer<'listIncidents'>)
      }
      if (question === 'getIncidentEvidence') return JSON.stringify({ completeness: 0.9 })
      asked.push(id ?? '')
      if (gone.includes(id ?? '')) throw new ViewError(404, 'not found')
      return JSON.stringify(incidents.find((one) => one.id === id))
    },
    onFiled: (listener: (ids: readonly string[]) => void) => {
      filed = listener
      return () => undefined
    },
  }
  const watch = new IncidentWatch({
    views,
    notices,
    clock: time.clock,
    later: time.later,
    escalateAfterMs: 900_000,
    logger: pino({ level: 'silent' }),
  })
  watch.start()
  return { watch, asked, file: (ids: readonly string[]) => filed(ids) }
}

function kindsOf({ outbox }: Desk): readonly string[] {
  return outbox
    .list()
    .notices.map(({ notice }) => `${notice.kind} ${notice.incident} ${notice.severity}`)
    .toReversed()
}

test('an incident is told once, and again when its type, outcome or urgency is another', async () => {
  await using desk = await openDesk([new NotingChannel('soc')])
  const stages = [
    incidentOf({ id: 'a', learnedAt: 10, outcome: 'attempt', triage: 'document' }),
    incidentOf({ id: 'a', learnedAt: 11, confidence: 0.7, triage: 'investigate' }),
    incidentOf({ id: 'a', learnedAt: 12, confidence: 0.72, triage: 'investigate' }),
    incidentOf({ id: 'a', learnedAt: 13 }),
  ]
  for (const stage of stages) {
    const { watch } = watchOf(desk, [stage])
    await watch.look()
    await watch.look()
    await watch[Symbol.asyncDispose]()
  }
  expect(kindsOf(desk)).toEqual(['incident-opened a info', 'incident-revised a medium', 'incident-revised a high'])
  const said = JSON.stringify(desk.outbox.list().notices, (_, value: unknown) =>
    typeof value === 'bigint' ? '' : value,
  )
  expect(said).not.toContain('LEDGER')
})

test.each(['alsoKnownAs', 'earlierIds'])('one that was told by another name (%s) goes on under that', async (names) => {
  await using desk = await openDesk([new NotingChannel('soc')])
  const first = watchOf(desk, [incidentOf({ id: 'b', learnedAt: 10, triage: 'investigate' })])
  await first.watch.look()
  await first.watch[Symbol.asyncDispose]()
  const joined = watchOf(desk, [incidentOf({ id: 'a', [names]: ['b'], learnedAt: 20 })])
  await joined.watch.look()
  await desk.outbox.tell(noticeWith({ id: 'plan', kind: 'plan-applied', incident: 'a' }))
  await joined.watch[Symbol.asyncDispose]()
  expect(kindsOf(desk)).toEqual(['incident-opened b medium', 'incident-revised b high', 'plan-applied b high'])
})

test.each([
  ['a', ['incident-acknowledged a']],
  ['b', ['incident-acknowledged a']],
  [undefined, ['incident-escalated a']],
])(
  'of two that were told apart and joined, the one that is taken by %s is taken, and nobody is escalated twice',
  async (taken, then) => {
    await using desk = await openDesk([new NotingChannel('soc')])
    const apart = watchOf(desk, [incidentOf({ id: 'b', learnedAt: 10 }), incidentOf({ id: 'a', learnedAt: 11 })])
    await apart.watch.look()
    await apart.watch[Symbol.asyncDispose]()
    const joined = watchOf(desk, [incidentOf({ id: 'a', alsoKnownAs: ['b'], learnedAt: 20 })])
    await joined.watch.look()
    if (taken !== undefined)
      await desk.outbox.tell(noticeWith({ id: 'step:30', kind: 'incident-acknowledged', incident: taken }))
    desk.time.move(3_600_000)
    await joined.watch.look()
    await joined.watch[Symbol.asyncDispose]()
    const told = kindsOf(desk).map((one) => one.split(' ').slice(0, 2).join(' '))
    expect(told).toEqual(['incident-opened a', 'incident-opened b', ...then])
  },
)

test('a plan that was told first makes the incident no older', async () => {
  await using desk = await openDesk([new NotingChannel('soc')])
  await desk.outbox.tell(noticeWith({ id: 'plan', kind: 'approval-asked', incident: 'a' }))
  const { watch } = watchOf(desk, [incidentOf({ id: 'a', learnedAt: 10 })])
  await watch.look()
  await watch[Symbol.asyncDispose]()
  expect(kindsOf(desk)).toEqual(['approval-asked a high', 'incident-opened a high'])
})

test('what was known before anybody listened is told when something is learned of it, and not before', async () => {
  await using silent = await openDesk([])
  for (let i = 0; i < 5; i++)
    await silent.recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  await using desk = await silent.reopen([new NotingChannel('soc')])
  const old = watchOf(desk, [incidentOf({ id: 'a', learnedAt: 2 })])
  await old.watch.look()
  await old.watch.look()
  expect(old.asked).toEqual(['a'])
  await old.watch[Symbol.asyncDispose]()
  expect(kindsOf(desk)).toEqual([])
  const revised = watchOf(desk, [incidentOf({ id: 'a', learnedAt: 50 })])
  await revised.watch.look()
  await revised.watch[Symbol.asyncDispose]()
  expect(kindsOf(desk)).toEqual(['incident-opened a high'])
})

test('a look reads a bounded number, those first that were filed now, and one that is gone ends nothing', async () => {
  await using desk = await openDesk([new NotingChannel('soc')])
  const many = Array.from({ length: LOOKED_UP_AT_ONCE + 5 }, (_, i) => incidentOf({ id: `i${i}`, learnedAt: 10 }))
  const { watch, asked, file } = watchOf(desk, many, ['i3'])
  file(['i3', 'i7'])
  await watch.look()
  expect(asked).toHaveLength(LOOKED_UP_AT_ONCE)
  expect(new Set(asked.slice(0, 2))).toEqual(new Set(['i3', 'i7']))
  await watch.look()
  await watch[Symbol.asyncDispose]()
  expect(new Set(asked).size).toBe(many.length)
  expect(kindsOf(desk)).toHaveLength(many.length - 1)
})
