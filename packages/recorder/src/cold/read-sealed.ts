import type { DatabaseSync } from 'node:sqlite'
import { RecorderError } from '../errors.ts'
import { blob } from '../log-store.ts'
import { readColdBlock, sha256 } from './cold-file.ts'
import { coldPlace } from './cold-table.ts'

/** Looked up again where a file has just been emptied by a restore. */
const ATTEMPTS = 3

/**
 * The encrypted content of a segment from where it lies now. Throws `cold` where its file is not there, and `corrupt` where
 * the file holds something else.
 */
export function readSealed(db: DatabaseSync, dataFolder: string, first: number): Uint8Array | undefined {
  const statement = db.prepare('SELECT sealed FROM blocks WHERE first = ?')
  let path = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const sealed = blob(statement.get(first)?.['sealed'])
    if (sealed === undefined || sealed.length > 0) return sealed
    const place = coldPlace(db, dataFolder, first)
    // Restored between the two statements: the next look finds it.
    if (place === undefined) continue
    path = place.path
    const bytes = readColdBlock(path, place)
    if (bytes === undefined) continue
    if (sha256(bytes).equals(place.sha256)) return bytes
    throw new RecorderError(
      'corrupt',
      `the segment at entry ${first} is not in ${path} as it was put there: restore that file from a backup`,
    )
  }
  if (path === '') return undefined
  throw new RecorderError(
    'cold',
    `entry ${first} and those stored with it are in cold storage at ${path}, which is not there: attach it, or bring it back with "holdfast log restore --from DIR"`,
  )
}
