import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const data = join(import.meta.dirname, '../../../shared/data')

/** Figures may grow; what falls below these was lost. */
test.skipIf(!existsSync(join(data, 'stratus')))(
  'authority prints precision and recall by technique and by log (skipped where ../shared/data is absent)',
  () => {
    const output = execFileSync(
      process.execPath,
      ['--conditions=@holdfast/source', join(import.meta.dirname, 'run.ts')],
      { encoding: 'utf8' },
    )
    const rows = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows.filter(({ what }) => what === 'technique')).toHaveLength(35)
    const executed = rows.find(({ what }) => what === 'executed techniques')
    expect(executed).toMatchObject({ techniques: 35, ordinaryCalls: 190, ordinaryCallsNamed: 0 })
    expect(Number(executed?.['recall'])).toBeGreaterThanOrEqual(0.97)
    const samples = rows.at(-1)
    expect(samples).toMatchObject({ what: 'samples', positive: { of: 122 }, nearMiss: { of: 206 }, unread: 0 })
    expect(Number(samples?.['recall'])).toBeGreaterThanOrEqual(0.66)
    expect(Number(samples?.['precision'])).toBeGreaterThanOrEqual(0.82)
  },
)
