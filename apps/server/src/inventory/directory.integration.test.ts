import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from '@holdfast/api'
import type { ServerProcess } from '@holdfast/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startServer } from '../testing/server-process.ts'

const APP = '8c907101-5831-45a1-b703-8a59f190e639'
/** What DEC-7 gives from the record on. */
const LISTED = { timeout: 60_000, interval: 100 }

let folder = ''
let server: ServerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-directory-'))
  server = await startServer(folder)
}, 120_000)

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

test(
  'DEC-7 what a directory pushes is listed within 60 s: an app grant and an ownerless principal, by their entries',
  {
    timeout: 120_000,
  },
  async () => {
    const record = (activityDisplayName: string, properties: readonly object[]) => ({
      id: activityDisplayName,
      result: 'success',
      activityDisplayName,
      activityDateTime: new Date().toISOString(),
      initiatedBy: { user: { userPrincipalName: 'ada@shop.example.test' } },
      targetResources: [
        { id: APP, displayName: 'Notes Copilot', type: 'ServicePrincipal', modifiedProperties: properties },
      ],
    })
    const scope = {
      displayName: 'ConsentAction.Permissions',
      oldValue: null,
      newValue: '"[] => [[Scope: Mail.Read, ]]"',
    }
    const value = [record('Add service principal', []), record('Consent to application', [scope])]
    await server.post('/api/v1/authority-records', { value })
    const seen = await vi.waitFor(async () => {
      const { items } = await server.get<Answer<'listInventoryFindings'>>('/api/v1/inventory/findings')
      expect(items).toHaveLength(2)
      return items
    }, LISTED)
    expect(seen.map(({ title }) => title).toSorted()).toEqual([
      'Notes Copilot is a service principal without an owner',
      'Notes Copilot was granted Mail.Read and nobody declared it',
    ])
    const { items: agents } = await server.get<Answer<'listAgents'>>('/api/v1/agents')
    expect(agents).toMatchObject([{ id: `host:entra/${APP}`, name: 'Notes Copilot', shadow: true }])
    // Each leads to the record that shows it.
    for (const { proof } of seen) {
      const raw = await server.get<{ readonly envelope?: unknown }>(`/api/v1/log/entries/${proof[0]}`)
      expect(JSON.stringify(raw)).toContain('entra-audit')
    }
  },
)
