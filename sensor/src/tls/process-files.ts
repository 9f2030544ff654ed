import { closeSync, openSync, readlinkSync, readSync } from 'node:fs'
import { MAX_MAPS_BYTES } from './limits.ts'

/** A file that a process runs, by the name that the process has for it; `path` opens it from here. */
export type MappedFile = { readonly name: string; readonly path: string; readonly isProgram: boolean }

/**
 * The program of a process and the libraries of it that may do TLS. Empty where the process is gone. A file of a
 * container, or one that was replaced since, is opened through the process's own root folder.
 */
export function mappedFiles(proc: string, pid: number): readonly MappedFile[] {
  const program = programOf(proc, pid)
  const maps = readMaps(`${proc}/${pid}/maps`)
  const names = new Set<string>()
  for (const line of maps.split('\n')) {
    const name = /^\S+ ..x. \S+ \S+ \d+ +(\/.*)$/.exec(line)?.[1]
    if (name !== undefined && LIBRARY.test(name)) names.add(name.replace(/ \(deleted\)$/, ''))
  }
  const libraries = [...names].map((name) => ({ name, path: `${proc}/${pid}/root${name}`, isProgram: false }))
  return program === undefined ? libraries : [program, ...libraries]
}

/** Libraries by name that do TLS or show what does it. */
const LIBRARY =
  /\/lib(?:ssl|gnutls|nss3|ssl3|jvm|mbedtls|wolfssl)(?:-[^/]*)?\.so[^/]*$|\/libcrypto-and-ssl[^/]*\.so[^/]*$/

function programOf(proc: string, pid: number): MappedFile | undefined {
  try {
    const name = readlinkSync(`${proc}/${pid}/exe`).replace(/ \(deleted\)$/, '')
    // The link itself opens the file that runs, even where its name is gone.
    return { name, path: `${proc}/${pid}/exe`, isProgram: true }
  } catch {
    // The process ended.
    return undefined
  }
}

function readMaps(path: string): string {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    // The process ended.
    return ''
  }
  const parts: Buffer[] = []
  let bytes = 0
  try {
    while (bytes < MAX_MAPS_BYTES) {
      const part = Buffer.allocUnsafe(65_536)
      const count = readSync(fd, part)
      if (count === 0) break
      parts.push(part.subarray(0, count))
      bytes += count
    }
  } catch {
    // It ended while it was read; what came so far is as good as what was there.
  } finally {
    closeSync(fd)
  }
  return Buffer.concat(parts).toString('utf8')
}
