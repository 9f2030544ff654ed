import { exportCacao, importCacao, type Matrix, runbookText } from '@holdfast/respond'
import type { Handlers } from '../http/handlers.ts'

/** Who publishes our playbooks. The same everywhere, and of no meaning but that. */
const PUBLISHER = 'identity--6d0a0b0e-5a3e-4f0d-9d0f-2f6d1c7f4b11'
/** A runbook has no time of its own: the export of one version is the same bytes whenever it is made. */
const PUBLISHED = '2026-11-21T00:00:00.000Z'

/** Runbooks out as CACAO 2.0, and back as drafts. */
export function runbookHandlers({
  matrix,
}: {
  readonly matrix: Matrix
}): Pick<Handlers, 'exportRunbook' | 'importRunbook'> {
  return {
    exportRunbook: async ({ params }) => ({
      playbooks: [
        ...exportCacao(matrix[params.type], { createdBy: PUBLISHER, created: PUBLISHED, modified: PUBLISHED }),
      ],
    }),
    importRunbook: async ({ body }) => {
      const read = importCacao(body.playbooks)
      switch (read.status) {
        case 'refused':
          return { status: read.status, steps: [], problems: [...read.problems] }
        case 'steps-draft':
          return { status: read.status, name: read.name, steps: read.steps.map((step) => ({ ...step })), problems: [] }
        case 'runbook-draft':
          return {
            status: read.status,
            name: read.runbook.name,
            runbook: runbookText(read.runbook),
            steps: [],
            problems: [],
          }
      }
    },
  }
}
