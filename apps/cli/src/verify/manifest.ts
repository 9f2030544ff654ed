import type { Report } from './report.ts'

/** Digests by file name, in the order they stand. Undefined, and reported, where a line is not `<sha256>  <name>`. */
export function parseManifest(name: string, text: string, report: Report): Map<string, string> | undefined {
  const digests = new Map<string, string>()
  const lines = text.split('\n')
  if (lines.pop() !== '') report.add(name, 'does not end in a newline')
  for (const [i, line] of lines.entries()) {
    const parts = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line)
    const [, digest, file] = parts ?? []
    if (digest === undefined || file === undefined || digests.has(file)) {
      report.add(name, `has a line ${i + 1} that is no digest of a file`)
      return undefined
    }
    digests.set(file, digest)
  }
  return digests
}
