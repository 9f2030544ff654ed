import { LogReader, ProjectionStore } from '@holdfast/recorder'
import { Views } from './views.ts'

/** Raise it when the fold, the normaliser or the keys change what they write: the old file is then folded anew. */
const PROJECTION_VERSION = 8

export type OpenViews = Disposable & {
  readonly reader: LogReader
  readonly store: ProjectionStore
  readonly views: Views
}

/** Opens the log and the workspace projection of a folder, each on a connection of this thread's own. */
export function openViews(folder: string): OpenViews {
  const reader = LogReader.open({ folder })
  const store = ProjectionStore.open({ folder, name: 'workspace', version: PROJECTION_VERSION })
  return {
    reader,
    store,
    views: new Views({ reader, store }),
    [Symbol.dispose]: () => {
      store[Symbol.dispose]()
      reader[Symbol.dispose]()
    },
  }
}
