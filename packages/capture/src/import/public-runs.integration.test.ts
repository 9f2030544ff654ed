import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { normalise } from '../normalise.ts'
import { importRuns } from './import-runs.ts'

/** Public runs of other projects, which are not part of this repository. */
const DATA = join(import.meta.dirname, '../../../../../shared/data')

describe.skipIf(!existsSync(DATA))('public runs (skipped where ../shared/data is absent)', () => {
  test.each([
    ['agentdojo_invariant', { runs: 1120, toolCalls: 2890 }],
    ['agentdyn', { runs: 1685, toolCalls: 9966 }],
    ['drift', { runs: 960, toolCalls: 3029 }],
    ['agent_sentinel', { runs: 537, toolCalls: 2773 }],
    ['tau_bench', { runs: 100, toolCalls: 621 }],
    ['swe_agent', { runs: 13, toolCalls: 127 }],
  ])('%s has as many runs and tool calls as are stated for it', { timeout: 60_000 }, (folder, stated) => {
    let runs = 0
    let toolCalls = 0
    for (const file of readdirSync(join(DATA, folder)).filter((name) => name !== 'LICENSE')) {
      const imported = importRuns({ file, bytes: readFileSync(join(DATA, folder, file)) })
      runs += imported.read
      const events = entriesOfGroups(imported.groups).flatMap((entry) => normalise(entry).events)
      toolCalls += events.filter((event) => event.body.kind === 'tool-call').length
    }
    expect({ runs, toolCalls }).toEqual(stated)
  })
})
