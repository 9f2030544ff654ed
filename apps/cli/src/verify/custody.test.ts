import { join } from 'node:path'
import { canonicalJson, type UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { scratchFolder } from '@holdfast/recorder/testing'
import { expect, test } from 'vitest'
import { verifyBundle } from './bundle.ts'
import { checkCustody, type CustodyEntry } from './custody.ts'
import { Report } from './report.ts'
import { checkSealSections } from './seal-sections.ts'

const reveal = (by: string) =>
  ({
    kind: 'operator-action',
    action: 'reveal-content',
    actionId: by,
    by,
    target: 'inc-1',
    detail: '',
    outcome: 'intended',
  }) as const

/** A log with two seals of an incident and a bundle of it; `change` says what its custody log and seals are instead. */
async function bundled(
  folder: string,
  change: { readonly custody?: (lines: readonly object[]) => unknown; readonly entries?: readonly number[] } = {},
) {
  let now = 1_000n
  const clock = () => (now += 1_000n) as UnixNano
  await using recorder = await Recorder.open({
    folder,
    clock,
    limits: { checkpointMs: 0 },
    origin: 'log.example/custody',
  })
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  const first = await recorder.signCheckpoint()
  await recorder.appendControl(reveal('ann'))
  const second = await recorder.signCheckpoint()
  await recorder.appendControl(reveal('bob'))
  const out = join(folder, 'bundle.zip')
  const seal = ({ size, rootHash }: typeof first) => ({ size, rootHash, at: '2026-11-21T01:00:00Z', completeness: 1 })
  using reader = LogReader.open({ folder })
  const custody = [reveal('ann'), reveal('bob')].map((record, i) => ({
    entry: i + 1,
    recordedAt: String(reader.entry(i + 1)?.recordedAt),
    record,
  }))
  await recorder.exportBundle({
    entries: change.entries ?? [0, 1, 2],
    about: { incident: 'inc-1' },
    files: new Map([['custody.json', `${canonicalJson((change.custody ?? ((same) => same))(custody))}\n`]]),
    seals: [seal(first), seal(second)],
    out,
  })
  return verifyBundle(out)
}

test('a custody log whose lines are entries of the bundle holds, and each seal is proven to be of its log', async () => {
  using folder = scratchFolder()
  const { ok, problems, facts } = await bundled(folder.path)
  expect(problems).toEqual([])
  expect({ ok, custody: facts.custody, seals: facts.seals }).toEqual({ ok: true, custody: 2, seals: 2 })
})

test('a line that was reworded, moved, invented or taken out of the bundle is named, though its file is signed', async () => {
  const wrong = async (
    custody: (lines: readonly { readonly record: object }[]) => unknown,
    entries?: readonly number[],
  ) => {
    using folder = scratchFolder()
    const change = {
      custody: custody as (lines: readonly object[]) => unknown,
      ...(entries === undefined ? {} : { entries }),
    }
    return (await bundled(folder.path, change)).problems.map(({ what }) => what).join('; ')
  }
  expect(await wrong((lines) => lines.map((line) => ({ ...line, record: { ...line.record, by: 'eve' } })))).toContain(
    'does not say what entry 1 says',
  )
  expect(await wrong((lines) => lines.toReversed())).toContain('out of order')
  expect(await wrong((lines) => lines.map((line) => ({ ...line, entry: 9 })))).toContain('names no entry of the bundle')
  expect(await wrong((lines) => lines.map((line) => ({ ...line, recordedAt: '1' })))).toContain('another time')
  expect(await wrong((lines) => lines, [0, 1])).toContain('names no entry of the bundle')
})

test('what came by another channel than the product’s own is no line of custody', () => {
  const report = new Report()
  const record = reveal('eve')
  const forged: CustodyEntry = { recordedAt: 5n, channel: 'otlp', body: canonicalJson(record) }
  checkCustody([{ entry: 3, recordedAt: '5', record }], () => forged, report)
  expect(report.verdict({}).problems).toMatchObject([{ what: expect.stringContaining('did not write itself') }])
})

test('a seal of another log, an entry under the wrong seal and one that is left out are named', () => {
  const root = Buffer.alloc(32, 1)
  const head = { origin: 'log', size: 4, root }
  const part = (entries: readonly number[], kind: string, size = 4, rootHash = root.toString('hex')) => ({
    entries,
    seal: { kind, size, rootHash },
    consistency: [],
  })
  const wrong = (sections: unknown): string => {
    const report = new Report()
    checkSealSections(sections, { head, indices: new Set([0, 3]) }, report)
    return report
      .verdict({})
      .problems.map(({ what }) => what)
      .join('; ')
  }
  expect(wrong([part([], 'sealed', 4), part([0, 3], 'export')])).toContain('not its own')
  expect(wrong([part([0, 3], 'export', 4, 'ab'.repeat(32))])).toContain('does not begin with the one that was sealed')
  expect(wrong([part([0], 'export')])).toContain('places 1 of 2')
  expect(wrong([part([0, 3], 'sealed')])).toContain('no seal that can be read')
  expect(wrong({})).toContain('no list')
  expect(wrong([part([0, 3], 'export')])).toBe('')
})
