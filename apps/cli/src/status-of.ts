import { statSync, type Stats } from 'node:fs'

/**
 * What a path names; undefined where it names nothing that can be looked at: nothing is there, a folder on the way may not be looked
 * into (as the home of the account that started this as another), or no file could have such a name.
 */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
