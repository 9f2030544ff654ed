import type { Answer } from '@holdfast/api'
import { formatDuration } from '../ui/format.ts'

type Decided = Answer<'planIncident'>
type Choice = Decided['rungs'][number]

type LadderProps = {
  readonly decided: Decided
  readonly chosen: Choice['rung']
  readonly onChoose: (rung: Choice['rung']) => void
}

/** Every rung beside the others, with what it would stop, keep and cost now. Choosing one does nothing. */
export function Ladder({ decided, chosen, onChoose }: LadderProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="eyebrow mb-1">
        Ladder{decided.families.length > 0 && `, with the cuts of ${decided.families.join(' and ')}`}
      </legend>
      <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-6">
        {decided.rungs.map((choice) => (
          <Rung
            key={choice.rung}
            choice={choice}
            isChosen={choice.rung === chosen}
            onChoose={() => onChoose(choice.rung)}
          />
        ))}
      </div>
    </fieldset>
  )
}

type RungProps = { readonly choice: Choice; readonly isChosen: boolean; readonly onChoose: () => void }

function Rung({ choice, isChosen, onChoose }: RungProps) {
  const { rung, code, standing, why, stops, keeps, cost, evidenceCost, loses, isReversible, undo, duties } = choice
  return (
    <label
      className={`flex min-w-0 cursor-pointer flex-col gap-1 rounded-md border p-2 ${
        isChosen ? 'border-accent bg-accent-ground' : 'border-line bg-raised hover:border-accent'
      }`}
    >
      <span className="flex flex-wrap items-center gap-x-2">
        <input type="radio" name="rung" checked={isChosen} onChange={onChoose} />
        <strong>
          {code} {rung}
        </strong>
        {standing === 'chosen' && <span className="badge badge-info">proposed</span>}
        <span className={`badge ml-auto ${isReversible ? 'badge-good' : 'badge-bad'}`}>
          {isReversible ? 'can be undone' : 'for good'}
        </span>
      </span>
      <dl className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2 text-sm">
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
        {duties.length > 0 && (
          <Line label="duty">
            <span className="text-warn">{duties.join(', ')}</span>
          </Line>
        )}
        <Line label={standing === 'chosen' ? 'why' : 'why not'}>{why}</Line>
      </dl>
    </label>
  )
}

function Line({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="text-faint">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}
