import type { Report } from './report.ts'
import { isConsistent } from './rfc6962.ts'
import type { TreeHead } from './signed-note.ts'
import { member } from './strict-json.ts'

const WHERE = 'data/seals.json'
const MAX_PATH = 128

/**
 * Checks the sections of a bundle by seal: each sealed log is a beginning of the bundle's, and each entry stands under the first
 * seal that covers it. Gives back how many seals there are.
 */
export function checkSealSections(
  sections: unknown,
  { head, indices }: { readonly head: TreeHead; readonly indices: ReadonlySet<number> },
  report: Report,
): number {
  if (!Array.isArray(sections) || sections.length === 0) {
    report.add(WHERE, 'is no list of sections')
    return 0
  }
  const seen = new Set<number>()
  let from = 0
  for (const [i, section] of sections.entries()) {
    const isLast = i === sections.length - 1
    const size = checkSeal(section, { head, isLast, at: i }, report)
    if (size === undefined) return 0
    report.check(size >= from, WHERE, `section ${i} is of a smaller log than the one before it`)
    const entries: unknown = member(section, 'entries')
    for (const index of Array.isArray(entries) ? entries : [undefined]) {
      const isPlaced =
        typeof index === 'number' && index >= from && index < size && indices.has(index) && !seen.has(index)
      if (!report.check(isPlaced, WHERE, `section ${i} names entry ${String(index)}, which is not its own`)) continue
      seen.add(index)
    }
    from = size
  }
  report.check(seen.size === indices.size, WHERE, `places ${seen.size} of ${indices.size} entries`)
  return sections.length - 1
}

/** The size of the log that the section's seal fixed; undefined, and reported, where it is none of this log. */
function checkSeal(
  section: unknown,
  { head, isLast, at }: { readonly head: TreeHead; readonly isLast: boolean; readonly at: number },
  report: Report,
): number | undefined {
  const seal = member(section, 'seal')
  const [size, rootText, kind] = [member(seal, 'size'), member(seal, 'rootHash'), member(seal, 'kind')]
  const consistency = member(section, 'consistency')
  const isWhole =
    typeof size === 'number' &&
    Number.isSafeInteger(size) &&
    size >= 0 &&
    typeof rootText === 'string' &&
    /^[0-9a-f]{64}$/.test(rootText) &&
    Array.isArray(consistency) &&
    consistency.length <= MAX_PATH &&
    consistency.every((hash) => typeof hash === 'string') &&
    kind === (isLast ? 'export' : 'sealed')
  if (!report.check(isWhole, WHERE, `section ${at} has no seal that can be read`) || !isWhole) return undefined
  const path = consistency.map((hash) => Buffer.from(String(hash), 'base64'))
  const isUsual = path.every((hash, i) => hash.length === 32 && hash.toString('base64') === consistency[i])
  const holds = isUsual && isConsistent({ size, root: Buffer.from(rootText, 'hex') }, head, path)
  report.check(holds, WHERE, `section ${at}: the log of this bundle does not begin with the one that was sealed`)
  return size
}
