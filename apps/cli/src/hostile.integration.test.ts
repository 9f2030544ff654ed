import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Agent, Answer } from '@holdfast/api'
import { hostileIncident, hostilePayloads } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { HostileSweep } from './testing/hostile-sweep.ts'

/** An environment variable repeats what failed. */
const seed = Number(process.env['HOLDFAST_SEED'] ?? 8)
const texts = hostilePayloads({ seed, count: 40 }).map(({ text }) => text)
const told = texts[3] ?? ''
let sweep: HostileSweep
let agents: readonly Agent[] = []
let found = 0

beforeAll(async () => {
  sweep = await HostileSweep.start(texts)
  await sweep.send(hostileIncident(told))
}, 240_000)
afterAll(async () => {
  await sweep?.[Symbol.asyncDispose]()
})

test(`every text is an agent and reads in JSON as it was sent, seed ${seed}`, async () => {
  agents = await vi.waitFor(
    async () => {
      const { items } = await sweep.get<Answer<'listAgents'>>('/api/v1/agents?limit=1000')
      expect(items.length).toBeGreaterThanOrEqual(texts.length - 1)
      return items
    },
    { timeout: 120_000, interval: 500 },
  )
  for (const agent of agents) {
    // Half a pair of surrogates has no form in UTF-8; its place is told.
    const given = texts.map((text) => text.toWellFormed()).filter((text) => text === agent.name)
    // Principals of the audit logs are named by what they may do as well.
    if (given.length === 0) continue
    found += 1
    const { items } = await sweep.get<Answer<'listEvents'>>(`/api/v1/events?agent=${encodeURIComponent(agent.id)}`)
    const kept = await Promise.all(
      items.flatMap(({ id, contents }) => contents.map(({ slot }) => textOf(id, slot))).slice(0, 12),
    )
    expect(kept, JSON.stringify(agent.name)).toContain(given[0])
  }
  expect(found).toBeGreaterThan(texts.length * 0.7)
}, 240_000)

test('whatever a command is told, no terminal obeys what it prints and no fault of ours is shown', async () => {
  const incident = await vi.waitFor(
    async () => {
      const { items } = await sweep.get<Answer<'listIncidents'>>('/api/v1/incidents')
      expect(items.length).toBeGreaterThan(0)
      return items[0]?.id ?? ''
    },
    { timeout: 120_000, interval: 500 },
  )
  const agent = agents.find(({ name }) => name === told)?.id ?? agents[0]?.id ?? ''
  const known = { AGENT: agent, TARGET: agent, ID: incident, INCIDENT: incident, CONVERSATION: 'hostile-incident' }
  await sweep.everyCommand({ known, text: told, turn: seed })
  expect(sweep.faults).toEqual([])
  // Some lines found what they asked for, and some were refused.
  expect(sweep.codes.get(0)).toBeGreaterThan(20)
  expect(sweep.codes.size).toBeGreaterThan(2)
}, 600_000)

test('what is printed to be run next runs nothing of what was captured', () => {
  const folder = join(sweep.folder, 'pasted')
  mkdirSync(folder)
  const lines = [...sweep.offered].filter((line) => /^(holdfast|npm) [^,;]*$/.test(line))
  expect(lines.length).toBeGreaterThan(3)
  const script = `holdfast() { :; }; npm() { :; }\n${lines.join('\n')}\necho whole\n`
  const said = execFileSync('sh', { cwd: folder, input: script, env: { PATH: process.env['PATH'] } })
  expect(said.toString()).toBe('whole\n')
  expect(readdirSync(folder)).toEqual([])
})

async function textOf(event: string, slot: string): Promise<string | undefined> {
  const path = `/api/v1/events/${encodeURIComponent(event)}/content/${encodeURIComponent(slot)}`
  const { text } = await sweep.get<Answer<'getContent'>>(path).catch(() => ({ text: undefined }))
  return text
}
