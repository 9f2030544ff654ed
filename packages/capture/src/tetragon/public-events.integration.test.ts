import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { importRuns } from '../import/import-runs.ts'
import { normalise } from '../normalise.ts'

/** Public events of Tetragon, which are not part of this repository. */
const DATA = join(import.meta.dirname, '../../../../../shared/data/tetragon')

describe.skipIf(!existsSync(DATA))(
  'public events of Tetragon (skipped where ../shared/data/tetragon is absent)',
  () => {
    test('every file is read, and every event is mapped and names its process', () => {
      const counts = new Map<string, number>()
      for (const file of globSync('**/*.json*', { cwd: DATA })) {
        const read = importRuns({ file, bytes: readFileSync(join(DATA, file)) })
        expect({ file, rejected: read.rejected }).toEqual({ file, rejected: [] })
        expect(read.accepted).toBeGreaterThan(0)
        for (const entry of entriesOfGroups(read.groups)) {
          const { events, unmapped } = normalise(entry)
          expect({ file, unmapped }).toEqual({ file, unmapped: [] })
          for (const { body, context } of events) {
            expect(context.process).toBeDefined()
            const kind = 'action' in body ? `${body.kind} ${body.action}` : body.kind
            counts.set(kind, (counts.get(kind) ?? 0) + 1)
          }
        }
      }
      expect(Object.fromEntries(counts)).toEqual({
        'connection bind': 2,
        'connection close': 4,
        'connection connect': 5,
        'file read': 1,
        'file write': 2,
        'kernel capability': 1,
        'kernel module': 6,
        'kernel other': 1,
        'kernel set-id': 3,
        'kernel setns': 1,
        'process exec': 25,
        'process exit': 10,
      })
    })
  },
)
