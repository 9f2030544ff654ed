import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Why a server cannot keep its log somewhere: the path can never be its folder, or the system refuses it now. */
export type FolderProblem = { readonly kind: 'no-folder' | 'refused'; readonly message: string }

/**
 * Makes the data folder (mode 0700) and what is missing above it, durably; undefined where it is there afterwards. Not by
 * the recursive form of mkdir, which never returns below /proc, where a name can be absent and still not be made.
 */
export function makeDataFolder(path: string): FolderProblem | undefined {
  const missing: string[] = []
  try {
    for (let at = resolve(path); ; at = dirname(at)) {
      const found = statSync(at, { throwIfNoEntry: false })
      if (found?.isDirectory() === true) break
      if (found !== undefined) return noFolder(path, `${at} is a file, not a folder`)
      missing.unshift(at)
    }
    for (const folder of missing) {
      mkdirSync(folder, { mode: 0o700 })
      // FC1: until the folder above is synced, the new name is lost with the power, and the log with it.
      syncFolder(dirname(folder))
    }
    return undefined
  } catch (error) {
    return problemOf(path, error)
  }
}

function problemOf(path: string, error: unknown): FolderProblem | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOTDIR') return noFolder(path, 'a part of this path is a file, not a folder')
  if (code === 'ENOENT') return noFolder(path, 'no folder can be made there')
  // Another process made it meanwhile, or the name is a link that leads nowhere.
  if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return undefined
  if (code === 'EEXIST') return noFolder(path, 'a part of this path is a link that leads nowhere')
  const detail = error instanceof Error ? error.message : String(error)
  return { kind: 'refused', message: `--data ${path}: ${detail}` }
}

function noFolder(path: string, why: string): FolderProblem {
  return { kind: 'no-folder', message: `--data ${path}: ${why}: name another folder` }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
