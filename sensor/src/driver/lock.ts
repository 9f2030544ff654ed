import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Result code of SQLite for a database that another connection has locked (https://www.sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5

/**
 * Makes this process the one sensor of a folder, until it ends however it ends; undefined where another is. The lock is
 * SQLite's own on an empty file, which the operating system drops with the process; and the file is in a folder that
 * nobody else may enter, so that no other user of the machine can hold it to keep the sensor from starting.
 */
export function lockFolder(folder: string): Disposable | undefined {
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
  return { [Symbol.dispose]: () => database.close() }
}
