import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyAttestation } from '@holdfast/cli/verify'
import { agentIdOf, parseUnixNano, type EntryGroup, type UnixNano } from '@holdfast/model'
import { LogReader, openDocument, Recorder } from '@holdfast/recorder'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Attestations } from './attestations.ts'
import { GapLedger } from './gap-ledger.ts'
import { DAYS_MADE_UP } from './limits.ts'

let folder = ''
let now: UnixNano
let recorder: Recorder
let reader: LogReader
let attestations: Attestations

const at = (text: string): UnixNano => {
  const time = parseUnixNano(BigInt(Date.parse(text)) * 1_000_000n)
  if (time === undefined) throw new RangeError(`${text} is no time`)
  return time
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-attestations-'))
  now = at('2026-10-01T08:00:00Z')
  await open()
})
afterEach(async () => {
  await close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(): Promise<void> {
  recorder = await Recorder.open({ folder, clock: () => now, origin: 'log.example' })
  reader = LogReader.open({ folder })
  attestations = new Attestations({ recorder, reader, gaps: new GapLedger(reader), clock: () => now })
}

async function close(): Promise<void> {
  reader[Symbol.dispose]()
  await recorder[Symbol.asyncDispose]()
}

const hear = async (time: string, ...names: readonly string[]): Promise<void> => {
  now = at(time)
  for (const name of names) await recorder.append([recordOf(name, time)])
}

/** One record of an agent of that name. */
function recordOf(name: string, time: string): EntryGroup {
  const bytes = Buffer.from(JSON.stringify({ name, time }))
  return {
    envelope: {
      channel: 'otlp',
      instance: 'http:4318',
      credential: 'loopback',
      tier: 'self-reported',
      encoding: 'otlp-span-json',
      clock: 'live',
      agent: agentIdOf({ kind: 'k8s', namespace: 'shop', workload: name }),
      agentName: name,
      resource: new Uint8Array(0),
      scope: new Uint8Array(0),
      schemaUrl: '',
    },
    bytes,
    starts: Uint32Array.of(0),
    ends: Uint32Array.of(bytes.length),
    terms: [],
    masks: new Map(),
    claimedFrom: at(time),
    claimedTo: at(time),
  }
}

test('REC-11 a day with one silent stream shows the gap, signed and dated, and verifies without a server', async () => {
  await hear('2026-10-01T09:00:00Z', 'desk', 'mail')
  await hear('2026-10-02T09:00:00Z', 'desk')
  now = at('2026-10-03T00:30:00Z')
  expect(await attestations.look()).toBe(2)
  const { items, missing } = attestations.list()
  expect(items.map(({ day, streams, withGaps }) => [day, streams, withGaps])).toEqual([
    ['2026-10-01', 2, 0],
    ['2026-10-02', 2, 1],
  ])
  expect(missing).toEqual([])
  const shown = await attestations.show('2026-10-02')
  expect(shown?.attestation.streams).toMatchObject([
    { name: 'mail', state: 'silent', lastHeard: '2026-10-01' },
    { name: 'desk', state: 'whole', hours: `${'0'.repeat(9)}1${'0'.repeat(14)}` },
  ])
  const note = shown?.note ?? ''
  expect(openDocument(note, recorder.publicKey())).toContain('2026-10-02')
  expect(verifyAttestation(note, recorder.publicKey())).toMatchObject({
    ok: true,
    day: '2026-10-02',
    whole: 1,
    silent: 1,
  })
  const forged = note.replace('"silent"', '"whole"')
  expect(verifyAttestation(forged, recorder.publicKey())).toMatchObject({
    ok: false,
    problem: 'it has a signature that does not hold',
  })
})

test('a day is signed once, also by a server that was started anew, and says when none ran', async () => {
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  await hear('2026-10-01T09:00:00Z', 'desk')
  now = at('2026-10-01T20:00:00Z')
  await recorder.appendControl({ kind: 'server', action: 'stopped', version: '1', detail: '' })
  await close()
  now = at('2026-10-03T06:00:00Z')
  await open()
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  expect(await attestations.look()).toBe(2)
  expect(await attestations.look()).toBe(0)
  const [first, second] = [await attestations.show('2026-10-01'), await attestations.show('2026-10-02')]
  expect(first?.attestation.away).toEqual([
    { from: '2026-10-01T20:00:00Z', to: '2026-10-02T00:00:00Z', reason: 'it was stopped' },
  ])
  expect(first?.attestation.streams).toMatchObject([{ name: 'desk', state: 'gaps' }])
  expect(second?.attestation.away).toEqual([
    { from: '2026-10-02T00:00:00Z', to: '2026-10-03T00:00:00Z', reason: 'it was stopped' },
  ])
  expect(second?.attestation.streams).toMatchObject([{ name: 'desk', state: 'silent' }])
  expect((await attestations.show('2026-10-03'))?.attestation.isProvisional).toBe(true)
})

test('a server that ended without a word was away since its last record', async () => {
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  await hear('2026-10-01T09:00:00Z', 'desk')
  now = at('2026-10-01T15:00:00Z')
  await recorder.appendControl({ kind: 'server', action: 'recovered', version: '1', detail: '' })
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: '' })
  now = at('2026-10-02T06:00:00Z')
  await attestations.look()
  expect((await attestations.show('2026-10-01'))?.attestation.away).toEqual([
    { from: '2026-10-01T09:00:00Z', to: '2026-10-01T15:00:00Z', reason: 'it ended without a word' },
  ])
})

test('a gap stands in its day, and one that becomes known later in the day that learned of it', async () => {
  await hear('2026-10-01T09:00:00Z', 'desk')
  const gap = { kind: 'gap', sender: 's', channel: 'otlp', requests: 1, detail: '' } as const
  const lost = { ...gap, reason: 'refused-overload', from: '2026-10-01T09:10:00Z', to: '2026-10-01T09:11:00Z' } as const
  const { from: entry } = await recorder.appendControl(lost)
  await hear('2026-10-02T09:00:00Z', 'desk')
  const { from: late } = await recorder.appendControl({
    ...lost,
    from: '2026-10-01T10:00:00Z',
    to: '2026-10-01T10:05:00Z',
  })
  now = at('2026-10-03T00:30:00Z')
  await attestations.look()
  const [first, second] = [await attestations.show('2026-10-01'), await attestations.show('2026-10-02')]
  expect(first?.attestation.gaps.map((one) => one.entry)).toEqual([entry, late])
  expect(first?.attestation.streams[0]).toMatchObject({ state: 'gaps', gaps: [entry, late] })
  expect(second?.attestation.lateGaps.map((one) => one.entry)).toEqual([late])
  expect(second?.attestation.streams[0]).toMatchObject({ state: 'whole' })
})

test('after a long absence the newest days are made up for, and a list names those that have no statement', async () => {
  await hear('2026-10-01T09:00:00Z', 'desk')
  now = at('2026-10-02T06:00:00Z')
  expect(await attestations.look()).toBe(1)
  now = at('2026-11-20T06:00:00Z')
  expect(await attestations.look()).toBe(DAYS_MADE_UP)
  const { items, missing } = attestations.list()
  expect(items).toHaveLength(1 + DAYS_MADE_UP)
  expect(missing[0]).toBe('2026-10-02')
  expect(missing.at(-1)).toBe('2026-10-19')
})
