import { SQLITE_CORRUPT, SQLITE_FULL, SQLITE_IOERR, sqliteCode } from './database.ts'
import { RecorderError } from './errors.ts'

export type DiskWorkParts = {
  readonly folder: string
  /** After any failure, before it is told. */
  readonly onFailure: () => void
  /** Called once when the disk failed in a way that must not be retried. Ends the process unless given. */
  readonly onFatal: ((error: RecorderError) => void) | undefined
}

/** All work on the log's disk, what its failure means, and whether there may be more of it. */
export class DiskWork {
  readonly #parts: DiskWorkParts
  #stopped: RecorderError | undefined

  constructor(parts: DiskWorkParts) {
    this.#parts = parts
  }

  /** Why nothing is written any more; undefined while the recorder works. */
  get stopped(): RecorderError | undefined {
    return this.#stopped
  }

  /** From here on {@link assertWorks} throws this. */
  stop(why: RecorderError): void {
    this.#stopped = why
  }

  assertWorks(): void {
    if (this.#stopped !== undefined) throw this.#stopped
  }

  /** Runs work on the disk. Throws `unavailable` where it is full, and `corrupt` where it failed for good. */
  run<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      this.#parts.onFailure()
      const code = sqliteCode(cause)
      if (code === SQLITE_FULL)
        throw new RecorderError('unavailable', `the disk of ${this.#parts.folder} is full: nothing was stored`, {
          cause,
        })
      if (code === SQLITE_IOERR || code === SQLITE_CORRUPT) this.#fail(cause)
      throw cause
    }
  }

  /** FC2: after a failed sync the kernel may have dropped the pages; only a new process that reads the disk can know. */
  #fail(cause: unknown): never {
    const error = new RecorderError('corrupt', `the disk of ${this.#parts.folder} failed: ${String(cause)}`, { cause })
    this.#stopped = error
    const onFatal = this.#parts.onFatal ?? endProcess
    onFatal(error)
    throw error
  }
}

function endProcess(error: RecorderError): void {
  process.stderr.write(`${error.message}; the process ends, since what is on disk is not known any more\n`)
  process.abort()
}
