import type { Answer } from '@holdfast/api'
import { hostileIncident, hostilePayloads } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { HostileSweep, rawCharacters } from './testing/hostile-sweep.ts'

/** Environment variables repeat what failed, or make it smaller. */
const seed = Number(process.env['HOLDFAST_SEED'] ?? 1)
const count = Number(process.env['HOLDFAST_HOSTILE_COUNT'] ?? 5_000)
/** Every command is tried with one text in so many; the lists, the tail and the exports hold all of them. */
const STEP = 100
const texts = hostilePayloads({ seed, count }).map(({ text }) => text)
let sweep: HostileSweep

beforeAll(async () => {
  sweep = await HostileSweep.start(texts)
  await sweep.send(hostileIncident(texts[3] ?? ''))
}, 3_600_000)
afterAll(async () => {
  await sweep?.[Symbol.asyncDispose]()
})

test(`every one of ${count} texts is listed, and no list lets a terminal obey one, seed ${seed}`, async () => {
  await vi.waitFor(
    async () => {
      const { projection } = await sweep.get<Answer<'getIntegrity'>>('/api/v1/integrity')
      expect(projection.lag).toBe(0)
    },
    { timeout: 3_600_000, interval: 1_000 },
  )
  const names = new Set<string>()
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: Answer<'listAgents'> = await sweep.get<Answer<'listAgents'>>(`/api/v1/agents?limit=1000${at}`)
    for (const { name } of page.items) names.add(name)
    cursor = page.nextCursor
  }
  // A name of nothing but blanks is none, and half a pair of surrogates has no form in UTF-8.
  expect(texts.filter((text) => text.trim() !== '' && !names.has(text.toWellFormed())).length).toBeLessThan(count / 10)
  for (const output of ['table', 'wide', 'json', 'ndjson', 'yaml', 'csv', 'md'])
    expect(rawCharacters((await sweep.line(['agents', '-o', output])).stdout)).toEqual([])
  await sweep.line(['tail', '--since', '#0', '--limit', String(count)])
  expect(sweep.faults).toEqual([])
})

test('every command with one text in a hundred, in every format by turns', async () => {
  const { items } = await vi.waitFor(
    async () => {
      const list = await sweep.get<Answer<'listIncidents'>>('/api/v1/incidents')
      expect(list.items.length).toBeGreaterThan(0)
      return list
    },
    { timeout: 3_600_000, interval: 1_000 },
  )
  const incident = items[0]?.id ?? ''
  for (let index = 0; index < texts.length; index += STEP) {
    const text = texts[index] ?? ''
    const known = { AGENT: text, TARGET: text, ID: incident, INCIDENT: incident, CONVERSATION: `hostile-${index}` }
    await sweep.everyCommand({ known, text, turn: index / STEP })
  }
  expect(sweep.faults).toEqual([])
})
