import { accessSync, constants } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { statusOf } from '../../../status-of.ts'

/** A program as a shell finds it, or the exit code of a shell that does not: 127 not there, 126 not to be run. */
export function findProgram(
  name: string,
  { cwd, path }: { readonly cwd: string; readonly path: string | undefined },
): string | 126 | 127 {
  const places = name.includes('/')
    ? [resolve(cwd, name)]
    : (path ?? '/usr/bin:/bin').split(delimiter).map((folder) => join(resolve(cwd, folder), name))
  const there = places.filter(isFile)
  return there.find(isRunnable) ?? (there.length > 0 ? 126 : 127)
}

function isFile(path: string): boolean {
  return statusOf(path)?.isFile() ?? false
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Its mode says no.
    return false
  }
}
