import { expect, test } from 'vitest'
import { summaryOf } from './run.ts'

test('counts of all files add up, and a refused file counts as one rejection', () => {
  const loaded = {
    path: 'a.json',
    read: 5,
    runs: 1,
    accepted: 4,
    duplicates: 1,
    rejected: 1,
    format: 'otlp-json',
    clock: 'imported' as const,
    rejections: [{ where: 'line 3', why: 'no JSON' }],
    agents: ['host:-/b', 'host:-/a'],
  }
  const refused = {
    path: 'b.bin',
    read: 1,
    runs: 0,
    accepted: 0,
    duplicates: 0,
    rejected: 1,
    refused: 'unknown format',
  } as const
  expect(summaryOf([loaded, { ...loaded, agents: ['host:-/a'] }, refused])).toMatchObject({
    read: 11,
    runs: 2,
    accepted: 8,
    duplicates: 2,
    rejected: 3,
    agents: ['host:-/a', 'host:-/b'],
  })
})
