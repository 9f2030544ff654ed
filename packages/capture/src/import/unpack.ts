import { gunzipSync } from 'node:zlib'
import { MAX_FILE_NAME_CHARS, MAX_UNPACKED_BYTES } from './limits.ts'
import { isTar, readTar } from './tar.ts'
import { isZip, readZip } from './zip.ts'

export type UnpackedFile = { readonly name: string; readonly bytes: Uint8Array }

export type Unpacked = {
  readonly files: readonly UnpackedFile[]
  /** Parts that were not read, and why. */
  readonly skipped: readonly { readonly where: string; readonly why: string }[]
}

/**
 * The files in what was handed in: a plain file, `.gz`, `.tar`, `.tar.gz` or `.zip`, told by its first bytes and not by
 * its name. Archives in archives stay packed. Never throws; nothing is written anywhere. Untrusted bytes.
 */
export function unpack(file: { readonly name: string; readonly bytes: Uint8Array }): Unpacked {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength)
  const plain = isGzip(bytes) ? inflated(bytes) : bytes
  if (plain === undefined)
    return {
      files: [],
      skipped: [
        { where: file.name, why: `the gzip data is broken, or unpacks to more than ${MAX_UNPACKED_BYTES} bytes` },
      ],
    }
  if (isTar(plain)) return named(readTar(plain))
  if (isZip(plain)) return named(readZip(plain))
  return { files: [{ name: file.name.replace(/\.gz$/i, ''), bytes: plain }], skipped: [] }
}

/** Names are only shown and matched, never opened; control characters would let one print itself as another. */
function named({ files, skipped }: Unpacked): Unpacked {
  const clean = (name: string): string => name.slice(0, MAX_FILE_NAME_CHARS).replaceAll(/[\p{Cc}\p{Cf}]/gu, '_')
  return {
    files: files.map((file) => ({ ...file, name: clean(file.name) })),
    skipped: skipped.map(({ where, why }) => ({ where: clean(where), why })),
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b
}

function inflated(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES })
  } catch {
    // Broken or too large: both are refused with one message that says so.
    return undefined
  }
}
