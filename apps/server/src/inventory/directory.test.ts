import type { Answer } from '@holdfast/api'
import { scanAuthority } from '@holdfast/capture'
import { expect, test } from 'vitest'

import { foldedLog } from './testing/folded-log.ts'

const APP = '8c907101-5831-45a1-b703-8a59f190e639'
const AGENT = `host:entra/${APP}`

type Stated = { readonly what: string; readonly at: string; readonly owner?: string; readonly scope?: string }

function record({ what, at, owner, scope }: Stated) {
  const modifiedProperties =
    scope === undefined
      ? []
      : [{ displayName: 'ConsentAction.Permissions', oldValue: null, newValue: `"[] => [[Scope: ${scope}, ]]"` }]
  return {
    id: `${what} ${at}`,
    result: 'success',
    activityDisplayName: what,
    activityDateTime: at,
    initiatedBy: { user: { userPrincipalName: 'ada@shop.example.test' } },
    targetResources: [
      ...(owner === undefined ? [] : [{ id: owner, type: 'User', userPrincipalName: owner, modifiedProperties: [] }]),
      { id: APP, displayName: 'Notes Copilot', type: 'ServicePrincipal', modifiedProperties },
    ],
  }
}

const ADDED = record({ what: 'Add service principal', at: '2026-11-20T09:00:00Z' })
const CONSENT = record({ what: 'Consent to application', at: '2026-11-20T09:01:00Z', scope: 'Mail.Read User.Read' })
const OWNED = record({ what: 'Add owner to service principal', at: '2026-11-20T09:02:00Z', owner: 'bob@x.test' })
const LEFT = record({ what: 'Remove owner from service principal', at: '2026-11-20T09:03:00Z', owner: 'bob@x.test' })

async function answersOf(...records: readonly ReturnType<typeof record>[]) {
  const groups = records.flatMap((one) => scanAuthority(one, { instance: 'i', credential: 'c' }).groups)
  await using log = await foldedLog(groups)
  const { items } = JSON.parse(log.views.answerJson('listAgents', { query: {} }) ?? '') as Answer<'listAgents'>
  const findings = JSON.parse(
    log.views.answerJson('listInventoryFindings', { query: {} }) ?? '',
  ) as Answer<'listInventoryFindings'>
  return {
    agents: items.map(({ id, name, shadow, roster }) => ({ id, name, shadow, roster })),
    findings: findings.items.map(({ title, proof }) => [title, proof]),
  }
}

test('DEC-7 an application grant is listed as a shadow agent, by its entry', async () => {
  const { agents, findings } = await answersOf(CONSENT)
  expect(agents).toEqual([{ id: AGENT, name: 'Notes Copilot', shadow: true, roster: 'observed' }])
  expect(findings).toEqual([['Notes Copilot was granted Mail.Read, User.Read and nobody declared it', [0]]])
})

test('DEC-7 a service principal without an owner is listed as one, by its entry, until it has an owner', async () => {
  const without = await answersOf(ADDED)
  expect(without.agents).toMatchObject([{ id: AGENT, shadow: true }])
  expect(without.findings).toEqual([['Notes Copilot is a service principal without an owner', [0]]])
  const owned = await answersOf(ADDED, OWNED)
  expect(owned.agents).toMatchObject([{ id: AGENT, shadow: false }])
  expect(owned.findings).toEqual([])
  const left = await answersOf(LEFT, OWNED, ADDED)
  expect(left.agents).toMatchObject([{ id: AGENT, shadow: true }])
  expect(left.findings).toEqual([['Notes Copilot is a service principal without an owner', [0, 2]]])
})

test('of one whose making is not in the log nothing is said of owners; one that was removed is none any more', async () => {
  expect((await answersOf(LEFT)).findings).toEqual([])
  const removed = record({ what: 'Remove service principal', at: '2026-11-20T10:00:00Z' })
  const { agents, findings } = await answersOf(removed, CONSENT, ADDED)
  expect(agents).toMatchObject([{ id: AGENT, shadow: false }])
  expect(findings).toEqual([])
})
