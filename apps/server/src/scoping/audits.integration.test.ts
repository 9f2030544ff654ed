import { expect, test } from 'vitest'
import { officeAgent, officeGroups, ORDER, withOffice } from './testing/office.ts'

const TRIAGE = officeAgent('triage')

/** A document that carries the order, and two beside it; a guard that looked at what the user said. */
const documents = [
  { id: 'kb/claims', content: 'Claims are filed by the form on page two.', uri: 'kb://claims', version: 'v3' },
  { id: 'kb/letters', content: 'Letters go out on Mondays.', uri: 'kb://letters', version: 'v1' },
]
const retrieval = {
  kind: 'more',
  name: 'retrieval kb',
  values: {
    'gen_ai.operation.name': 'retrieval',
    'gen_ai.data_source.id': 'kb',
    'holdfast.retrieval.documents': JSON.stringify(documents),
  },
} as const
const guard = {
  kind: 'more',
  name: 'apply_guardrail input-guard',
  values: {
    'gen_ai.operation.name': 'apply_guardrail',
    'gen_ai.guardrail.name': 'input-guard',
    'gen_ai.guardrail.verdict': 'allow',
  },
} as const

test('every way into the contexts is listed with what its gates said, and the one that brought it stays open', async () => {
  await withOffice(officeGroups({ triageSteps: [guard, retrieval] }), async ({ scoping, incident }) => {
    const { channels } = await scoping.audits.show(incident)
    const own = channels.rows.filter(({ agent }) => agent === TRIAGE)
    expect(own.map(({ channel }) => channel)).toEqual(
      expect.arrayContaining(['tool:mail.read', 'document:kb', 'user', 'system']),
    )
    expect(own.find(({ channel }) => channel === 'tool:mail.read')).toMatchObject({
      broughtTaint: true,
      isOpen: true,
      gates: [{ name: 'Holdfast, afterwards', hasResult: true }],
    })
    expect(own.find(({ channel }) => channel === 'user')?.gates).toMatchObject([
      { name: 'Holdfast, afterwards' },
      { name: 'input-guard', results: [{ verdict: 'allow', count: 1 }] },
    ])
    expect(channels.open).toBeGreaterThan(0)
  })
})

test('a row is marked with a name and a reason, and only a row that is there', async () => {
  await withOffice(officeGroups(), async ({ scoping, incident, recorder }) => {
    const mark = (items: readonly string[], entries: readonly number[] = []) =>
      scoping.audits.mark(
        incident,
        {
          audit: 'gate',
          items: [...items],
          verdict: 'settled',
          reason: 'a filter reads mails now',
          entries: [...entries],
        },
        'ines',
      )
    await expect(mark(['nobody tool:none'])).rejects.toThrow('audit "gate" has no row "nobody tool:none"')
    const key = `${TRIAGE} tool:mail.read`
    await expect(mark([key], [10_000])).rejects.toThrow('there is no log entry 10000')
    const before = (await scoping.audits.show(incident)).channels.open
    const { channels } = await mark([key], [1])
    expect(channels.open).toBe(before - 1)
    expect(channels.rows.find((row) => row.key === key)?.mark).toMatchObject({
      verdict: 'settled',
      by: 'ines',
      entry: recorder.size - 1,
    })
  })
})

test('what was recorded under the name of a part is found where others come before it now', async () => {
  await withOffice(officeGroups(), async ({ ask, reopened, incident, recorder }) => {
    const [part] = ask<{ readonly alsoKnownAs: readonly string[] }>('getIncident', { incident }).alsoKnownAs
    if (part === undefined) throw new Error('no part of it has a name of its own')
    const by = { incident: part, by: 'ines' }
    const key = `${TRIAGE} tool:mail.read`
    const mark = {
      audit: 'gate',
      items: [key],
      verdict: 'settled',
      reason: 'a filter reads mails',
      entries: [],
    } as const
    await recorder.appendControl({ kind: 'audit-mark', ...by, ...mark })
    const scan = { image: 'desk:1', digest: '0'.repeat(64), scanner: 'trivy', findings: 2, worst: [] }
    await recorder.appendControl({ kind: 'image-scan', ...by, ...scan })
    const scope = { digest: '1'.repeat(64), from: '1', until: '2', size: 3, agents: 4, nodes: 5, reason: 'looked at' }
    await recorder.appendControl({ kind: 'scope-frozen', ...by, ...scope })
    const { audits, scopes } = reopened()
    const shown = await audits.show(incident)
    expect(shown.channels.rows.find((row) => row.key === key)).toMatchObject({ isOpen: false, mark: { by: 'ines' } })
    expect(shown.scans).toMatchObject([{ image: 'desk:1', findings: 2 }])
    expect(await scopes.show(incident)).toMatchObject({ incident, frozen: { by: 'ines', isSame: false } })
  })
})

test('what carried the order has its siblings beside it, each open until it is kept out or looked at', async () => {
  const carrier = {
    ...retrieval,
    values: {
      ...retrieval.values,
      'holdfast.retrieval.documents': JSON.stringify([
        { id: 'kb/claims', content: `Claims are filed by the form. ${ORDER}`, uri: 'kb://claims', version: 'v9' },
        ...documents.slice(1),
      ]),
    },
  }
  await withOffice(officeGroups({ triageSteps: [carrier] }), async ({ scoping, incident }) => {
    const { audits, quarantine } = scoping
    const { siblings } = await audits.show(incident)
    expect(
      siblings.rows.map(({ id, isTainted, isOpen, executionsTotal }) => [id, isTainted, isOpen, executionsTotal]),
    ).toEqual([
      ['kb/claims', true, true, 1],
      ['kb/letters', false, true, 1],
    ])
    const item = { kind: 'document', source: 'kb', id: 'kb/claims', version: 'v9' } as const
    await quarantine.decide(
      { do: 'quarantine', item: { ...item, version: 'v3' }, incident, reason: 'the one before' },
      'ines',
    )
    expect((await audits.show(incident)).siblings.rows[0]).toMatchObject({ version: 'v9', isOpen: true })
    const listed = await quarantine.decide({ do: 'quarantine', item, incident, reason: 'it carries an order' }, 'ines')
    expect(listed.items[1]?.copies).toEqual(siblings.rows[0]?.copies)
    expect(listed.items[1]?.copies.length).toBeGreaterThan(0)
    const read = {
      audit: 'sibling',
      items: ['document kb kb/letters@v1'],
      verdict: 'clear',
      reason: 'read it',
    } as const
    const after = await audits.mark(incident, { ...read, items: [...read.items], entries: [] }, 'ines')
    expect(after.siblings.open).toBe(0)
    await quarantine.decide({ do: 'release', item, reason: 'a mistake' }, 'ines')
    expect((await audits.show(incident)).siblings.open).toBe(1)
  })
})

test('an item goes into quarantine once, with the log sealed before, and comes out once', async () => {
  await withOffice(officeGroups({ triageSteps: [retrieval] }), async ({ scoping, recorder }) => {
    const item = { kind: 'document', source: 'kb', id: 'kb/claims', version: 'v3' } as const
    const { quarantine } = scoping
    const empty = quarantine.list()
    const sizeBefore = recorder.size
    const listed = await quarantine.decide({ do: 'quarantine', item, reason: 'it carries an order' }, 'ines')
    expect(recorder.checkpoint().size).toBeGreaterThanOrEqual(sizeBefore)
    expect(listed.items).toMatchObject([{ item, by: 'ines', reason: 'it carries an order' }])
    expect(listed.digest).not.toBe(empty.digest)
    await expect(quarantine.decide({ do: 'quarantine', item, reason: 'again' }, 'ines')).rejects.toThrow('already')
    const released = await quarantine.decide({ do: 'release', item, reason: 'it was mended' }, 'ines')
    expect(released).toEqual({ items: [], pins: [], digest: empty.digest })
    await expect(quarantine.decide({ do: 'release', item, reason: 'again' }, 'ines')).rejects.toThrow('not in')
  })
})

test('a scan of an image is what its scanner says, and anything else is none', async () => {
  await withOffice(officeGroups(), async ({ scoping, incident }) => {
    const trivy = {
      SchemaVersion: 2,
      Results: [
        { Target: 'app', Vulnerabilities: [{ VulnerabilityID: 'CVE-2026-1', Severity: 'HIGH', PkgName: 'zlib' }] },
      ],
    }
    const attached = await scoping.audits.attach(incident, { image: 'office:1.3', document: trivy, by: 'ines' })
    expect(attached.scans).toMatchObject([
      { scanner: 'trivy', findings: 1, worst: ['CVE-2026-1 high zlib'], by: 'ines' },
    ])
    const clean = { matches: [] }
    const again = await scoping.audits.attach(incident, { image: 'office:1.4', document: clean, by: 'ines' })
    expect(again.scans.at(-1)).toMatchObject({ scanner: 'grype', findings: 0 })
    await expect(scoping.audits.attach(incident, { image: 'x', document: { ok: true }, by: 'ines' })).rejects.toThrow(
      'no scan that can be read',
    )
  })
})

test('a receiver that was looked at is open again once more has reached it', async () => {
  const uncaptured = { kind: 'more', name: 'delegate', values: { 'holdfast.delegation.to': 'report-agent' } } as const
  const change = { triageSteps: [uncaptured] }
  await withOffice(officeGroups(change), async ({ scoping, incident, taken }) => {
    const key = officeAgent('report')
    const marked = await scoping.audits.mark(
      incident,
      { audit: 'receiver', items: [key], verdict: 'clear', reason: 'asked its owner', entries: [] },
      'ines',
    )
    expect(marked.receivers.rows.find((row) => row.key === key)).toMatchObject({ isOpen: false })
    const read = { name: 'report.note', args: { line: 'two' }, result: '{"noted":28}' }
    const reportSteps = [{ kind: 'chat', user: 'And one line more.', read }] as const
    await taken(officeGroups({ ...change, reportSteps }).slice(-1))
    expect((await scoping.audits.show(incident)).receivers.rows.find((row) => row.key === key)).toMatchObject({
      isOpen: true,
    })
  })
})
