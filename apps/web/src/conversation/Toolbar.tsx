import type { Conversation } from '@holdfast/api'
import type { NodeKind } from '@holdfast/model'
import { useQuery } from '@tanstack/react-query'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { queries } from '../data/queries.ts'
import { hiddenKinds } from '../search-params.ts'
import { FilterField } from '../ui/FilterField.tsx'
import { formatCount } from '../ui/format.ts'
import { KIND_WORDS } from './node-words.ts'
import { Together } from './Together.tsx'
import type { Selection } from './use-selection.ts'

type ToolbarProps = { readonly conversation: Conversation; readonly selection: Selection }

/** How the execution is shown: as what, folded or not, without which kinds; and finding in it. */
export function Toolbar({ selection }: ToolbarProps) {
  const { search, set } = selection
  return (
    <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2">
      <Segmented
        label="View"
        value={search.view}
        options={{ graph: 'Graph', tree: 'Tree', table: 'Table' }}
        onChange={(view) => set({ view })}
      />
      {search.view === 'graph' && (
        <>
          <Segmented
            label="Mode"
            value={search.mode}
            options={{ aggregated: 'Aggregated', 'as-run': 'As run' }}
            onChange={(mode) => set({ mode })}
          />
          <HideMenu selection={selection} />
        </>
      )}
      <Together selection={selection} />
      <FilterField
        label="Find in this conversation"
        placeholder={search.view === 'graph' ? 'find a step' : 'filter by label'}
        value={search.q}
        onChange={(q) => set({ q })}
      />
      {search.view === 'graph' && (search.q ?? '') !== '' && <Hits selection={selection} q={search.q ?? ''} />}
    </div>
  )
}

type SegmentedProps<V extends string> = {
  readonly label: string
  readonly value: V
  readonly options: Readonly<Record<V, string>>
  readonly onChange: (value: V) => void
}

function Segmented<V extends string>({ label, value, options, onChange }: SegmentedProps<V>) {
  return (
    <fieldset aria-label={label} className="segmented">
      {(Object.keys(options) as V[]).map((option) => (
        // the record's own keys
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
          {options[option]}
        </button>
      ))}
    </fieldset>
  )
}

function HideMenu({ selection: { search, set } }: { readonly selection: Selection }) {
  const hidden = hiddenKinds(search.hide)
  const kinds = Object.keys(KIND_WORDS) as NodeKind[] // the record's own keys
  return (
    <MenuTrigger>
      <Button className="button">Hide{hidden.length > 0 && ` · ${hidden.length} kinds hidden`}</Button>
      <Popover placement="bottom start">
        <Menu
          className="menu"
          aria-label="Kinds to hide"
          selectionMode="multiple"
          selectedKeys={new Set(hidden)}
          onSelectionChange={(keys) => {
            const next = keys === 'all' ? kinds : kinds.filter((kind) => keys.has(kind))
            set({ hide: next.length === 0 ? undefined : next.join(',') })
          }}
        >
          {kinds.map((kind) => (
            <MenuItem key={kind} id={kind} className="menu-item">
              {({ isSelected }) => (
                <span className="flex gap-2">
                  <span aria-hidden="true" className="w-3">
                    {isSelected ? '✓' : ''}
                  </span>
                  {KIND_WORDS[kind]}
                </span>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

/** Steps through what was found; a step that is folded is opened by selecting it. */
function Hits({ selection, q }: { readonly selection: Selection; readonly q: string }) {
  const { data, isPending } = useQuery(queries.rows(selection.conversation, { page: 0, q, sight: selection.sight }))
  const hits = data?.items ?? []
  const total = data?.total ?? hits.length
  const at = hits.findIndex(({ id }) => id === selection.node)
  const step = (by: number): void => {
    const next = hits[(at + by + hits.length) % hits.length]
    if (next !== undefined) selection.select(next.id)
  }
  if (isPending) return <span className="text-faint">looking …</span>
  if (hits.length === 0) return <span className="text-soft">no step has that in its name</span>
  return (
    <span className="flex items-center gap-1">
      <span className="tabular text-soft">
        {at >= 0 ? `${formatCount(at + 1)} of ` : ''}
        {total > hits.length ? `first ${formatCount(hits.length)} of ${formatCount(total)}` : formatCount(total)}
      </span>
      <button type="button" className="button" onClick={() => step(at < 0 ? 0 : -1)}>
        Previous
      </button>
      <button type="button" className="button" onClick={() => step(1)}>
        Next
      </button>
    </span>
  )
}
