import type { EntryGroup, UnixNano } from '@holdfast/model'
import type { DiskSpace } from './disk-guard.ts'
import type { RecorderError } from './errors.ts'
import type { RecorderLimits } from './limits.ts'

export type RecorderOptions = {
  /** Made with mode 0700 where absent. */
  readonly folder: string
  readonly clock: () => UnixNano
  /** Name of a new log, as its checkpoints state it. A log keeps the name it was made with. */
  readonly origin?: string
  readonly limits?: Partial<RecorderLimits>
  /** Program version for the record of a recovery. */
  readonly version?: string
  /** Data class and retention rule of received content; control records have their own. */
  readonly classify?: (group: EntryGroup) => { readonly dataClass: string; readonly retention: string }
  /** Checkpoint notes of this log that were seen elsewhere: a log that does not continue all of them is `corrupt` (FC13). */
  readonly seen?: readonly string[]
  /** Called once when the disk failed in a way that must not be retried (FC2). Ends the process unless given. */
  readonly onFatal?: (error: RecorderError) => void
  /** Free and total bytes of the disk; asks the file system unless given. */
  readonly diskSpace?: (folder: string) => DiskSpace
}
