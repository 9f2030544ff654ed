import { readFileSync, writeFileSync } from 'node:fs'
import { entriesFor, unlistedOptional, withoutEngines, type Packages } from './lockfile.ts'
import { ROOT, say } from './say.ts'

/**
 * Completes package-lock.json after `npm install` left out optional packages, and takes from it what would make another npm
 * leave them out (lockfile.ts says why).
 */
export async function lock(): Promise<number> {
  const file = new URL('package-lock.json', ROOT)
  const content = JSON.parse(readFileSync(file, 'utf8')) as { readonly packages: Packages }
  const entries = entriesFor(unlistedOptional(content.packages))
  const sorted = Object.entries({ ...content.packages, ...entries }).toSorted(([a], [b]) => a.localeCompare(b, 'en'))
  const packages = withoutEngines(Object.fromEntries(sorted))
  writeFileSync(file, `${JSON.stringify({ ...content, packages }, undefined, 2)}\n`)
  const left = unlistedOptional(packages)
  say(`${Object.keys(entries).length} optional packages added to package-lock.json`)
  for (const { name, version } of left) say(`not added, its platform is not in its name: ${name} ${version}`)
  return left.length === 0 ? 0 : 1
}
