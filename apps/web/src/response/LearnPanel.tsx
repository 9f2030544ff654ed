import type { LearningWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Command } from '../ui/Copy.tsx'
import { plural } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { NotReadAgain, Unread } from '../ui/States.tsx'
import { Table } from '../ui/Table.tsx'

type Figures = NonNullable<LearningWire['figures']>
type Caught = Figures['chain']['before']

/** What an incident taught: the rule, and by how many steps its replay is caught earlier. */
export function LearnPanel({ incident }: { readonly incident: string }) {
  const { data, error, refetch } = useQuery(queries.learningsOf(incident))
  const about = { what: 'what it taught', error, onRetry: () => void refetch() }
  if (data === undefined) return <Unread {...about} />
  const [latest] = data.items
  if (latest === undefined) {
    return (
      <div className="flex flex-col gap-2">
        <NotReadAgain {...about} />
        <h3 className="font-medium">Nothing was learned from it yet</h3>
        <p className="text-soft">
          A rule is derived from the chain, and held against its replay, a variant and the ordinary past.
        </p>
        <Command label="the command" text={`npm run -s holdfast -- incidents learn ${incident}`} />
      </div>
    )
  }
  const { state, why, rule, figures } = latest
  return (
    <>
      <NotReadAgain {...about} />
      <p>
        <span className={`badge ${state === 'applied' || state === 'verified' ? 'badge-good' : 'badge-warn'}`}>
          {state}
        </span>{' '}
        <Untrusted text={why} />
      </p>
      {rule !== undefined && (
        <p>
          <Untrusted text={rule.name} />: <Untrusted text={rule.words} />
        </p>
      )}
      {figures !== undefined && <Earlier figures={figures} />}
    </>
  )
}

function Earlier({ figures: { chain, variant, ordinary } }: { readonly figures: Figures }) {
  return (
    <>
      <Scrollable label="Caught at which step">
        <Table cell="px-2 py-1" columns={['Replay of', 'Before', 'After']}>
          {(
            [
              ['the chain', chain],
              ['a variant', variant],
            ] as const
          ).map(([name, { before, after, events }]) => (
            <tr key={name} className="border-t border-line">
              <th scope="row" className="py-1 pr-3 font-medium">
                {name}
              </th>
              <td className="px-2 py-1">{stepOf(before, events)}</td>
              <td className="px-2 py-1 text-good">{stepOf(after, events)}</td>
            </tr>
          ))}
        </Table>
      </Scrollable>
      <p className={ordinary.newFindings === 0 ? 'text-good' : 'text-bad'}>
        {plural(ordinary.newFindings, 'new finding')} in {plural(ordinary.comparable, 'ordinary case')} that it could
        have found something in
      </p>
    </>
  )
}

/** Steps are counted from 0 on the wire, from 1 by people. */
function stepOf({ attempt, incident }: Caught, events: number): string {
  const first = incident ?? attempt
  return first === undefined ? 'never' : `step ${first + 1} of ${events}`
}
