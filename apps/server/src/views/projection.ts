import type { FoldInput } from './fold-input.ts'
import type { FoldOutput, KeyReader } from './fold.ts'

/** A state that is folded over the log beside the workspace, in a file and with a cursor of its own. */
export type Projection = {
  /** Name of the file below `views/`. */
  readonly name: string
  /** Raise it when the fold, the normaliser or the keys change what they write: the old file is then folded anew. */
  readonly version: number
  /** Pure: the same entries give the same state in whatever order they arrive, recorded times apart. */
  readonly fold: (reader: KeyReader, inputs: readonly FoldInput[]) => FoldOutput
}
