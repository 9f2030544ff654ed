import type { CaseWire } from '@holdfast/api'
import { Proof } from '../inventory/Proof.tsx'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { Command } from '../ui/Copy.tsx'
import { stepOf } from './next-step.ts'
import { TYPE_NAMES } from './words.ts'

type Cell = CaseWire['matrix'][number]
type Phase = CaseWire['phases'][number]
type Check = Phase['leaves'][number]

type CellPaneProps = { readonly cell: Cell; readonly found: CaseWire }

/** One cell: whose it is, what lets it open and close, what shows it, and the command that goes on. */
export function CellPane({ cell, found }: CellPaneProps) {
  const phase = found.type === cell.type ? found.phases.find((one) => one.phase === cell.phase) : undefined
  return (
    <section aria-label={`${TYPE_NAMES[cell.type]}: ${cell.phase}`} className="grid gap-4 lg:grid-cols-2">
      <div className="flex flex-col gap-2">
        <div>
          <h3 className="font-medium">
            {cell.phase}: {cell.action}
          </h3>
          <p className="text-faint">
            {cell.owner} is accountable{phase !== undefined && ` · NIST CSF 2.0 ${phase.csf.join(', ')}`}
            {phase === undefined && found.type !== undefined && ` · the case is worked as ${TYPE_NAMES[found.type]}`}
          </p>
        </div>
        <Tasks cell={cell} phase={phase} />
        <div>
          <h4 className="eyebrow">Evidence</h4>
          <ul>
            {(
              phase?.evidence ?? cell.evidence.map((says) => ({ id: says, says, entries: [], notExpected: undefined }))
            ).map(({ id, says, entries, notExpected }) => (
              <li key={id} className="flex flex-wrap items-baseline gap-x-2">
                {says}
                {phase !== undefined && entries.length === 0 && (
                  <span className={notExpected === undefined ? 'text-warn' : 'text-soft'}>
                    {notExpected === undefined ? 'not attached' : <Untrusted text={`not expected: ${notExpected}`} />}
                  </span>
                )}
                <Proof entries={entries.slice(0, 3)} />
              </li>
            ))}
          </ul>
        </div>
      </div>
      <div className="flex min-w-0 flex-col gap-2">
        <Conditions
          title="Opens when"
          says={cell.enters}
          checks={phase?.status === 'not-open' ? phase.enters : undefined}
        />
        <Conditions title="Closes when" says={cell.leaves} checks={phase?.leaves} />
        <Command label="the command of this cell" text={`npm run -s holdfast -- ${stepOf(cell, found)}`} />
      </div>
    </section>
  )
}

/** Each team's own list: a cell with several teams closes when the last of them is done. */
function Tasks({ cell, phase }: { readonly cell: Cell; readonly phase: Phase | undefined }) {
  const tasks = phase?.tasks ?? cell.tasks.map((task) => ({ ...task, id: task.says, done: undefined }))
  return [...Map.groupBy(tasks, ({ team }) => team)].map(([team, own]) => (
    <div key={team}>
      <h4 className="eyebrow">
        {team}: {own.filter(({ done }) => done !== undefined).length} of {own.length} done
      </h4>
      <ul>
        {own.map(({ id, says, done }) => (
          <li key={id} className="py-0.5">
            <span className={`badge ${done === undefined ? '' : 'badge-good'}`}>
              {done === undefined ? 'to do' : 'done'}
            </span>{' '}
            {phase !== undefined && <span className="mono">{id}</span>} {says}
            {done !== undefined && (
              <span className="text-faint">
                {' '}
                · <Untrusted text={personWords(done.by)} /> <Time at={done.at} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  ))
}

type ConditionsProps = {
  readonly title: string
  readonly says: readonly string[]
  /** How they stand; absent where the cell is not worked. */
  readonly checks: readonly Check[] | undefined
}

function Conditions({ title, says, checks }: ConditionsProps) {
  return (
    <div>
      <h4 className="eyebrow">{title}</h4>
      <ul>
        {checks === undefined
          ? says.map((words) => <li key={words}>{words}</li>)
          : checks.map((check) => (
              <li key={check.says} className="flex flex-wrap items-baseline gap-x-2 py-0.5">
                <span className={check.holds ? 'text-good' : 'text-warn'}>
                  <span aria-hidden="true">{check.holds ? '✓' : '○'}</span>
                  <span className="sr-only">{check.holds ? 'holds' : 'does not hold'}</span>
                </span>
                <span>{check.says}</span>
                <Untrusted text={check.found} className="text-faint" />
                <Proof entries={check.entries.slice(0, 3)} />
              </li>
            ))}
      </ul>
    </div>
  )
}
