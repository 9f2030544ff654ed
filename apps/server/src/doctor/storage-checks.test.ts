import { parseRfc3339 } from '@holdfast/model'
import { expect, test } from 'vitest'
import { storageChecks } from './storage-checks.ts'

const roomy = { freeBytes: 900, totalBytes: 1_000, neededBytes: 100 }
const now = parseRfc3339('2026-11-21T00:00:00Z')
const tenDaysAgo = parseRfc3339('2026-11-11T00:00:00Z')

function statuses(given: Partial<Parameters<typeof storageChecks>[0]>): readonly string[] {
  if (now === undefined) throw new Error('a time in RFC 3339')
  return storageChecks({ disk: roomy, bytesPerDay: 1, oldest: tenDaysAgo, now, ...given }).map(
    ({ id, status }) => `${id} ${status}`,
  )
}

test('a disk that lasts for the days that are needed passes', () => {
  expect(statuses({})).toEqual(['disk PASS', 'disk-runway PASS', 'retention PASS'])
})

test('what was kept already counts for how far back one can read', () => {
  expect(statuses({ bytesPerDay: 40 })).toContain('retention PASS')
  expect(statuses({ bytesPerDay: 40, oldest: undefined })).toContain('retention WARN')
})

test('a disk that is full in two days fails, and says what to do', () => {
  expect(statuses({ bytesPerDay: 400 })).toEqual(['disk PASS', 'disk-runway FAIL', 'retention WARN'])
})

test('without a rate there is no runway to warn of', () => {
  expect(statuses({ bytesPerDay: undefined })).toEqual(['disk PASS', 'disk-runway PASS', 'retention PASS'])
})

test('a disk without the room that is needed fails', () => {
  expect(statuses({ disk: { ...roomy, freeBytes: 50 } })).toContain('disk FAIL')
})
