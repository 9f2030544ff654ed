import { expect, test } from 'vitest'
import { attestationIn, attestationText } from './attestation-text.ts'
import { attestationOf, streamOf, type Attestation, type DayFacts, type HeardStream } from './attestation.ts'
import { ATTESTED_STREAMS, EXPECTED_DAYS } from './limits.ts'

const WORK = [8, 9, 10, 11]
const stream = (name: string, hours: readonly number[] = WORK): HeardStream => ({
  agent: `k8s:-/shop/${name}`,
  name,
  channel: 'otlp',
  entries: 10,
  hours,
})

function day(number: number, heard: readonly HeardStream[], more: Partial<DayFacts> = {}): DayFacts {
  return {
    day: new Date(Date.UTC(2026, 9, number)).toISOString().slice(0, 10),
    isProvisional: false,
    entries: { from: number * 10, to: number * 10 + 10 },
    checkpoint: { size: number * 10 + 10, rootHash: 'r' },
    hoursPast: 24,
    heard,
    gaps: [],
    lateGaps: [],
    away: [],
    ...more,
  }
}

/** Days one after the other, each made with the statements before it. */
function told(...days: readonly DayFacts[]): readonly Attestation[] {
  return days.reduce<readonly Attestation[]>((before, facts) => [...before, attestationOf(facts, before)], [])
}

const statesOf = (statement: Attestation | undefined) => statement?.streams.map(({ name, state }) => `${name} ${state}`)

test('REC-11 a day with one silent stream shows it, first and never whole, with the day it was heard last', () => {
  const [, second] = told(day(1, [stream('desk'), stream('mail')]), day(2, [stream('desk')]))
  expect(statesOf(second)).toEqual(['mail silent', 'desk whole'])
  expect(second?.streams[0]).toMatchObject({ lastHeard: '2026-10-01', entries: 0, hours: '0'.repeat(24) })
})

test('a stream is waited for so many days and no longer, and is whole again once it is back', () => {
  const quiet = Array.from({ length: EXPECTED_DAYS + 1 }, (_, i) => day(2 + i, [stream('desk')]))
  const statements = told(day(1, [stream('desk'), stream('mail')]), ...quiet)
  expect(statesOf(statements[EXPECTED_DAYS])).toContain('mail silent')
  expect(statesOf(statements[EXPECTED_DAYS + 1])).toEqual(['desk whole'])
  const back = told(day(1, [stream('mail')]), day(2, []), day(3, [stream('mail')]))
  expect(statesOf(back[2])).toEqual(['mail whole'])
})

test('an hour that came every day before and does not is marked, and the stream has gaps', () => {
  const before = [1, 2, 3].map((number) => day(number, [stream('desk')]))
  const [, , , fourth] = told(...before, day(4, [stream('desk', [8, 9])]))
  expect(fourth?.streams[0]).toMatchObject({ state: 'gaps', hours: '00000000' + '11!!' + '0'.repeat(12) })
  const today = day(4, [stream('desk', [8, 9])], { isProvisional: true, hoursPast: 10 })
  expect(told(...before, today)[3]?.streams[0]).toMatchObject({ state: 'whole' })
  const [, , third] = told(...before.slice(0, 2), day(3, [stream('desk', [8])]))
  expect(third?.streams[0]).toMatchObject({ state: 'whole' })
})

test('a gap record of its channel and a time without a server leave no stream whole', () => {
  const gap = { entry: 5, channel: 'otlp', reason: 'refused-overload', from: 'f', to: 't' }
  const [lossy] = told(day(1, [stream('desk')], { gaps: [gap] }))
  expect(lossy?.streams[0]).toMatchObject({ state: 'gaps', gaps: [5] })
  const [other] = told(day(1, [stream('desk')], { gaps: [{ ...gap, channel: 'sensor' }] }))
  expect(statesOf(other)).toEqual(['desk whole'])
  const [down] = told(day(1, [stream('desk')], { away: [{ from: 'f', to: 't', reason: 'it was stopped' }] }))
  expect(statesOf(down)).toEqual(['desk gaps'])
})

test('each agent is a stream by itself, an authority is one for all whom it tells of, documents are none', () => {
  expect(streamOf('otlp', 'k8s:-/shop/desk')).toEqual({ agent: 'k8s:-/shop/desk' })
  expect(streamOf('cloudtrail', 'k8s:-/shop/desk')).toEqual({ agent: '' })
  expect(streamOf('declared', 'k8s:-/shop/desk')).toBeUndefined()
  expect(streamOf('control', 'host:-/holdfast')).toBeUndefined()
})

test('more streams than are told one by one are counted, and those that are not whole stand first', () => {
  const many = Array.from({ length: ATTESTED_STREAMS + 5 }, (_, i) => stream(`a${i}`))
  const [, second] = told(day(1, [stream('mail')]), day(2, many))
  expect(second?.streams).toHaveLength(ATTESTED_STREAMS)
  expect(second?.streamsLeftOut).toBe(6)
  expect(second?.streams[0]).toMatchObject({ name: 'mail', state: 'silent' })
})

test('the text that is signed gives the statement back', () => {
  const [statement] = told(day(1, [stream('desk')]))
  if (statement === undefined) throw new TypeError('no statement was made')
  const text = attestationText(statement, { origin: 'log.example', size: 20 })
  expect(text.split('\n').slice(0, 3)).toEqual(['holdfast attestation v1', 'log.example', '20'])
  expect(attestationIn(text)).toEqual(statement)
  expect(attestationIn('something else')).toBeUndefined()
})
