import type { DrawnGraph } from '@holdfast/api'
import { EDGE_BASES, isProven } from '@holdfast/model'
import { formatCount } from '../../ui/format.ts'
import { BASIS_WORDS, lineOf } from '../node-words.ts'

/** How each join is known, and how many of them are drawn. A basis that no edge has is named as absent. */
export function Legend({ edges }: { readonly edges: DrawnGraph['edges'] }) {
  const counts = new Map<string, number>()
  for (const { basis } of edges) counts.set(basis, (counts.get(basis) ?? 0) + 1)
  return (
    <section
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line bg-surface px-4 py-1.5 text-xs"
      aria-label="Legend"
    >
      <span className="eyebrow">How a join is known</span>
      {EDGE_BASES.map((basis) => {
        const count = counts.get(basis) ?? 0
        return (
          <span
            key={basis}
            className={`flex items-center gap-1.5 ${count === 0 ? 'text-faint' : 'text-soft'}`}
            title={BASIS_WORDS[basis]}
          >
            <span className={`join join-${lineOf(basis)}`} />
            {basis} {count === 0 ? '0' : formatCount(count)}
            {count > 0 && <span className="text-faint">{isProven(basis) ? 'proven' : 'inferred'}</span>}
          </span>
        )
      })}
    </section>
  )
}
