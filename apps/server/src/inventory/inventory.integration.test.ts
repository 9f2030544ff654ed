import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BomWire, Answer, Integrity } from '@holdfast/api'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startServer } from '../testing/server-process.ts'
import { FALLBACK, fallbackHistory, instantAt } from './testing/fallback-history.ts'

let folder = ''
let server: ServerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-inventory-'))
  server = await startServer(folder)
  await importText('fallback.jsonl', fallbackHistory())
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the inventory gives the exact state at every minute of three changes', async () => {
  const wrong: string[] = []
  for (let minute = 1; minute < FALLBACK.minutes - 1; minute++) {
    const bom = await bomAt(instantAt(minute, 30))
    const found = { models: running(bom, 'model'), servers: running(bom, 'mcp-server'), prompts: digests(bom) }
    const expected = {
      models: [minute < FALLBACK.fallsBackAt ? FALLBACK.usedModel : FALLBACK.fallbackModel],
      servers: minute < FALLBACK.sideLoadsAt ? [] : [FALLBACK.server],
    }
    if (JSON.stringify({ ...expected, prompts: 1 }) !== JSON.stringify({ ...found, prompts: found.prompts.length }))
      wrong.push(`${minute}: ${JSON.stringify(found)}`)
  }
  expect(wrong).toEqual([])
  const [early, late] = [digests(await bomAt(instantAt(89, 30))), digests(await bomAt(instantAt(90, 30)))]
  expect(early).not.toEqual(late)
  expect(digests(await bomAt(instantAt(0, 30)))).toEqual(early)
})

test('the diff names exactly the changes between two instants, with when, proof and who', async () => {
  const whole = await diff(instantAt(30), instantAt(150))
  expect(whole.map(({ change, kind, name, when, tools }) => ({ change, kind, name, when, tools }))).toEqual([
    { change: 'changed', kind: 'model', name: FALLBACK.fallbackModel, when: instantAt(60, 1), tools: [] },
    { change: 'added', kind: 'mcp-server', name: FALLBACK.server, when: instantAt(75, 3), tools: ['read_file'] },
    { change: 'changed', kind: 'prompt-template', name: 'system prompt of desk', when: instantAt(90, 1), tools: [] },
  ])
  expect(whole[2]?.by).toMatchObject({ change: 'prompt-template', changeId: 'CH-12', author: 'mira' })
  expect(whole[0]?.by).toBeUndefined()
  const [entry] = whole[0]?.proof ?? []
  expect((await server.get<{ items: unknown[] }>(`/api/v1/events?limit=1`)).items).toHaveLength(1)
  expect(entry).toBeTypeOf('number')
  const later = await diff(instantAt(70), instantAt(150))
  expect(later.map(({ kind }) => kind)).toEqual(['mcp-server', 'prompt-template'])
  expect(await diff(instantAt(91), instantAt(150))).toEqual([])
})

test('the manifest and the process differ from the fallback on, with the proof of both', async () => {
  const before = await bomAt(instantAt(30))
  expect(before.findings.filter(({ kind }) => kind === 'declared-differs')).toEqual([])
  expect(rows(before, 'model')).toMatchObject([{ standing: 'both', declaredAs: [{ name: FALLBACK.declaredModel }] }])
  const after = await bomAt(instantAt(150))
  expect(after.findings).toContainEqual(
    expect.objectContaining({
      kind: 'declared-differs',
      declared: [{ kind: 'model', name: FALLBACK.declaredModel }],
      observed: { kind: 'model', name: FALLBACK.fallbackModel },
      since: instantAt(60, 1),
      proof: [expect.any(Number), expect.any(Number)],
    }),
  )
  // By its id alone, as a note or a ticket has it.
  const { items: findings } = await server.get<Answer<'listInventoryFindings'>>('/api/v1/inventory/findings')
  for (const { id, title, agent } of findings) {
    const { items, understood } = await server.get<Answer<'search'>>(`/api/v1/search?q=${encodeURIComponent(id)}`)
    const href = `/agents/${encodeURIComponent(agent)}/inventory`
    expect([understood, items]).toEqual(['an id: finding', [{ kind: 'finding', id, label: title, href }]])
  }
  expect(findings.length).toBeGreaterThan(0)
  expect(rows(after, 'model').map(({ name, standing }) => [name, standing])).toEqual([
    [FALLBACK.declaredModel, 'declared'],
    [FALLBACK.fallbackModel, 'observed'],
  ])
  expect(rows(after, 'tool').map(({ name, standing }) => [name, standing])).toEqual([
    ['lookup_order', 'both'],
    ['read_file', 'observed'],
  ])
})

test('what the log held before an import is asked for by the other clock', async () => {
  const unknown = await server.get<BomWire>(`${path()}?at=${instantAt(150)}&knownAt=2020-01-01T00:00:00Z`)
  expect(unknown.entries).toBe(0)
  expect(unknown.categories.every(({ state, reason }) => state === 'empty' && reason !== undefined)).toBe(true)
})

test('answers are byte-equal after a restart and after every projection was deleted and folded anew', async () => {
  const first = await answers()
  await server.stop()
  server = await startServer(folder)
  expect(await answers()).toEqual(first)
  await server.stop()
  rmSync(join(folder, 'views'), { recursive: true })
  server = await startServer(folder)
  await settled()
  expect(await answers()).toEqual(first)
})

async function answers(): Promise<readonly string[]> {
  const texts: string[] = []
  for (const query of [
    '',
    ...[10, 61, 80, 120].map((minute) => `?at=${instantAt(minute)}`),
    `/diff?from=${instantAt(30)}&to=${instantAt(150)}`,
    `/cyclonedx?at=${instantAt(120)}`,
  ])
    texts.push(JSON.stringify(await server.get(`${path()}${query}`)))
  return texts.map((text) => text.replace(/"entries":\d+,"class"/, '"class"'))
}

async function importText(name: string, text: string): Promise<void> {
  const response = await fetch(`${server.ready.http}/api/v1/import?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: text,
  })
  expect(await response.json()).toMatchObject({ rejected: 0 })
  await settled()
}

async function settled(): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await server.get<Integrity>('/api/v1/integrity')).projection.lag).toBe(0)
      const bom = await server.get<BomWire>(path())
      expect(rows(bom, 'model')).toHaveLength(2)
      expect(bom.entries).toBe((await server.get<Integrity>('/api/v1/integrity')).size)
    },
    { timeout: 30_000 },
  )
}

function path(): string {
  return `/api/v1/agents/${encodeURIComponent(FALLBACK.agent)}/bom`
}

function bomAt(at: string): Promise<BomWire> {
  return server.get<BomWire>(`${path()}?at=${at}`)
}

async function diff(from: string, to: string): Promise<Answer<'getBomDiff'>['changes']> {
  return (await server.get<Answer<'getBomDiff'>>(`${path()}/diff?from=${from}&to=${to}`)).changes
}

function rows(bom: BomWire, kind: string): BomWire['categories'][number]['rows'] {
  return bom.categories.flatMap((category) => category.rows).filter((row) => row.kind === kind)
}

function running(bom: BomWire, kind: string): readonly string[] {
  return rows(bom, kind).flatMap(({ name, standing }) => (standing === 'declared' ? [] : [name]))
}

function digests(bom: BomWire): readonly string[] {
  return rows(bom, 'prompt-template').flatMap(({ digest }) => digest ?? [])
}
