import type { CaseWire, IncidentWire } from '@holdfast/api'
import { getRouteApi } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Command } from '../ui/Copy.tsx'
import { Scrollable } from '../ui/Scrollable.tsx'
import { CellPane } from './CellPane.tsx'
import { nextStep, stepOf } from './next-step.ts'
import { CELL_SIGNS, TYPE_NAMES } from './words.ts'

type Cell = CaseWire['matrix'][number]

const route = getRouteApi(paths.incident)

const LOOKS: Readonly<Record<Cell['status'], string>> = {
  'not-open': 'text-faint',
  open: 'badge-warn',
  closed: 'badge-good',
  reopened: 'badge-bad',
  superseded: 'text-faint',
}

type MatrixProps = { readonly found: CaseWire; readonly incident: IncidentWire }

/** Three types by six phases, all of them always: the row of the type that holds is lit, and each cell opens. */
export function Matrix({ found, incident }: MatrixProps) {
  const { cell: named } = route.useSearch()
  const navigate = route.useNavigate()
  const { matrix, type, phases } = found
  const rows = [...Map.groupBy(matrix, (cell) => cell.type)]
  const next = phases.find(({ status }) => status !== 'closed')
  const shown =
    matrix.find((cell) => nameOf(cell) === named) ??
    matrix.find((cell) => cell.type === (type ?? incident.type) && cell.phase === (next?.phase ?? 'detect'))
  const step = nextStep(found)
  return (
    <>
      <Scrollable label="Phases by type">
        <table className="w-full text-left">
          <thead>
            <tr className="eyebrow">
              <th className="py-1 pr-3">Type</th>
              {rows[0]?.[1].map(({ phase }, i) => (
                <th key={phase} className="px-1 py-1">
                  P{i + 1} {phase}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([of, cells]) => (
              <tr key={of} className={`border-t border-line ${of === type ? 'bg-accent-ground' : ''}`}>
                <th scope="row" className="py-1 pr-3 pl-1 font-medium">
                  {TYPE_NAMES[of]}
                  <Role of={of} type={type} incident={incident} />
                </th>
                {cells.map((cell) => (
                  <td key={cell.phase} className="px-1 py-1">
                    <CellButton
                      cell={cell}
                      isLocked={type === undefined && isAct(cell)}
                      isShown={cell === shown}
                      onShow={() =>
                        void navigate({ search: (before) => ({ ...before, cell: nameOf(cell) }), replace: true })
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {shown !== undefined && <CellPane cell={shown} found={found} />}
      {/* Mostly it is what the cell in view says already. */}
      {step !== undefined && (shown === undefined || stepOf(shown, found) !== step) && (
        <Command label="the next step" text={`npm run -s holdfast -- ${step}`} />
      )}
    </>
  )
}

type RoleProps = { readonly of: Cell['type']; readonly type: CaseWire['type']; readonly incident: IncidentWire }

function Role({ of, type, incident }: RoleProps) {
  if (of === type) return <span className="badge badge-info ml-2">in force</span>
  if (of === incident.type) return <span className="badge ml-2">proposed</span>
  return incident.contributing.includes(of) ? <span className="badge badge-warn ml-2">contributing</span> : null
}

type CellButtonProps = {
  readonly cell: Cell
  readonly isLocked: boolean
  readonly isShown: boolean
  readonly onShow: () => void
}

function CellButton({ cell: { phase, status, owner, action }, isLocked, isShown, onShow }: CellButtonProps) {
  const { sign, text } = isLocked ? { sign: '⊘', text: 'no type yet' } : CELL_SIGNS[status]
  return (
    <button
      type="button"
      aria-pressed={isShown}
      title={`${owner}: ${action}${isLocked ? '; closed until a person names the type' : ''}`}
      onClick={onShow}
      className={`relative flex w-full min-w-24 flex-col items-start rounded-md border px-1.5 py-0.5 text-left hover:border-accent ${
        isShown ? 'border-accent' : 'border-line'
      } ${isLocked ? 'hatched' : ''}`}
    >
      <span className="sr-only">{phase}: </span>
      <span className={`badge ${isLocked ? 'text-faint' : LOOKS[status]}`}>
        <span aria-hidden="true">{sign}</span> {text}
      </span>
      <span className="w-full truncate text-xs text-soft">{owner}</span>
    </button>
  )
}

/** Phases that act on something: they wait until a person has named the type. */
function isAct({ phase }: Cell): boolean {
  return phase !== 'detect' && phase !== 'analyze'
}

function nameOf({ type, phase }: Cell): string {
  return `${type}/${phase}`
}
