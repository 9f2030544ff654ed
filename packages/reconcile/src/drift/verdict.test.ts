import { expect, test } from 'vitest'
import type { DriftSubject, VolumeMeasure } from '@holdfast/model'
import type { ElementKind } from './execution.ts'
import { tableRow } from './verdict.ts'

const of = (
  row: string,
  {
    subject = 'tool',
    broken = [],
    over = [],
  }: {
    readonly subject?: DriftSubject
    readonly broken?: readonly ElementKind[]
    readonly over?: readonly VolumeMeasure[]
  } = {},
) =>
  tableRow({
    deployment: row[0] === '1',
    continuity: row[1] === '1',
    bounds: row[2] === '1',
    subject,
    broken: new Set(broken),
    over: new Set(over),
  })

test('REC-1 1 1 1 is expected evolution and goes into the profile', () => {
  expect(of('111')).toEqual({ verdict: 'expected-evolution', side: 'evolution', severity: 'none', wait: 'none' })
})

test('REC-1 1 1 0 is probable evolution under review, and with a bound of records or egress broken as 1 0 0', () => {
  expect(of('110', { over: ['input-tokens'] })).toEqual({
    verdict: 'probable-evolution',
    side: 'evolution',
    severity: 'low',
    wait: 'review',
  })
  for (const over of ['rows', 'bytes-out'] as const)
    expect(of('110', { over: ['calls', over] })).toMatchObject({
      verdict: 'suspicious-despite-event',
      side: 'risky',
      severity: 'medium',
    })
  expect(of('110', { over: ['rows'], subject: 'data' })).toMatchObject({ side: 'risky', severity: 'high' })
})

test('REC-1 1 0 1 is evolution only where it is limited to tool or model, and otherwise risky, medium', () => {
  for (const subject of ['tool', 'model'] as const)
    expect(of('101', { subject, broken: ['tool', 'order'] })).toMatchObject({
      verdict: 'correlated-broken',
      side: 'evolution',
    })
  for (const broken of ['identity', 'data', 'egress', 'trigger'] as const)
    expect(of('101', { broken: ['tool', broken] })).toMatchObject({ side: 'risky', severity: 'medium' })
  for (const subject of ['identity', 'data', 'egress', 'execution'] as const)
    expect(of('101', { subject, broken: ['tool'] })).toMatchObject({ side: 'risky', severity: 'medium' })
})

test('REC-1 1 0 0 is suspicious despite its event, and high with identity, data or egress broken', () => {
  expect(of('100', { broken: ['tool'], over: ['calls'] })).toEqual({
    verdict: 'suspicious-despite-event',
    side: 'risky',
    severity: 'medium',
    wait: 'none',
  })
  for (const broken of ['identity', 'data', 'egress'] as const)
    expect(of('100', { broken: [broken] })).toMatchObject({ side: 'risky', severity: 'high' })
})

test('REC-1 0 1 1 is unexplained, risky and low, held for a late event; of a model it is medium', () => {
  expect(of('011')).toEqual({ verdict: 'unexplained', side: 'risky', severity: 'low', wait: 'hold' })
  expect(of('011', { subject: 'model' })).toMatchObject({ severity: 'medium', wait: 'hold' })
})

test('REC-1 0 1 0 is suspicious, risky and medium', () => {
  expect(of('010', { over: ['rows'] })).toEqual({
    verdict: 'suspicious',
    side: 'risky',
    severity: 'medium',
    wait: 'none',
  })
})

test('REC-1 0 0 1 is suspicious, risky and medium, and high of an identity', () => {
  expect(of('001', { broken: ['egress'] })).toMatchObject({ verdict: 'suspicious', side: 'risky', severity: 'medium' })
  expect(of('001', { subject: 'identity', broken: ['tool'] })).toMatchObject({ side: 'risky', severity: 'high' })
})

test('REC-1 0 0 0 is drift, risky and high', () => {
  expect(of('000')).toEqual({ verdict: 'drift', side: 'risky', severity: 'high', wait: 'none' })
})
