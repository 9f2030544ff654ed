import type { UnpackedFile } from './unpack.ts'
import { MAX_FILES, MAX_FILE_BYTES } from './limits.ts'

const BLOCK = 512

/** True for POSIX and GNU tar, by the magic at offset 257. */
export function isTar(bytes: Buffer): boolean {
  return bytes.length >= BLOCK && bytes.toString('latin1', 257, 262) === 'ustar'
}

/** Reads the files of a tar archive; a header that does not add up ends the reading and is reported. */
export function readTar(bytes: Buffer): {
  readonly files: readonly UnpackedFile[]
  readonly skipped: readonly { readonly where: string; readonly why: string }[]
} {
  const files: UnpackedFile[] = []
  const skipped: { where: string; why: string }[] = []
  let longName: string | undefined
  let at = 0
  while (at + BLOCK <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK)
    // Two empty blocks end an archive; one is enough for us.
    if (header[0] === 0) break
    const size = octal(header, 124, 12)
    const type = header.toString('latin1', 156, 157)
    const start = at + BLOCK
    if (size === undefined || start + size > bytes.length) {
      skipped.push({ where: `byte ${at}`, why: 'the archive ends inside a file' })
      break
    }
    const name = longName ?? nameOf(header)
    longName = undefined
    const body = bytes.subarray(start, start + size)
    if (type === 'L') longName = text(body)
    else if (type === 'x') longName = paxPath(body)
    else if (type === '0' || type === '\0') {
      if (size > MAX_FILE_BYTES) skipped.push({ where: name, why: `larger than ${MAX_FILE_BYTES} bytes` })
      else if (files.length >= MAX_FILES)
        return { files, skipped: [...skipped, { where: name, why: `more than ${MAX_FILES} files` }] }
      else files.push({ name, bytes: body })
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
  return { files, skipped }
}

function nameOf(header: Buffer): string {
  const prefix = text(header.subarray(345, 500))
  const name = text(header.subarray(0, 100))
  return prefix === '' ? name : `${prefix}/${name}`
}

function text(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end)
}

/** A pax header is lines of `<length> <key>=<value>`; only the path matters here. */
function paxPath(body: Buffer): string | undefined {
  return /(?:^|\n)[0-9]{1,9} path=([^\n]*)\n/.exec(body.toString('utf8'))?.[1]
}

function octal(header: Buffer, at: number, length: number): number | undefined {
  const digits = header.toString('latin1', at, at + length).replaceAll(/[\0 ]/g, '')
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : undefined
}
