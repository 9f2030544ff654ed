import { rmSync } from 'node:fs'
import { scanOtlp } from '@holdfast/capture'
import type { AuditHit, Query } from '@holdfast/api'
import { formatRfc3339, type Event, type UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { spanIdOf, toolCall, traceRequest } from '@holdfast/testkit'
import { expect, test } from 'vitest'
import { listAudit, type ListParts } from './list-audit.ts'

const CALLS = 12
const ARTIFACT = 'a'.repeat(64)

test.each([{ limit: 1 }, { limit: 2 }, { limit: 5 }, { limit: 100 }])(
  'pages of $limit together hold every violation and every incident once',
  async ({ limit }) => {
    using folder = scratchFolder()
    await using recorder = await Recorder.open({
      folder: folder.path,
      clock: steadyClock(),
      limits: { segmentEntries: 5 },
    })
    await recorder.append(spans())
    using reader = LogReader.open({ folder: folder.path })
    const parts = partsOf(reader, 7)
    const hits = await allOf(parts, {}, limit)
    const byKind = Map.groupBy(hits, ({ kind }) => kind)
    expect(new Set(byKind.get('violation')?.map(({ id }) => id)).size).toBe(CALLS)
    expect(byKind.get('violation')).toHaveLength(CALLS)
    expect(byKind.get('incident')?.map(({ id }) => id)).toEqual([7, 6, 5, 4, 3, 2, 1].map((i) => `inc-${i}`))
    expect(await allOf(parts, { kind: 'incident' }, limit)).toHaveLength(7)
    const violations = await allOf(parts, { kind: 'violation' }, limit)
    expect(violations.map(({ at }) => at)).toEqual(
      violations
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    )
  },
)

test('incidents beyond five hundred are on later pages, and those that no list names are counted', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append(spans())
  using reader = LogReader.open({ folder: folder.path })
  const parts = partsOf(reader, 1_201)
  const hits = await allOf(parts, { kind: 'incident' }, 500)
  expect(new Set(hits.map(({ id }) => id)).size).toBe(1_201)
  expect((await listAudit(parts, { kind: 'incident' })).withheld).toBe(3)
  expect((await listAudit(parts, { kind: 'violation' })).withheld).toBe(0)
})

test('entries in cold storage that is not there are counted, and the others are looked through', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({
    folder: folder.path,
    clock: steadyClock(),
    limits: { segmentEntries: 5 },
  })
  await recorder.append(spans())
  const why = { by: 'ann', reason: 'room' }
  const { files } = await recorder.cold.cool({ before: (1n << 62n) as UnixNano, keep: [11], ...why }) // after every time of the clock
  for (const file of files) rmSync(file)
  using reader = LogReader.open({ folder: folder.path })
  const list = await listAudit(partsOf(reader, 0), {})
  expect(list).toMatchObject({ cold: 10, looked: 2, total: 2 })
  expect(list.nextCursor).toBeUndefined()
})

test('refuses a cursor that it did not give', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock() })
  await recorder.append(spans())
  using reader = LogReader.open({ folder: folder.path })
  await expect(listAudit(partsOf(reader, 0), { cursor: '-1' })).rejects.toThrow(/cursor/)
})

async function allOf(parts: ListParts, query: { readonly kind?: AuditHit['kind'] }, limit: number) {
  const items: AuditHit[] = []
  let total = 0
  let cursor: string | undefined
  for (let page = 0; page < 100; page++) {
    const list = await listAudit(parts, { ...query, limit, ...(cursor === undefined ? {} : { cursor }) })
    expect(list.items.length).toBeLessThanOrEqual(limit)
    items.push(...list.items)
    total += list.total
    cursor = list.nextCursor
    if (cursor === undefined) {
      expect(total).toBe(items.length)
      return items
    }
  }
  throw new Error('the pages do not end')
}

/** A policy against every tool call, and so many incidents. */
function partsOf(reader: LogReader, incidents: number): ListParts {
  const agents = new Set(reader.agents().map(({ agent }) => agent as string))
  const items = Array.from({ length: incidents }, (_, i) => ({
    id: `inc-${i + 1}`,
    headline: 'an export',
    firstClaimed: formatRfc3339(BigInt(i + 1) as UnixNano), // in range
    agents: [],
    conversations: [],
  }))
  return {
    reader,
    views: {
      ask: (_question, args) => {
        const { offset = 0, limit = 100 } = (args as { readonly query: Query<'listIncidents'> }).query // the one question that is asked
        const page = items.toReversed().slice(offset, offset + limit)
        return Promise.resolve(JSON.stringify({ items: page, total: items.length, withheld: 3 }))
      },
    },
    policies: {
      agents: () => agents,
      violationOf: ({ body }: Event) =>
        body.kind === 'tool-call'
          ? {
              artifact: ARTIFACT,
              kind: 'host-policy',
              pointer: '/0',
              what: 'denied',
              mode: 'monitor',
              profileDigest: '',
            }
          : undefined,
    },
  }
}

function spans() {
  const body = traceRequest({
    service: 'desk',
    trace: 'many',
    spans: Array.from({ length: CALLS }, (_, i) => ({
      name: 'execute_tool ticket.read',
      ...(i === 0 ? {} : { parent: spanIdOf('many', 0) }),
      attributes: toolCall('many', { name: 'ticket.read', id: `call-${i}`, args: '{}', result: 'read' }),
    })),
  })
  const arrival = { instance: 'http:4318', credential: 'loopback', tier: 'self-reported' } as const
  const scanned = scanOtlp({ signal: 'traces', encoding: 'json', body: Buffer.from(JSON.stringify(body)), arrival })
  if (scanned.status === 'malformed') throw new Error(scanned.message)
  return scanned.groups
}
