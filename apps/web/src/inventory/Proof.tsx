import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'

/** Log positions, each leading to its entry with leaf and inclusion proof. */
export function Proof({ entries }: { readonly entries: readonly number[] }) {
  const distinct = [...new Set(entries)].toSorted((a, b) => a - b)
  return (
    <span className="flex flex-wrap gap-x-2">
      {distinct.map((entry) => (
        <Link key={entry} to={paths.integrity} search={{ entry }} className="target mono underline">
          #{entry}
        </Link>
      ))}
    </span>
  )
}
