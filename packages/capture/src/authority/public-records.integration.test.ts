import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { importRuns } from '../import/import-runs.ts'
import { normalise } from '../normalise.ts'

const DATA = join(import.meta.dirname, '../../../../../shared/data')
const isThere = existsSync(join(DATA, 'stratus'))

/** Imports a file's bytes and counts what its records mean. */
function mapped(name: string, bytes: Uint8Array) {
  const { groups, accepted, rejectedTotal, rejected } = importRuns({ file: name, bytes })
  const events = entriesOfGroups(groups).flatMap((entry) => normalise(entry).events)
  return {
    accepted,
    rejectedTotal,
    rejected,
    calls: events.filter(({ body }) => body.kind === 'api-call'),
    unread: events.filter(({ body }) => body.kind === 'step' && !body.mapped).length,
  }
}

describe.skipIf(!isThere)('public audit records (the data folder beside the repository is absent)', () => {
  test('every CloudTrail record of the executed techniques is read, each with its principal and a time', () => {
    const files = readdirSync(join(DATA, 'stratus')).filter((name) => name.endsWith('.json'))
    const all = files.map((name) => mapped(name, readFileSync(join(DATA, 'stratus', name))))
    const calls = all.flatMap((one) => one.calls)
    expect(all.reduce((sum, one) => sum + one.rejectedTotal, 0)).toBe(0)
    expect(calls.length).toBe(310)
    for (const { body, claimedAt } of calls) {
      if (body.kind !== 'api-call') continue
      expect(body.principal.kind).not.toBe('unknown')
      expect(body.action).toMatch(/^[a-z0-9-]+:[A-Za-z0-9]+$/)
      expect(claimedAt > 0n).toBe(true)
    }
  })

  test.each(['cloudtrail', 'k8s_audit', 'gcp_k8s_audit', 'openai_audit', 'anthropic_compliance'])(
    'records of %s with missing fields are read, and what is refused is counted',
    (name) => {
      const lines = readFileSync(join(DATA, 'panther_tests', `${name}.jsonl`), 'utf8')
        .trim()
        .split('\n')
      const logs = lines.map((line) => JSON.stringify((JSON.parse(line) as { log: unknown }).log))
      const { accepted, rejectedTotal, calls, unread } = mapped('logs.jsonl', new TextEncoder().encode(logs.join('\n')))
      expect(accepted + rejectedTotal).toBe(lines.length)
      expect(unread).toBe(0)
      // At least one call a record that was taken.
      expect(calls.length).toBeGreaterThanOrEqual(accepted)
      expect(accepted / lines.length).toBeGreaterThan(0.95)
    },
  )
})
