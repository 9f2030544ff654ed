import type { Answer } from '@holdfast/api'
import type { CSSProperties, ReactNode } from 'react'
import { formatDuration } from '../ui/format.ts'

type Decided = Answer<'planIncident'>
type Choice = Decided['rungs'][number]

type LadderProps = {
  readonly decided: Decided
  readonly chosen: Choice['rung']
  /** The rung that holds it now, as probes found. */
  readonly inForce: Choice['rung'] | undefined
  /** False where what the ladder proposes is not to be done: it holds already, or nothing runs to be held. */
  readonly isAsked: boolean
  readonly onChoose: (rung: Choice['rung']) => void
}

/** What the cuts of a family take away, as a person says it. */
const FAMILY_WORDS: ReadonlyMap<string, string> = new Map([
  ['isolate', 'its reach from where it runs'],
  ['authority', 'its rights'],
  ['context', 'what it takes in'],
])

/** Every rung beside the others, with what it would stop, keep and cost now, line by line. Choosing one does nothing. */
export function Ladder({ decided, chosen, inForce, isAsked, onChoose }: LadderProps) {
  const hasDuties = decided.rungs.some(({ duties }) => duties.length > 0)
  const lines = ['stops', 'keeps', 'cost', 'loses', 'undo', 'ends', ...(hasDuties ? ['duty'] : []), 'why']
  return (
    <fieldset className="min-w-0">
      <legend className="eyebrow mb-1">
        Ladder
        {decided.families.length > 0 && (
          <span className="font-normal tracking-normal normal-case">
            : how hard to hold it. Cut besides: {decided.families.map((one) => FAMILY_WORDS.get(one) ?? one).join(', ')}
          </span>
        )}
      </legend>
      <div className="@container">
        <div className="ladder" style={{ '--lines': lines.length } as CSSProperties}>
          {/* What stands in a line, once for all of them; each rung says it too. */}
          <div aria-hidden="true" className="ladder-lines border-y border-transparent py-2 text-sm text-faint">
            {['', '', ...lines].map((line, i) => (
              <span key={line === '' ? i : line}>{line}</span>
            ))}
          </div>
          {decided.rungs.map((choice) => (
            <Rung
              key={choice.rung}
              choice={choice}
              hasDuties={hasDuties}
              isChosen={choice.rung === chosen}
              isInForce={choice.rung === inForce}
              isProposed={isAsked && choice.standing === 'chosen'}
              onChoose={() => onChoose(choice.rung)}
            />
          ))}
        </div>
      </div>
    </fieldset>
  )
}

type RungProps = {
  readonly choice: Choice
  /** Some rung may bring a duty with it, so that each says whether it does. */
  readonly hasDuties: boolean
  readonly isChosen: boolean
  readonly isInForce: boolean
  readonly isProposed: boolean
  readonly onChoose: () => void
}

function Rung({ choice, hasDuties, isChosen, isInForce, isProposed, onChoose }: RungProps) {
  const { rung, code, why, stops, keeps, cost, evidenceCost, loses, isReversible, undo, duties } = choice
  return (
    <label
      className={`rung cursor-pointer rounded-md border p-2 ${
        isChosen ? 'border-accent bg-accent-ground' : 'border-line bg-raised hover:border-accent'
      }`}
    >
      <span className="flex items-baseline gap-x-1.5">
        <input type="radio" name="rung" checked={isChosen} onChange={onChoose} />
        <span className="flex flex-wrap gap-x-1.5">
          <strong className="leading-tight">
            {code} {rung}
          </strong>
          {isInForce && <span className="badge badge-good">in force</span>}
          {isProposed && <span className="badge badge-info">proposed</span>}
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-1">
        <span className={`badge ${isReversible ? 'badge-good' : 'badge-bad'}`}>
          {isReversible ? 'can be undone' : 'for good'}
        </span>
      </span>
      <dl className="text-sm">
        <Line label="stops">{stops}</Line>
        <Line label="keeps">{keeps}</Line>
        <Line label="cost">{cost}</Line>
        <Line label="loses">
          <span className={loses.length > 0 ? 'text-bad' : ''}>{evidenceCost}</span>
        </Line>
        <Line label="undo">{undo}</Line>
        <Line label="ends">
          {choice.ttlMs === 0 ? choice.afterTtl : `after ${formatDuration(choice.ttlMs)}: ${choice.afterTtl}`}
        </Line>
        {hasDuties && (
          <Line label="duty">
            {duties.length === 0 ? 'none' : <span className="text-warn">{duties.join(', ')}</span>}
          </Line>
        )}
        <Line label="why">{why}</Line>
      </dl>
    </label>
  )
}

function Line({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="rung-line">
      <dt className="text-faint">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
