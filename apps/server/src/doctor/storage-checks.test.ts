import { parseRfc3339 } from '@holdfast/model'
import { expect, test } from 'vitest'
import { storageChecks } from './storage-checks.ts'

const roomy = { freeBytes: 900, totalBytes: 1_000, neededBytes: 100 }
const now = parseRfc3339('2026-11-21T00:00:00Z')
const tenDaysAgo = parseRfc3339('2026-11-11T00:00:00Z')

const lasting = (runwayDays: number, rateHours = 24) => ({ runwayDays, rateHours })

function statuses(given: Partial<Parameters<typeof storageChecks>[0]>): readonly string[] {
  if (now === undefined) throw new Error('a time in RFC 3339')
  return storageChecks({ disk: roomy, runway: lasting(800), oldest: tenDaysAgo, now, ...given }).map(
    ({ id, status }) => `${id} ${status}`,
  )
}

test('a disk that lasts for the days that are needed passes', () => {
  expect(statuses({})).toEqual(['disk PASS', 'disk-runway PASS', 'retention PASS'])
})

test('what was kept already counts for how far back one can read', () => {
  expect(statuses({ runway: lasting(20) })).toContain('retention PASS')
  expect(statuses({ runway: lasting(20), oldest: undefined })).toContain('retention WARN')
})

test('a disk that is full in two days fails, and says what to do', () => {
  expect(statuses({ runway: lasting(2) })).toEqual(['disk PASS', 'disk-runway FAIL', 'retention WARN'])
})

test('a rate of the first hours warns of no retention, and fails where the disk is full in days', () => {
  expect(statuses({ runway: lasting(12, 2), oldest: undefined })).toEqual([
    'disk PASS',
    'disk-runway PASS',
    'retention PASS',
  ])
  expect(statuses({ runway: lasting(1, 2) })).toContain('disk-runway FAIL')
})

test('without a rate there is no runway to warn of', () => {
  expect(statuses({ runway: undefined })).toEqual(['disk PASS', 'disk-runway PASS', 'retention PASS'])
})

test('a disk without the room that is needed fails', () => {
  expect(statuses({ disk: { ...roomy, freeBytes: 50 } })).toContain('disk FAIL')
})
