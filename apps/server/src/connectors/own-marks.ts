import { createHmac, hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnMarks } from '@holdfast/connectors'

/**
 * What tells the marks of this folder from those of anybody else. The key of the seal is derived from the folder's `log.key`, so
 * that a folder that was put back from a backup knows its own marks again. `standing` names the steps of a plan, by its hash,
 * that are in effect or may be.
 */
export function ownMarks(folder: string, standing: (plan: string) => readonly string[]): OwnMarks {
  const key = Buffer.from(hkdfSync('sha256', readFileSync(join(folder, 'log.key')), '', 'holdfast marks', 32))
  return {
    seal: (text) => createHmac('sha256', key).update(text).digest('base64url'),
    isStanding: (stepKey) => {
      const at = stepKey.indexOf('/')
      return at > 0 && standing(stepKey.slice(0, at)).includes(stepKey.slice(at + 1))
    },
  }
}
