import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportResult, ScopeWire } from '@holdfast/api'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startServer } from '../testing/server-process.ts'

const AGENT = 'k8s:-/analytics/insight-agent'
const BOT = 'insight@acme.iam.gserviceaccount.com'
const TABLE = 'projects/acme/datasets/crm/tables/customers_pii'

let folder = ''
let server: ServerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-scope-'))
  server = await startServer(folder)
  // A viewer of the whole project, and a role of its own on one topic.
  const policy = (resource: string, role: string) => ({
    resource,
    policy: { bindings: [{ role, members: [`serviceAccount:${BOT}`] }] },
  })
  await load('policies.json', [
    policy('//cloudresourcemanager.googleapis.com/projects/acme', 'roles/bigquery.dataViewer'),
    policy('//pubsub.googleapis.com/projects/acme/topics/reports', 'projects/acme/roles/reporter'),
  ])
  await load('role.json', {
    name: 'projects/acme/roles/reporter',
    includedPermissions: ['pubsub.topics.publish', 'pubsub.topics.delete', 'pubsub.topics.update'],
  })
  await load('agent.json', {
    holdfastAuthority: {
      agent: AGENT,
      owner: 'team-analytics',
      identities: [{ plane: 'gcp', principal: BOT }],
      needs: [{ plane: 'gcp', actions: ['pubsub.topics.publish'], resources: ['projects/acme/topics/reports'] }],
    },
  })
  const days = Array.from({ length: 30 }, (_, i) => `2026-09-${`${i + 1}`.padStart(2, '0')}`)
  const calls = [
    ...days.map((day) => call(day, 'pubsub.topics.publish', 'projects/acme/topics/reports')),
    call('2026-09-29', 'bigquery.tables.getData', TABLE),
  ]
  await load('audit.jsonl', calls.map((one) => JSON.stringify(one)).join('\n'))
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the exercised table is inherited overreach, the idle direct actions are unused excess, and nothing is in both', async () => {
  const report = await scope()
  expect(report).toMatchObject({
    profile: 'complete',
    owner: 'team-analytics',
    window: { from: '2026-09-01', to: '2026-09-30' },
  })
  const pii = report.inheritedOverreach.filter(({ evidence }) => evidence.uses > 0)
  expect(pii).toMatchObject([
    {
      grant: { action: 'bigquery.tables.getData', resources: [TABLE], ancestor: 'projects/acme' },
      evidence: { uses: 1, lastUse: '2026-09-29T10:00:00Z' },
    },
  ])
  expect(report.unusedExcess.map(({ grant }) => grant.action).toSorted()).toEqual([
    'pubsub.topics.delete',
    'pubsub.topics.update',
  ])
  expect(report.justified.map(({ grant }) => grant.action)).toEqual(['pubsub.topics.publish'])
  const excess = new Set(report.unusedExcess.map(({ id }) => id))
  expect(report.inheritedOverreach.filter(({ id }) => excess.has(id))).toEqual([])
  expect(report.inventoryGaps).toEqual([])
})

test('each row leads to the log entries of its document and of its use, and says what to do', async () => {
  const report = await scope()
  const row = report.inheritedOverreach.find(({ evidence }) => evidence.uses > 0)
  const raw = async (index: number) => JSON.stringify(await server.get(`/api/v1/log/entries/${index}`))
  const bytes = (json: string): string => Buffer.from((JSON.parse(json) as { body: string }).body, 'base64').toString()
  expect(bytes(await raw(row?.evidence.positions[0] ?? -1))).toContain('customers_pii')
  expect(report.unusedExcess[0]?.remedy.statement).toContain('pubsub.topics.publish')
  expect(report.unusedExcess[0]?.remedy.statement).not.toContain('delete')
  expect(row?.remedy.text).toContain('projects/acme')
})

test('the answer is the same after a restart', async () => {
  const before = await scope()
  await server.stop()
  server = await startServer(folder)
  expect(await scope()).toEqual(before)
})

function call(day: string, permission: string, resource: string): object {
  return {
    insertId: `${day} ${permission}`,
    logName: 'projects/acme/logs/cloudaudit.googleapis.com%2Fdata_access',
    timestamp: `${day}T10:00:00Z`,
    resource: { labels: { project_id: 'acme' } },
    protoPayload: {
      methodName: permission,
      authenticationInfo: { principalEmail: BOT },
      authorizationInfo: [{ permission, resource, granted: true }],
    },
  }
}

async function load(name: string, content: unknown): Promise<void> {
  const response = await fetch(`${server.ready.http}/api/v1/import?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.ready.token}`, 'content-type': 'application/octet-stream' },
    body: typeof content === 'string' ? content : JSON.stringify(content),
  })
  const result = (await response.json()) as ImportResult // as the route documents
  expect(result).toMatchObject({ rejected: 0 })
}

/** Once the projection has folded everything that was imported. */
function scope(): Promise<ScopeWire> {
  return vi.waitFor(
    async () => {
      const report = await server.get<ScopeWire>(`/api/v1/agents/${encodeURIComponent(AGENT)}/scope`)
      expect(report.justified[0]?.evidence.uses).toBe(30)
      expect(report.inheritedOverreach.some(({ evidence }) => evidence.uses > 0)).toBe(true)
      return report
    },
    { timeout: 30_000, interval: 100 },
  )
}
