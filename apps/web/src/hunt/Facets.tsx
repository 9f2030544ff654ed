import type { HuntFacetWire } from '@holdfast/api'
import type { HuntField } from '@holdfast/model'
import { inertLine } from '../text/inert.ts'
import { AgentId } from '../ui/AgentId.tsx'
import { formatCount } from '../ui/format.ts'
import { type Mode, modeOf } from './terms.ts'

type FacetsProps = {
  readonly facets: readonly HuntFacetWire[]
  readonly q: string
  readonly onToggle: (field: HuntField, value: string, mode: Mode) => void
  readonly onStack: (field: HuntField) => void
}

/** Values of each field with their counts. A field that the query speaks of counts its alternatives too. */
export function Facets({ facets, q, onToggle, onStack }: FacetsProps) {
  const shown = facets.filter(({ distinct }) => distinct > 0)
  return (
    <div className="flex flex-col gap-3 p-3">
      {shown.map((facet) => (
        <section key={facet.field} aria-label={`Values of ${facet.field}`}>
          <div className="flex items-baseline justify-between gap-2">
            <h2 className="eyebrow">{facet.field}</h2>
            <button
              type="button"
              className="link target text-xs"
              aria-label={`${facet.distinct > facet.values.length ? `All ${formatCount(facet.distinct)}` : 'Stack the'} values of ${facet.field}`}
              onClick={() => onStack(facet.field)}
            >
              {facet.distinct > facet.values.length ? `all ${formatCount(facet.distinct)}` : 'stack'}
            </button>
          </div>
          <ul>
            {facet.values.map((value) => (
              <FacetLine
                key={value.value}
                field={facet.field}
                value={value}
                name={nameOf(facet, value)}
                q={q}
                onToggle={onToggle}
              />
            ))}
          </ul>
          {facet.rest > 0 && (
            <p className="text-xs text-faint">
              {formatCount(facet.rest)} events with {formatCount(facet.distinct - facet.values.length)} other values
              {facet.isCut && ', and more'}
            </p>
          )}
        </section>
      ))}
    </div>
  )
}

/** Agents of one name run on many hosts: then the id tells them apart. */
function nameOf({ values }: HuntFacetWire, { value, label }: HuntFacetWire['values'][number]): string {
  return label === undefined || values.some((other) => other.label === label && other.value !== value) ? value : label
}

type FacetLineProps = {
  readonly field: HuntField
  readonly value: HuntFacetWire['values'][number]
  readonly name: string
  readonly q: string
  readonly onToggle: FacetsProps['onToggle']
}

function FacetLine({ field, value: { value, count }, name, q, onToggle }: FacetLineProps) {
  const mode = modeOf(q, field, value)
  return (
    <li className="group flex items-center gap-1 leading-6">
      <AgentId
        id={name}
        className={`flex-1 ${mode === 'exclude' ? 'text-faint line-through' : mode === 'include' ? 'font-semibold text-accent' : ''}`}
      />
      <span className="tabular text-faint">{formatCount(count)}</span>
      <ModeButtons field={field} value={value} mode={mode} onToggle={onToggle} />
    </li>
  )
}

type ModeButtonsProps = {
  readonly field: HuntField
  readonly value: string
  readonly mode: Mode | undefined
  readonly onToggle: FacetsProps['onToggle']
  /** Within a grid, whose rows are what the keyboard reaches. */
  readonly isInGrid?: boolean
}

/** Only this value, or all but it; pressed a second time, taken back. */
export function ModeButtons({ field, value, mode, onToggle, isInGrid = false }: ModeButtonsProps) {
  const name = inertLine(value, 80)
  return (
    <span className={isInGrid ? 'absolute right-0 hidden rounded bg-raised group-hover:flex' : 'flex shrink-0'}>
      {(['include', 'exclude'] as const).map((one) => (
        <button
          key={one}
          type="button"
          tabIndex={isInGrid ? -1 : 0}
          className={`h-6 w-6 cursor-pointer rounded hover:bg-accent-ground ${mode === one ? 'bg-accent-ground font-bold text-accent' : 'text-soft'}`}
          aria-label={`${one === 'include' ? 'Only' : 'Without'} ${field} ${name}`}
          title={`${one === 'include' ? 'Only' : 'Without'} ${field} ${name}`}
          aria-pressed={mode === one}
          onClick={(event) => {
            event.stopPropagation()
            onToggle(field, value, one)
          }}
        >
          {one === 'include' ? '+' : '−'}
        </button>
      ))}
    </span>
  )
}
