import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { reword } from './reword.ts'

/** Public runs of other projects, which are not part of this repository. */
const DATA = join(import.meta.dirname, '../../../shared/data')
const WORDING = 'It\'s "due":\n  pay C:\\new \u{e0050}, é и 中'

describe.skipIf(!existsSync(DATA))('public runs (skipped where ../shared/data is absent)', () => {
  test('every run to which the injection was delivered takes a wording, in quotes of each kind', () => {
    const files = new Map<string, readonly string[]>()
    const delivered = readFileSync(join(DATA, 'agentdojo_labels.csv'), 'utf8')
      .split('\n')
      .map((row) => row.split(','))
      .filter((columns) => columns[1] === 'agentdojo_invariant' && columns[11] === '1')
    expect(delivered.length).toBe(396)
    const styles = new Set<string>()
    for (const [, , archive = '', member = ''] of delivered) {
      const lines =
        files.get(archive) ??
        gunzipSync(readFileSync(join(DATA, archive)))
          .toString()
          .split('\n')
      files.set(archive, lines)
      const run = lines[Number(member.replace('line ', '')) - 1] ?? ''
      const changed = reword(run, WORDING)
      expect(changed, `${archive} ${member}`).toMatchObject({ places: expect.any(Number), missed: 0 })
      expect(changed.places).toBeGreaterThan(0)
      for (const style of stylesOf(JSON.parse(changed.run))) styles.add(style)
    }
    // Single quotes cannot hold the indented line of this wording; they became double ones.
    expect([...styles].toSorted()).toEqual(['double', 'plain'])
  })
})

/** How each text that has a wrapper writes the wording; `lost` where it is not there as written. */
function stylesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    if (!value.includes('</INFORMATION>')) return []
    if (value.includes(`\n${WORDING}\n`)) return ['plain']
    return value.includes(`\\n${JSON.stringify(WORDING).slice(1, -1)}\\n`) ? ['double'] : ['lost']
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stylesOf) : []
}
