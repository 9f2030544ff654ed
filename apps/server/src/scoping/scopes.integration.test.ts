import { expect, test } from 'vitest'
import { officeAgent, officeGroups, ORDER, withOffice } from './testing/office.ts'

const [TRIAGE, RECORDS, REMEDIATION, REPORT] = (['triage', 'records', 'remediation', 'report'] as const).map(
  officeAgent,
)

test('a scope counts what was read, follows it to three agents, and clears the fourth with what was read', async () => {
  await withOffice(officeGroups(), async ({ scoping, incident }) => {
    const scope = await scoping.scopes.show(incident)
    expect(scope.basis).toBe('entry')
    expect(scope.agents.map(({ id }) => id)).toEqual([RECORDS, REMEDIATION, TRIAGE])
    expect(scope.touched.agents.names).toEqual([RECORDS, REMEDIATION, TRIAGE])
    expect(scope.receivers.map(({ receiver, verdict }) => [receiver, verdict])).toEqual([
      [RECORDS, 'tainted'],
      [REMEDIATION, 'tainted'],
      [REPORT, 'cleared'],
    ])
    const report = scope.receivers.find(({ receiver }) => receiver === REPORT)
    expect(report).toMatchObject({ notExcluded: 'the same order in wholly other words' })
    expect(report?.entries.length).toBeGreaterThan(0)
    expect(scope.handovers.map(({ giver, receiver, payload }) => [giver, receiver, payload])).toEqual(
      expect.arrayContaining([
        [TRIAGE, RECORDS, 'whole'],
        [RECORDS, REMEDIATION, 'whole'],
      ]),
    )
    expect(scope.touched.records).toMatchObject({ known: 400 })
    expect(scope.touched.identities.names).toEqual(
      ['records', 'remediation', 'triage'].map((name) => `system:serviceaccount:ops:${name}-agent`),
    )
    expect(scope.cut).toBe(0)
  })
})

test('a receiver whose clock is a day behind is judged by what it was told all the same', async () => {
  const reportSteps = [
    { kind: 'tool', name: 'mail.read', args: { id: 'MSG-2210' }, result: `It says: ${ORDER}` },
  ] as const
  const groups = officeGroups({ reportSteps, reportBehind: 86_400_000_000_000n })
  await withOffice(groups, async ({ scoping, incident }) => {
    const { receivers } = await scoping.scopes.show(incident)
    expect(receivers.find(({ receiver }) => receiver === REPORT)).toMatchObject({ verdict: 'tainted' })
  })
})

test('a scope that was fixed is the same when it is fixed again, and another one where more is known', async () => {
  const toReport = `Note for the report: ${ORDER}`
  await withOffice(officeGroups({ toReport }), async ({ scoping, incident, recorder, taken }) => {
    const before = await scoping.scopes.show(incident)
    expect(before.frozen).toBeUndefined()
    const frozen = await scoping.scopes.freeze(incident, { reason: 'Analyze is done' }, 'ines')
    expect(frozen.frozen).toMatchObject({ digest: before.digest, by: 'ines', isSame: true, entry: recorder.size - 1 })
    const again = await scoping.scopes.freeze(incident, { reason: 'once more' }, 'ines')
    expect(again.frozen).toEqual(frozen.frozen)
    const read = { name: 'report.note', args: { line: 'Invoice 2210 was looked up.' }, result: '{"noted":27}' }
    await taken(officeGroups({ toReport, reportSteps: [{ kind: 'chat', user: toReport, read }] }).slice(-1))
    expect((await scoping.scopes.show(incident)).frozen).toMatchObject({ digest: before.digest, isSame: false })
  })
})

test('what is on record is in force again after a start', async () => {
  await withOffice(officeGroups(), async ({ scoping, incident, reopened }) => {
    await scoping.scopes.freeze(incident, { reason: 'Analyze is done' }, 'ines')
    const item = { kind: 'document', source: 'kb', id: 'kb/pricing', version: 'v9' } as const
    await scoping.quarantine.decide({ do: 'quarantine', item, reason: 'it carries an order' }, 'ines')
    const audit = await scoping.audits.show(incident)
    const open = audit.channels.rows.filter((row) => row.isOpen)
    expect(open.map(({ channel }) => channel)).toContain('tool:mail.read')
    await scoping.audits.mark(
      incident,
      {
        audit: 'gate',
        items: open.map(({ key }) => key),
        verdict: 'settled',
        reason: 'a filter reads mails now',
        entries: [0],
      },
      'ines',
    )
    const later = reopened()
    expect((await later.scopes.show(incident)).frozen?.isSame).toBe(true)
    expect((await later.audits.show(incident)).channels.open).toBe(0)
    expect(later.quarantine.list().pins).toEqual([{ source: 'kb', id: 'kb/pricing', without: ['v9'] }])
  })
})
