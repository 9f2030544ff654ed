import type { DrawnGraph } from '@holdfast/api'
import { formatCount, plural } from '../ui/format.ts'

/** What was derived last is shown at once, and never as if it were the newest; the live stream has it read again. */
export function Behind({ behind }: { readonly behind: NonNullable<DrawnGraph['behind']> }) {
  return (
    <output className="block px-4 py-1">
      As of {plural(behind.records, 'record')}; {formatCount(behind.newer)} newer being read.
    </output>
  )
}
