import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from './say.ts'
import { installed, runStep } from './step.ts'

/** What the pages are built from. */
const SOURCES = ['apps/web', 'packages/api/src', 'packages/model/src', 'package-lock.json']
const SKIPPED = new Set(['node_modules', 'dist', 'e2e', 'dev'])

/** Builds the pages where their sources changed since they were last built; false where the build fails. */
export async function buildWeb(): Promise<boolean> {
  const stamp = new URL('node_modules/.cache/holdfast/web-build', ROOT)
  const digest = digestOfSources()
  if (existsSync(new URL('apps/web/dist/index.html', ROOT)) && readStamp(stamp) === digest) return true
  const isBuilt = await runStep({
    name: 'building the pages (vite)',
    args: [installed('vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    folder: 'apps/web/',
  })
  if (!isBuilt) return false
  mkdirSync(new URL('.', stamp), { recursive: true })
  writeFileSync(stamp, digest)
  return true
}

function readStamp(file: URL): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function digestOfSources(): string {
  const hash = createHash('sha256')
  for (const path of SOURCES.flatMap((source) => filesBelow(source))) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(new URL(path, ROOT)))
  }
  return hash.digest('hex')
}

function filesBelow(path: string): readonly string[] {
  const full = fileURLToPath(new URL(path, ROOT))
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [path]
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name))
    .flatMap((entry) => {
      const below = join(path, entry.name)
      return entry.isDirectory() ? filesBelow(below) : [below]
    })
    .toSorted()
}
