import { stringify } from 'yaml'

import type { Runbook } from './runbook.ts'

/** A runbook as the YAML that `parseRunbook` reads. Texts of a draft are those of whoever wrote it: untrusted. */
export function runbookText(runbook: Runbook): string {
  return stringify(runbook, { lineWidth: 0 })
}
