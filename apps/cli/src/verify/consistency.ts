import { Report, type Verdict } from './report.ts'
import { isConsistent } from './rfc6962.ts'
import { openCheckpoint, parseVerifierKey } from './signed-note.ts'

export type ConsistencyFacts = { readonly from: number; readonly to: number }

/** Checks that the log of the newer checkpoint begins with the log of the older one. Hashes of the proof in base64. */
export function verifyConsistency(
  notes: { readonly older: string; readonly newer: string },
  proof: readonly string[],
  key: string,
): Verdict<ConsistencyFacts> {
  const report = new Report()
  const parsedKey = parseVerifierKey(key.trim())
  if (parsedKey === undefined) {
    report.add('key', 'is not an Ed25519 verifier key')
    return report.verdict({ from: 0, to: 0 })
  }
  const older = openCheckpoint(notes.older, parsedKey)
  const newer = openCheckpoint(notes.newer, parsedKey)
  if (typeof older === 'string') report.add('older checkpoint', older)
  if (typeof newer === 'string') report.add('newer checkpoint', newer)
  if (typeof older === 'string' || typeof newer === 'string') return report.verdict({ from: 0, to: 0 })
  const path = proof.map((text) => Buffer.from(text, 'base64'))
  const isPath = path.length <= 128 && path.every((hash) => hash.length === 32)
  report.check(isPath, 'proof', 'is not a list of hashes in base64')
  const holds = isPath && isConsistent(older, newer, path)
  report.check(holds, 'proof', `does not show that the log of ${newer.size} entries begins with that of ${older.size}`)
  return report.verdict({ from: older.size, to: newer.size })
}

/** What is wrong with a log that is shorter than a checkpoint of it. */
export function rolledBack(kept: number, size: number): string {
  return `covers ${kept} entries, the log has ${size}: it was rolled back, or is an older copy`
}
