import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toSigma } from '@holdfast/detect'
import { readRules } from './read-folders.ts'
import { count, exitOf, problemLines, type Report } from './report.ts'

/** Writes rules as plain Sigma, one file each. What Sigma has no words for is refused and named. */
export function exportRules(
  folders: readonly string[],
  { out, force }: { readonly out: string; readonly force: boolean },
): Report {
  const { sources, problems, isMissing } = readRules(folders)
  const broken = new Set(problems.map(({ file }) => file))
  const written: string[] = []
  const refused: { readonly name: string; readonly reason: string }[] = []
  const inTheWay = sources.map(({ name }) => join(out, `${name}.yml`)).find((file) => existsSync(file))
  if (inTheWay !== undefined && !force)
    return {
      text: '',
      json: { written, refused },
      talk: `${inTheWay} is there already: --force replaces it\n`,
      exit: 6,
    }
  mkdirSync(out, { recursive: true })
  for (const { name, file, text } of sources) {
    const sigma = broken.has(file) ? { kind: 'refused' as const, reason: 'the file has problems' } : toSigma({ text })
    if (sigma.kind === 'refused') refused.push({ name, reason: sigma.reason })
    else {
      writeFileSync(join(out, `${name}.yml`), sigma.text)
      written.push(join(out, `${name}.yml`))
    }
  }
  return {
    text: written.map((file) => `${file}\n`).join(''),
    json: { written, refused },
    talk: `${problemLines(problems)}${refused.map(({ name, reason }) => `${name}: ${reason}\n`).join('')}${count(written.length, 'rule')} written, ${refused.length} refused\n`,
    exit: exitOf({ isMissing }, true),
  }
}
