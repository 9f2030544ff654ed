import type { CSSProperties, ReactNode } from 'react'

type Column = string | { readonly name: string; readonly isNumber?: boolean; readonly className?: string }

type TableProps = {
  readonly label?: string
  readonly columns: readonly Column[]
  readonly className?: string
  /** Room around what stands in the head; that of the cells. */
  readonly cell?: string
  /** The rows, whose cells follow the columns; those of a column of numbers are `tabular`. */
  readonly children: ReactNode
}

/** A table with the same head everywhere. On a phone each row is a card: what its cells are is said before them. */
export function Table({ label, columns, className = '', cell = 'px-3 py-1.5', children }: TableProps) {
  const all = columns.map((column) => (typeof column === 'string' ? { name: column } : column))
  // Read by the style sheet, which cannot look into the head for them.
  const names = Object.fromEntries(all.map(({ name }, i) => [`--column-${i + 1}`, JSON.stringify(name)]))
  return (
    <table className={`data-table w-full text-left ${className}`} aria-label={label} style={names as CSSProperties}>
      <thead>
        <tr>
          {all.map(({ name, isNumber = false, className: own = '' }) => (
            <th key={name} className={`${cell} ${own} ${isNumber ? 'text-right' : ''}`}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}
