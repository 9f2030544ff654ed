import { routes, type Answer, type RouteName, type RouteSpec } from '@holdfast/api'
import { GATHERED_TEXTS, gatheredConversation, GATHERING, hostilePayloads } from '@holdfast/testkit'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { keptTexts } from './testing/kept-texts.ts'
import { HostileSweep } from './testing/hostile-sweep.ts'

/** Environment variables repeat what failed, or make it smaller. */
const seed = Number(process.env['HOLDFAST_SEED'] ?? 1)
const count = Number(process.env['HOLDFAST_HOSTILE_COUNT'] ?? 5_000)
const texts = hostilePayloads({ seed, count }).map(({ text }) => text)
/** Half a pair of surrogates has no form in UTF-8; its place is told. */
const wellFormed = texts.map((text) => text.toWellFormed())
const FORMATS = ['table', 'wide', 'json', 'ndjson', 'yaml', 'csv', 'md']
/** Rules run as a program of their own: one text in so many. */
const RULES_STEP = 500
/** Nothing is asserted of speed: this ends what hangs. */
const PATIENT = { timeout: 3_600_000, interval: 1_000 }

describe(`${count} texts, an agent each, seed ${seed}`, () => {
  let sweep: HostileSweep
  beforeAll(async () => {
    sweep = await HostileSweep.start(texts)
    await untilRead(sweep)
  }, 3_600_000)
  afterAll(async () => sweep?.[Symbol.asyncDispose]())

  test('every text is an agent, in any list, and no list lets a terminal obey one', async () => {
    const names = new Set<string>()
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page: Answer<'listAgents'> = await sweep.get<Answer<'listAgents'>>(`/api/v1/agents?limit=1000${at}`)
      for (const { name } of page.items) names.add(name)
      cursor = page.nextCursor
    }
    // A name of nothing but blanks is none.
    expect(wellFormed.filter((text) => text.trim() !== '' && !names.has(text)).length).toBeLessThan(count / 10)
    for (const output of FORMATS) {
      await sweep.line(['agents', '-o', output, '--limit', String(2 * count)])
      await sweep.line(['hunt', '-o', output, '--limit', '1000'])
    }
    await sweep.line(['tail', '--since', '#0', '--limit', String(count)])
    expect(sweep.faults).toEqual([])
  })

  test('a command that asks for nothing prints all of them in each of its formats', async () => {
    for (let turn = 0; turn < FORMATS.length; turn += 1) await sweep.commandsOfNothing(turn)
    expect(sweep.faults).toEqual([])
  })
})

describe(`${count} texts, gathered in one agent, seed ${seed}`, () => {
  let sweep: HostileSweep
  let agent = ''
  let incidents: readonly string[] = []
  const conversations = Array.from({ length: Math.ceil(count / GATHERED_TEXTS) }, (_, index) =>
    gatheredConversation(index),
  )
  beforeAll(async () => {
    sweep = await HostileSweep.gather(texts)
    await untilRead(sweep)
    const { items } = await sweep.get<Answer<'listAgents'>>('/api/v1/agents?limit=1000')
    agent = items.find(({ name }) => name === GATHERING)?.id ?? expect.fail('the agent of all texts is not there')
    incidents = await vi.waitFor(async () => {
      const list = await sweep.get<Answer<'listIncidents'>>('/api/v1/incidents?limit=500')
      expect(list.waiting).toBe(0)
      return list.items.map(({ id }) => id)
    }, PATIENT)
    // What is the same is one row of the list.
    expect(incidents).not.toEqual([])
  }, 3_600_000)
  afterAll(async () => sweep?.[Symbol.asyncDispose]())

  test('each is kept exactly as it was sent, wherever it is content', async () => {
    const kept = await keptTexts(sweep, agent)
    const lost = EXACT.map((slot) => [slot, wellFormed.filter((text) => kept.get(slot)?.has(text) !== true)])
    expect(lost).toEqual(EXACT.map((slot) => [slot, []]))
    // Arguments are JSON that holds the text.
    const said = [...(kept.get('tool-call arguments') ?? [])].map((text) => JSON.parse(text) as { command?: string })
    const commands = new Set(said.map(({ command = '' }) => command.toWellFormed()))
    expect(wellFormed.filter((text) => !commands.has(text))).toEqual([])
  })

  test('every command about the agent, a conversation or an incident shows them, and no terminal obeys one', async () => {
    const fixed = { AGENT: agent, TYPE: 'reasoning-compromise', T: TIME, TIME, N: '5', ROLE: 'viewer' }
    for (const turn of FORMATS.keys())
      await sweep.commandsAbout(['AGENT', 'TARGET'], { ...fixed, TARGET: agent, ID: conversations[turn] ?? '' }, turn)
    for (const [turn, ID] of conversations.entries())
      await sweep.commandsAbout(['ID', 'CONVERSATION'], { ...fixed, ID, CONVERSATION: ID }, turn)
    for (const [turn, ID] of incidents.entries())
      await sweep.commandsAbout(['ID', 'INCIDENT', 'TARGET'], { ...fixed, ID, INCIDENT: ID, TARGET: ID }, turn)
    expect(sweep.faults).toEqual([])
    expect(sweep.codes.get(0)).toBeGreaterThan(conversations.length)
  })

  test('every text, given to a command and where none can stand, is refused or taken, and printed inert', async () => {
    await sweep.everyText(texts)
    for (let index = 0; index < texts.length; index += RULES_STEP) await sweep.rulesWith(texts[index] ?? '')
    expect(sweep.faults).toEqual([])
    expect(sweep.codes.get(2)).toBeGreaterThan(count / 10)
  })

  test('every route that reads answers in the form that it states, and none fails', async () => {
    const ids = { agent, conversation: conversations[0] ?? '', incident: incidents[0] ?? '' }
    for (const name of Object.keys(routes) as RouteName[]) {
      const route: RouteSpec = routes[name]
      // A stream has no end.
      if (route.method !== 'GET' || route.response === 'text/event-stream') continue
      for (const path of pathsOf(route, ids)) await expectStatedForm(route, path)
    }
  })

  async function expectStatedForm({ response: form }: RouteSpec, path: string): Promise<void> {
    const { http, token } = sweep.server.ready
    const answer = await fetch(http + path, { headers: { authorization: `Bearer ${token}` } })
    const type = answer.headers.get('content-type') ?? ''
    const said = await answer.text()
    expect([path, answer.status, said.slice(0, 300)]).not.toEqual([path, 500, expect.anything()])
    if (!answer.ok) return expect([path, type]).toEqual([path, expect.stringMatching(/^application\/problem\+json/)])
    expect([path, answer.headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
    if (typeof form === 'string') return expect([path, type]).toEqual([path, expect.stringContaining(form)])
    expect([path, type]).toEqual([path, expect.stringMatching(/^application\/json/)])
    JSON.parse(said)
  }
})

/** Slots of content that hold a text as it was sent. */
const EXACT = [
  'prompt content',
  'model-output content',
  'context-item query',
  'context-item content',
  'tool-result result',
  'tool-definition description',
]

const TIME = '2026-11-22T00:00:00Z'

/** Of what is known, and of a text in each of its places. */
function pathsOf({ path }: RouteSpec, ids: Readonly<Record<string, string>>): readonly string[] {
  const fill = (known: Readonly<Record<string, string>>, text: string): string =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(known[name] ?? text))
  if (!path.includes('{')) return [path]
  const some = wellFormed.filter((text, index) => index % 250 === 0 && text.trim() !== '' && text.length < 2_000)
  return [fill(ids, 'x'), ...some.map((text) => fill({}, text))]
}

/** Waits on the server's own word. */
async function untilRead(sweep: HostileSweep): Promise<void> {
  await vi.waitFor(async () => {
    const { projection } = await sweep.get<Answer<'getIntegrity'>>('/api/v1/integrity')
    expect(projection.lag).toBe(0)
  }, PATIENT)
}
