import { SQLITE_FULL, SQLITE_IOERR, sqliteCode } from './database.ts'
import { RecorderError } from './errors.ts'

/** SQLite's codes for a file that may not be opened or written (https://www.sqlite.org/rescode.html). */
const REFUSED: ReadonlySet<number | undefined> = new Set([3, 8, 14])
const FULL_DISK: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])

/** What kept a folder from being opened, in words: only what was read and contradicts itself is corrupt. */
export function openFailure(folder: string, cause: unknown): unknown {
  const code = sqliteCode(cause)
  if (code === SQLITE_FULL || FULL_DISK.has(systemCode(cause)))
    return new RecorderError('unavailable', `the disk of ${folder} is full`, { cause })
  if (code === SQLITE_IOERR || systemCode(cause) === 'EIO')
    return new RecorderError(
      'unavailable',
      `the disk of ${folder} failed to read or write (${String(cause)}): look at the disk, the log itself may be whole`,
      { cause },
    )
  if (REFUSED.has(code))
    return new RecorderError(
      'unavailable',
      `${folder} cannot be opened for writing (${String(cause)}): look at its owner, its mode and the room on its disk`,
      { cause },
    )
  if (code === undefined) return cause
  return new RecorderError('corrupt', `${folder} cannot be read: ${String(cause)}`, { cause })
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
