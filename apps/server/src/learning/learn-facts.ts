import { incidentNames } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'
import type { CaseState } from '@holdfast/respond'
import { type FactSource, programFact } from '../case/fact-source.ts'
import { learningsIn } from './learnings.ts'
import { figuresIn } from './wire.ts'

/**
 * The facts of the phase Learn. What was replayed and applied is read from the log; that a grant path is refused follows from
 * a cut of authority that a probe confirmed and that stands. Where nothing was replayed or cut, nothing is stated.
 */
export function learnFacts(reader: Pick<LogReader, 'controls'>): FactSource {
  return ({ incident, state }) => {
    const names = incidentNames(incident)
    const own = learningsIn(reader).filter((one) => names.includes(one.incident))
    const replayed = own.filter(({ figures }) => figures !== undefined)
    const applied = own.filter((one) => one.state === 'applied')
    // What is in force counts; else the latest replay says how far one came.
    const decisive = applied.at(-1) ?? replayed.at(-1)
    const facts = []
    if (decisive !== undefined) {
      const proofs = [decisive.proposedAt, decisive.entry]
      facts.push(programFact('replay-outcome', outcomeOf(figuresIn(decisive)?.verdict.status, state), proofs))
      facts.push(programFact('envelope-updated', applied.length > 0, proofs))
      const source = applied.find(({ change }) => change.rule?.about === 'source')
      facts.push(
        programFact('source-rules-active', source !== undefined, source === undefined ? proofs : [source.entry]),
      )
    }
    const cuts = [...(state?.actions.values() ?? [])].filter(({ family }) => family === 'authority')
    if (cuts.length > 0)
      facts.push(
        programFact(
          'grant-path-refused',
          cuts.some((cut) => cut.state === 'confirmed'),
          entriesOf(incident),
        ),
      )
    return facts
  }
}

/**
 * What is caught with its first step can only be kept from happening: it is blocked where a cut of authority or surroundings stands
 * that a probe confirmed, or where the escape was run again and the new envelope denied it: cuts end by their time.
 */
function outcomeOf(status: string | undefined, state: CaseState | undefined): 'earlier' | 'blocked' | 'not-earlier' {
  if (status === 'accepted') return 'earlier'
  const cuts = [...(state?.actions.values() ?? [])].filter(
    ({ family }) => family === 'authority' || family === 'isolate',
  )
  const isDenied = state?.facts.get('escape-replay')?.value === 'denied'
  const isBlocked = isDenied || cuts.some((cut) => cut.state === 'confirmed')
  return status === 'first-step' && isBlocked ? 'blocked' : 'not-earlier'
}

function entriesOf({ history }: { readonly history: readonly { readonly position: number }[] }): readonly number[] {
  return history.map(({ position }) => position)
}
