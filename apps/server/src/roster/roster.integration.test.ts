import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, BomWire, RiskRowWire, RosterWire } from '@holdfast/api'
import { traceRequest, type ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { FALLBACK, fallbackHistory } from '../inventory/testing/fallback-history.ts'
import { startServer } from '../testing/server-process.ts'

let folder = ''
let server: ServerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-roster-'))
  server = await startServer(folder)
  const response = await fetch(`${server.ready.http}/api/v1/import?name=fallback.jsonl`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: fallbackHistory(),
  })
  expect(await response.json()).toMatchObject({ rejected: 0 })
  await vi.waitFor(async () => expect((await risks()).length).toBeGreaterThan(3), { timeout: 30_000 })
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function risks(): Promise<readonly RiskRowWire[]> {
  const { items } = await server.get<Answer<'listRisks'>>(`/api/v1/risks?agent=${encodeURIComponent(FALLBACK.agent)}`)
  return items
}

const entry = {
  agent: 'somebody-else',
  owner: 'shop',
  version: '1',
  key: `${'A'.repeat(43)}=`,
  peers: [],
  class: 'support',
  dataClasses: ['orders'],
}

function decide(decision: unknown): Promise<Answer<'decideRoster'>> {
  return server.post('/api/v1/roster/decisions', { decision, reason: 'a test' })
}

test('a risk stays in the register when the agent has let go of it, and says which control is on record or none', async () => {
  const rows = await risks()
  const told = rows.map(({ risk, name, current, controls }) => [
    risk,
    name,
    current,
    controls.map(({ control }) => control),
  ])
  expect(told).toContainEqual(['model', FALLBACK.usedModel, false, []])
  expect(told).toContainEqual(['model', FALLBACK.fallbackModel, true, []])
  expect(told).toContainEqual(['model', FALLBACK.declaredModel, true, ['declaration']])
  expect(told).toContainEqual(['tool', 'lookup_order', true, ['declaration']])
  expect(told).toContainEqual(['tool', 'read_file', true, []])
  for (const { proof } of rows) expect(proof.length).toBeGreaterThan(0)
  const declared = rows.find(({ name }) => name === 'lookup_order')?.controls[0]
  expect(declared?.entries.length).toBeGreaterThan(0)
})

test('an agent outside the roster is found once one is kept, and the roster outlives a restart', async () => {
  const outside = async () => {
    const { findings } = await server.get<BomWire>(`/api/v1/agents/${encodeURIComponent(FALLBACK.agent)}/bom`)
    return findings.filter(({ kind }) => kind === 'outside-roster')
  }
  expect(await outside()).toEqual([])
  await decide({ do: 'add', entry })
  await vi.waitFor(async () => expect(await outside()).toHaveLength(1), { timeout: 30_000 })
  await decide({ do: 'add', entry: { ...entry, agent: FALLBACK.agent } })
  await vi.waitFor(async () => expect(await outside()).toEqual([]), { timeout: 30_000 })

  const before = await server.get<RosterWire>('/api/v1/roster')
  await server.stop()
  server = await startServer(folder)
  const after = await server.get<RosterWire>('/api/v1/roster')
  expect(after.agents).toEqual(
    before.agents.map((one) => ({ ...one, decided: { ...one.decided, at: expect.any(String) } })),
  )
  expect(after.key).toBe(before.key)
})

test('an entry without one of its fields is refused', async () => {
  for (const field of Object.keys(entry)) {
    const lacking = Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field))
    await expect(decide({ do: 'add', entry: lacking }), field).rejects.toThrow('400')
  }
})

test('a hand-over that telemetry tells of is found once a list of peers does not have it', async () => {
  const [desk, mail] = ['triage', 'mailer']
  const outside = async () => {
    const { items } = await server.get<Answer<'listInventoryFindings'>>('/api/v1/inventory/findings')
    return items.filter(({ kind }) => kind === 'outside-peers').map(({ title, detail }) => [title, detail])
  }
  await decide({ do: 'add', entry: { ...entry, agent: desk, peers: ['billing'] } })
  const spans = ['billing', mail].map((to) => ({ name: 'handoff', attributes: { 'gen_ai.handoff.to_agent': to } }))
  const response = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(traceRequest({ service: desk, trace: 'hand-overs', spans })),
  })
  expect(response.status).toBe(200)
  const told = [`${desk} handed work to ${mail}`, expect.stringContaining(`${mail} is no peer of ${desk}`)]
  await vi.waitFor(async () => expect(await outside()).toEqual([told]), { timeout: 30_000 })
  await decide({ do: 'add', entry: { ...entry, agent: desk, peers: ['billing', mail] } })
  await vi.waitFor(async () => expect(await outside()).toEqual([]), { timeout: 30_000 })
})
