import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, type AuditRow, type PolicyArtifact, type UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { groupOf, scratchFolder } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { PolicyBook } from '../policy/policy-book.ts'
import { policiesInForce } from '../policy/policy-records.ts'
import { deskPolicy, rolloutAfter, watchedBy } from '../policy/testing/desk-policy.ts'
import { EXPORT_SPAN, fourLayers, ticketTrace } from './testing/four-layers.ts'
import { openAudits } from './testing/open-audits.ts'

const START = 1_790_000_000_000_000_000n
const DAY_NS = 86_400_000_000_000n
const TICKET = 'TCK-884100'

test('REC-7: one row has all four layers, and the input is the ticket', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: days().clock })
  await recorder.append(fourLayers({ at: START, ticket: TICKET }))
  using open = openAudits(folder.path, recorder)
  open.fold()
  const row = await rowOf(open.audits)
  expect(row.layers.map(({ layer, state }) => `${layer} ${state}`)).toEqual([
    'prompt complete',
    'tools complete',
    'egress complete',
    'kernel complete',
  ])
  expect(row.coverage).toEqual({ filled: 4, expected: 4, share: 1 })
  expect(row.trigger?.what).toContain(TICKET)
  expect(row.joins.map(({ basis }) => basis)).toContain('socket')
  expect(row.proof.entries.map(({ entry }) => entry)).toEqual(
    row.proof.entries.map(({ entry }) => entry).toSorted((a, b) => a - b),
  )
  const found = await open.audits.find(TICKET)
  expect(found.items.length).toBeGreaterThan(0)
})

test('CAP-10 the row shows 2,400 records, where they went, and the rule that allowed it', async () => {
  using folder = scratchFolder()
  await using recorder = await Recorder.open({ folder: folder.path, clock: days().clock })
  const artifact = listOf(['192.0.2.7:443'])
  for (const deed of watchedBy(artifact))
    await recorder.appendControl({ kind: 'policy', deed, reason: 'test', by: 'ana' })
  using reader = LogReader.open({ folder: folder.path })
  const policies = policiesInForce(() => new PolicyBook({ recorder, reader, clock: days().clock }).state)
  await recorder.append(fourLayers({ at: START, ticket: TICKET }))
  using open = openAudits(folder.path, recorder, 'all', policies)
  open.fold()
  const row = await rowOf(open.audits)
  const egress = row.items.filter(({ part }) => part === 'egress').flatMap(({ events }) => events.map(({ id }) => id))
  const line = artifact.lines.find(({ pointer }) => pointer === row.allowed?.[0]?.pointer)
  expect(row.items.flatMap(({ texts }) => texts.map(({ text }) => text))).toContain('{"records":2400}')
  expect(row.violations).toEqual([])
  expect(row.allowed).toMatchObject([
    { artifact: artifact.id, kind: 'network-policy', mode: 'monitor', profileDigest: artifact.profile.digest },
  ])
  expect(egress).toContain(row.allowed?.[0]?.event)
  expect(line).toMatchObject({ effect: 'allow', because: 'observed', grounds: [{ key: '192.0.2.7:443' }] })
  // Another list in force, which does not name it: then it is no longer allowed, but a violation.
  const other = policiesInForce(() => rolloutAfter(watchedBy(listOf(['198.51.100.7:443'])), { from: 0 }))
  using judged = openAudits(folder.path, recorder, 'all', other)
  judged.fold()
  const broken = await rowOf(judged.audits)
  expect(broken.allowed).toBeUndefined()
  expect(broken.violations).toMatchObject([{ kind: 'network-policy' }])
})

test('REC-8: after 90 simulated days, a cold restore and projections made anew the row has the same bytes', async () => {
  using folder = scratchFolder()
  const { clock, pass } = days()
  const bytes = await (async () => {
    await using recorder = await Recorder.open({ folder: folder.path, clock })
    await recorder.append(fourLayers({ at: START, ticket: TICKET }))
    using open = openAudits(folder.path, recorder)
    open.fold()
    return canonicalJson(await rowOf(open.audits))
  })()
  {
    await using recorder = await Recorder.open({ folder: folder.path, clock })
    for (let day = 0; day < 90; day++) {
      pass(1)
      await recorder.append([groupOf([`a record of day ${day}`, `another of day ${day}`], { service: 'other' })])
      await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: `day ${day}` })
    }
    const before = (START + 60n * DAY_NS) as UnixNano // any 64 bits are
    const cooled = await recorder.cold.cool({ before, by: 'admin', reason: 'older than 30 days' })
    expect(cooled.entries).toBeGreaterThan(100)
    // Nothing of the row is in the database any more, nor in a projection.
    rmSync(join(folder.path, 'views'), { recursive: true })
    using open = openAudits(folder.path, recorder)
    open.fold()
    expect(canonicalJson(await rowOf(open.audits))).toBe(bytes)
    const restored = await recorder.cold.restore({ by: 'admin', reason: 'asked for' })
    expect(restored.entries).toBe(cooled.entries)
  }
  await using recorder = await Recorder.open({ folder: folder.path, clock })
  using open = openAudits(folder.path, recorder)
  open.fold()
  expect(canonicalJson(await rowOf(open.audits))).toBe(bytes)
})

async function rowOf(audits: ReturnType<typeof openAudits>['audits']): Promise<AuditRow> {
  const hit = (await audits.find(EXPORT_SPAN)).items.find(({ id }) => id.startsWith(ticketTrace(TICKET)))
  if (hit === undefined) throw new Error('the span of the export has no row')
  return await audits.row(hit.row)
}

/** A clock that somebody turns on by days. */
function days(): { readonly clock: () => UnixNano; readonly pass: (count: number) => void } {
  let now = START + DAY_NS / 2n
  return {
    clock: () => {
      now += 1_000n
      return now as UnixNano // any 64 bits are
    },
    pass: (count) => {
      now += BigInt(count) * DAY_NS
    },
  }
}

/** The network policy of the desk, out of what its profile saw. */
function listOf(reached: readonly string[]): PolicyArtifact {
  return deskPolicy({ kind: 'network-policy', id: 'k8s:prod/shop/desk', place: { namespace: 'shop' }, reached })
}
