import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ResponsePlanWire } from '@holdfast/api'
import { expect, test } from 'vitest'
import type { CliContext } from '../../context.ts'
import { cli } from '../../testing/run.ts'
import { showPlan } from './response.ts'

const HASH = 'ab'.repeat(32)

/** What is read of a plan that waits. */
function plan(approval: Partial<ResponsePlanWire['approval']>): ResponsePlanWire {
  return {
    hash: HASH,
    incident: 'inc-1',
    row: 7,
    state: 'planned',
    words: '0 of 1 step confirmed',
    approval: { kind: 'people', roles: ['on-call'], people: 1, given: [], missing: [], ...approval },
    steps: [],
    left: [],
    why: [],
    duties: [],
    completeness: 1,
    seal: { size: 9, rootHash: 'r' },
  } as unknown as ResponsePlanWire
}

function shown(approval: Partial<ResponsePlanWire['approval']>): string {
  const written: string[] = []
  const context = { stdout: { write: (text: string) => written.push(text) }, env: {} } as unknown as CliContext // what it writes to
  showPlan(context, {} as never, plan(approval))
  return written.join('')
}

test('a plan says what comes next: an approval where one is missing, and else nothing but to apply it', () => {
  expect(shown({ missing: ['on-call has not approved it'] })).toContain(
    'next: holdfast incidents approve abababababab, then holdfast incidents apply abababababab --yes',
  )
  const approved = shown({ given: [{ by: 'ann', role: 'on-call', at: '1' }] })
  expect(approved).toContain('next: holdfast incidents apply abababababab --yes')
  expect(approved).not.toContain('incidents approve')
  expect(shown({ kind: 'automatic', missing: [] })).not.toContain('incidents approve')
})

const INCIDENT = 'inc-0123456789abcdef'

/** A plan as it stands, of two steps of which one never held. */
function standing(hash: string, change: Partial<ResponsePlanWire> = {}): object {
  const step = {
    id: 'rung',
    provider: 'sensor',
    target: { name: 'desk' },
    deed: { kind: 'rung', rung: 'pause' },
    state: 'confirmed',
    effect: 'probed',
    detail: '',
    preview: '',
    isReversible: true,
    probes: [],
  }
  const failed = { ...step, id: 'cut/hold-image', state: 'failed', effect: 'none' }
  return { ...plan({}), hash, state: 'partial', appliedAt: '1', steps: [step, failed], ...change }
}

/** `incidents release` at a server that answers so, and what it was asked to change. */
async function releasing(answers: Readonly<Record<string, readonly [code: number, body: object]>>) {
  const asked: string[] = []
  const server = createServer(({ method = '', url = '' }, response) => {
    const path = url.split('?', 1)[0] ?? ''
    if (method === 'POST') asked.push(path)
    const [code, body] = answers[`${method} ${path}`] ?? [404, { title: 'not found' }]
    response.writeHead(code, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const env = { HOLDFAST_URL: `http://127.0.0.1:${port}`, HOLDFAST_TOKEN: 'of the test' }
  const done = await cli(['incidents', 'release', INCIDENT, '--reason', 'x', '--yes'], { env })
  server.close()
  return { ...done, asked }
}

test('a release goes on to the plans before, and fails only where one of them was not released', async () => {
  const [newest, older] = ['a1'.repeat(32), 'b2'.repeat(32)]
  const [releaseNewest, releaseOlder] = [newest, older].map((hash) => `/api/v1/plans/${hash}/release`)
  const listed = {
    'GET /api/v1/incidents': [200, { items: [{ id: INCIDENT, alsoKnownAs: [] }] }],
    [`GET /api/v1/incidents/${INCIDENT}/plans`]: [200, { items: [standing(newest), standing(older)] }],
  } as const
  // One of its steps never held, so that it is partial once the other is released.
  const released = [200, standing(newest, { words: '0 of 2 steps confirmed, 1 released' })] as const
  const both = await releasing({ ...listed, [`POST ${releaseNewest}`]: released, [`POST ${releaseOlder}`]: released })
  expect(both).toMatchObject({ code: 0, asked: [releaseNewest, releaseOlder] })
  const refused = [409, { title: 'not all was released: rung: the sensor is away', status: 409 }] as const
  const one = await releasing({ ...listed, [`POST ${releaseNewest}`]: refused, [`POST ${releaseOlder}`]: released })
  expect(one.asked).toEqual([releaseNewest, releaseOlder])
  expect(one.code).not.toBe(0)
  expect(one.stdout).toContain('1 released')
})
