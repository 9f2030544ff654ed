import type { ResponseScope } from '@holdfast/respond'
import { expect, test } from 'vitest'
import { ORDER, officeAgent, officeGroups, withOffice } from './testing/office.ts'

const [TRIAGE, RECORDS, REMEDIATION, REPORT] = (['triage', 'records', 'remediation', 'report'] as const).map(
  officeAgent,
)

test('a scope holds the three agents and both edges of an order that was handed on, and the fourth is cleared', async () => {
  await withOffice(officeGroups(), ({ ask, incident }) => {
    const scope = ask<ResponseScope>('getResponseScope', { incident })
    expect(scope.agents.map(({ id }) => id)).toEqual([RECORDS, REMEDIATION, TRIAGE])
    expect(scope.agents[0]).toMatchObject({
      name: 'records-agent',
      cluster: 'north',
      namespace: 'ops',
      workload: 'records-agent',
      pods: ['records-agent-1'],
      nodes: ['node-7'],
      images: ['registry.example.test/office:1.2'],
    })
    expect(scope.edges).toEqual([
      { from: RECORDS, to: REMEDIATION, verdict: 'tainted' },
      { from: TRIAGE, to: RECORDS, verdict: 'tainted' },
      { from: TRIAGE, to: REPORT, verdict: 'cleared' },
    ])
    expect(scope.items.filter(({ isTainted }) => isTainted)).toContainEqual(
      expect.objectContaining({ kind: 'message', source: 'tool:mail.read', id: '{"id":"MSG-2210"}', agent: TRIAGE }),
    )
    expect(scope.channels).toContainEqual({ agent: TRIAGE, channel: 'tool:mail.read', broughtTaint: true })
    expect(scope.channels).toContainEqual({ agent: RECORDS, channel: `delegation:${TRIAGE}`, broughtTaint: true })
    expect(scope.tools.find(({ tool }) => tool === 'mail.send')).toMatchObject({ agent: REMEDIATION, isMisused: true })
    expect(scope.principals.map(({ name, agent }) => [agent, name])).toContainEqual([
      TRIAGE,
      'system:serviceaccount:ops:triage-agent',
    ])
  })
})

test('the fourth is in the scope where the order reached it too', async () => {
  await withOffice(officeGroups({ toReport: `Note for the report: ${ORDER}` }), ({ ask, incident }) => {
    const scope = ask<ResponseScope>('getResponseScope', { incident })
    expect(scope.agents.map(({ id }) => id)).toContain(REPORT)
    expect(scope.edges).toContainEqual({ from: TRIAGE, to: REPORT, verdict: 'tainted' })
  })
})

test('one who was given something that nobody captured is neither cleared nor left out', async () => {
  const uncaptured = officeGroups({
    triageSteps: [{ kind: 'more', name: 'delegate', values: { 'holdfast.delegation.to': 'report-agent' } }],
  })
  await withOffice(uncaptured, ({ ask, incident }) => {
    const scope = ask<ResponseScope>('getResponseScope', { incident })
    expect(scope.edges).toContainEqual({ from: TRIAGE, to: REPORT, verdict: 'undecided' })
    expect(scope.agents.map(({ id }) => id)).toContain(REPORT)
  })
})
