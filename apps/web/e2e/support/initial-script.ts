import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** The built pages, which a build of the workspace makes anew. */
export const WEB_DIST = join(import.meta.dirname, '..', '..', 'dist')

/** ux budget of the first load, in bytes of compressed script. */
export const INITIAL_SCRIPT_BUDGET = 250_000

export type ScriptFile = { readonly name: string; readonly gzipBytes: number }

/** What a browser loads of script before it shows any page, the largest first; undefined where nothing was built. */
export function initialScript(dist: string = WEB_DIST): readonly ScriptFile[] | undefined {
  const page = join(dist, 'index.html')
  if (!existsSync(page)) return undefined
  const names = readFileSync(page, 'utf8').matchAll(/(?:src|href)="\/([^"]+\.js)"/g)
  return Array.from(names, ([, name = '']) => ({
    name,
    gzipBytes: gzipSync(readFileSync(join(dist, name))).length,
  })).toSorted((a, b) => b.gzipBytes - a.gzipBytes)
}

export function totalGzipBytes(files: readonly ScriptFile[]): number {
  return files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0)
}
