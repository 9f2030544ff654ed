import { expect, test } from 'vitest'

import type { Json } from '../decode/any-value.ts'
import { authorityRecord, authorityRecords, readAuthority } from './record.ts'
import { scanAuthority } from './scan-authority.ts'

const GRAPH = '7b0e1f2a-0000-4000-8000-00000000000a'
const APP = '8c907101-5831-45a1-b703-8a59f190e639'
const TENANT = '11111111-2222-4333-8444-555555555555'

function record(activityDisplayName: string, targetResources: Json, change: Readonly<Record<string, Json>> = {}) {
  return {
    id: `Directory_${activityDisplayName}`,
    category: 'ApplicationManagement',
    result: 'success',
    activityDisplayName,
    activityDateTime: '2026-11-20T09:56:28.7147707Z',
    loggedByService: 'Core Directory',
    initiatedBy: { user: { id: 'u-1', userPrincipalName: 'ada@shop.example.test' } },
    targetResources,
    ...change,
  }
}

function principal(id: string, displayName: string, properties: Readonly<Record<string, string>> = {}): Json {
  const modifiedProperties = Object.entries(properties).map(([name, newValue]) => ({
    displayName: name,
    oldValue: null,
    newValue,
  }))
  return { id, displayName, type: 'ServicePrincipal', userPrincipalName: null, modifiedProperties }
}

const CONSENT = record('Consent to application', [
  principal(APP, 'Notes Copilot', {
    'ConsentContext.IsAdminConsent': '"True"',
    'ConsentAction.Permissions':
      '"[] => [[Id: x, ClientId: 00000000-0000-0000-0000-000000000000, PrincipalId: , ResourceId: y, ConsentType: AllPrincipals, Scope: Mail.Read Files.Read.All, CreatedDateTime: , Conditions: ]]; "',
  }),
])

test.each([
  ['a consent', CONSENT, ['Mail.Read', 'Files.Read.All']],
  [
    'a role of an application, which names the other service first',
    record('Add app role assignment to service principal', [
      principal(GRAPH, 'Microsoft Graph', {
        'AppRole.Value': '"Mail.ReadWrite"',
        'ServicePrincipal.ObjectID': `"${APP}"`,
        'ServicePrincipal.DisplayName': '"Notes Copilot"',
      }),
    ]),
    ['Mail.ReadWrite'],
  ],
  [
    'a delegated grant',
    record('Add delegated permission grant', [
      principal(GRAPH, 'Microsoft Graph', {
        'DelegatedPermissionGrant.Scope': '" Calendars.Read "',
        'ServicePrincipal.ObjectID': `"${APP}"`,
        'ServicePrincipal.DisplayName': '"Notes Copilot"',
      }),
    ]),
    ['Calendars.Read'],
  ],
])('%s stands under the application that was given it, by its object id', (_what, json, permissions) => {
  expect(authorityRecord(json)).toMatchObject({
    channel: 'entra-audit',
    encoding: 'entra-audit-json',
    tier: 'provider',
    agent: `host:entra/${APP}`,
    agentName: 'Notes Copilot',
  })
  const read = readAuthority(json)
  expect(read?.calls).toEqual([])
  expect(read?.changes.map(({ subject, to, author }) => [subject, to, author])).toEqual(
    permissions.map((permission) => ['permission of a service principal', permission, 'ada@shop.example.test']),
  )
})

test('a principal that is added, and an owner that comes and goes', () => {
  const added = readAuthority(record('Add service principal', [principal(APP, 'Notes Copilot')]))
  expect(added?.changes).toMatchObject([{ subject: 'service principal', to: 'it' }])
  const owner = { id: 'u-2', type: 'User', userPrincipalName: 'bob@shop.example.test', modifiedProperties: [] }
  const target = { id: APP, displayName: 'Notes Copilot', type: 'ServicePrincipal', modifiedProperties: [] }
  expect(readAuthority(record('Add owner to service principal', [owner, target]))).toMatchObject({
    subject: { id: APP },
    changes: [{ subject: 'owner of a service principal', to: 'bob@shop.example.test' }],
  })
  const gone = readAuthority(record('Remove owner from service principal', [owner, target]))
  expect(gone?.changes).toEqual([
    expect.objectContaining({ subject: 'owner of a service principal', from: 'bob@shop.example.test' }),
  ])
  expect(gone?.changes[0]).not.toHaveProperty('to')
})

test('what failed gave nothing; what is done to people stands under who did it', () => {
  expect(readAuthority({ ...CONSENT, result: 'failure' })?.changes).toEqual([])
  const reset = record('Reset user password', [{ id: 'u-3', type: 'User', modifiedProperties: [] }])
  expect(authorityRecord(reset)).toMatchObject({ agentName: 'ada@shop.example.test' })
  expect(readAuthority(reset)).toMatchObject({
    calls: [{ action: 'Reset user password', resources: ['u-3'], decision: 'allowed' }],
    changes: [],
  })
})

test("Azure Monitor's export is the same record, with its tenant; Graph's list is taken apart", () => {
  const { activityDateTime, ...rest } = CONSENT
  const exported = {
    time: activityDateTime,
    tenantId: TENANT,
    category: 'AuditLogs',
    operationName: 'Consent to application',
    properties: rest,
  }
  expect(authorityRecord(exported)).toMatchObject({ agent: `host:entra ${TENANT}/${APP}`, agentName: 'Notes Copilot' })
  expect(readAuthority(exported)?.at).toBe(readAuthority(CONSENT)?.at)
  expect(authorityRecords({ value: [CONSENT] })).toEqual([CONSENT])
  const scanned = scanAuthority({ value: [CONSENT, CONSENT] }, { instance: 'i', credential: 'c' })
  expect(scanned).toMatchObject({ accepted: 2, rejected: 0 })
})

test.each([
  [{ activityDisplayName: 'Consent to application' }],
  [record('Consent to application', [null, 7, {}])],
  [record('Consent to application', [principal(APP, 'x', { 'ConsentAction.Permissions': '{"broken' })])],
  [record('__proto__', [principal(APP, 'x')])],
])('a record that is broken throws nothing: %#', (json) => {
  expect(() => authorityRecord(json)).not.toThrow()
})
