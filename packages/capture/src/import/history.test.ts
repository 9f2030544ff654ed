import type { EntryGroup } from '@holdfast/model'
import { expect, test } from 'vitest'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { normalise } from '../normalise.ts'
import { parseHistoryHeader } from './history.ts'
import { importHistory, importRuns } from './import-runs.ts'

const HEADER = '{"holdfastHistory":1,"clock":"simulated","tool":"six-weeks"}'

function spanLine(i: number, pod = 'p-1'): string {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const span = {
    traceId: (i + 1).toString(16).padStart(32, '0'),
    spanId: (i + 1).toString(16).padStart(16, '0'),
    name: 'execute_tool lookup',
    startTimeUnixNano: `${4_000_000_000_000_000_000 + i}`,
    endTimeUnixNano: `${4_000_000_000_000_000_000 + i}`,
    attributes: [
      attribute('gen_ai.operation.name', 'execute_tool'),
      attribute('gen_ai.tool.name', i === 3 ? 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ' : 'lookup'),
    ],
  }
  const resource = { attributes: [attribute('service.name', 'desk'), attribute('k8s.pod.name', pod)] }
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })
}

const bytesOf = (...lines: readonly string[]) => new TextEncoder().encode(lines.join('\n'))

test('the header names a clock that is not that of this machine, or it is none', () => {
  expect(parseHistoryHeader(HEADER)).toEqual({ clock: 'simulated', tool: 'six-weeks' })
  expect(parseHistoryHeader(HEADER.replace('simulated', 'live'))).toBeUndefined()
  expect(parseHistoryHeader(HEADER.replace('1', '2'))).toBeUndefined()
  expect(parseHistoryHeader('{"resourceSpans":"holdfastHistory"}')).toBeUndefined()
})

test('every entry of a history has its clock, and lines of any known format may follow each other', () => {
  const change = '{"holdfastChange":{"agent":"k8s:-/-/desk","change":"deploy","subject":"desk","to":"v2"}}'
  const bytes = bytesOf(HEADER, spanLine(0), change, spanLine(1), 'no json', '{"kind":"unknown"}')
  const read = importHistory({ file: 'h.jsonl', bytes, clock: 'simulated', firstLine: 1 })
  expect(read).toMatchObject({ accepted: 3, rejectedTotal: 2, clock: 'simulated', format: 'history+change+otlp' })
  expect(read.rejected.map(({ where }) => where)).toEqual(['h.jsonl line 5', 'h.jsonl line 6'])
  const events = entriesOfGroups(read.groups).flatMap((entry) => normalise(entry).events)
  expect(new Set(events.map(({ source }) => source.clock))).toEqual(new Set(['simulated']))
})

test('lines of one envelope become one group, with every body, mask, term and time of theirs', () => {
  const lines = Array.from({ length: 10 }, (_, i) => spanLine(i, i % 2 === 0 ? 'p-1' : 'p-2'))
  const one = importHistory({ file: 'h.jsonl', bytes: bytesOf(...lines), clock: 'imported', firstLine: 2 })
  const each = lines.flatMap((line) => importRuns({ file: 'h.jsonl', bytes: bytesOf(line) }).groups)
  expect([one.groups.length, each.length]).toEqual([2, 10])
  const facts = (groups: readonly EntryGroup[]) =>
    entriesOfGroups(groups)
      .map(({ body, masks }) => JSON.stringify([Buffer.from(body ?? []).toString(), masks]))
      .toSorted()
  expect(facts(one.groups)).toEqual(facts(each))
  expect(one.groups.flatMap(({ masks }) => [...masks.keys()])).toEqual([1])
  expect(new Set(one.groups.flatMap(({ terms }) => terms))).toEqual(new Set(each.flatMap(({ terms }) => terms)))
  const earliest = (groups: readonly EntryGroup[]) => Math.min(...groups.map(({ claimedFrom }) => Number(claimedFrom)))
  const latest = (groups: readonly EntryGroup[]) => Math.max(...groups.map(({ claimedTo }) => Number(claimedTo)))
  expect([earliest(one.groups), latest(one.groups)]).toEqual([earliest(each), latest(each)])
})

test('a history packed into an archive is refused and not read with another clock', () => {
  expect(importRuns({ file: 'h.jsonl', bytes: bytesOf(HEADER, spanLine(0)) })).toMatchObject({
    accepted: 0,
    rejected: [{ why: 'a history inside an archive: import it by itself, unpacked' }],
  })
})
