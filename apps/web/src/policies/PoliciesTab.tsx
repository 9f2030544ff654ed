import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { EmptyState } from '../ui/States.tsx'
import { ArtifactTable } from './ArtifactTable.tsx'
import { PolicySteps } from './PolicySteps.tsx'
import { Replay } from './Replay.tsx'
import { StageStepper } from './StageStepper.tsx'

const route = getRouteApi(paths.agentPolicies)

/** One agent's stage with the evidence for it, its policies, and what they would stop. */
export function PoliciesTab() {
  const { agent } = route.useParams()
  const { data } = useSuspenseQuery(queries.policies(agent))
  const [policies] = data.items
  if (policies === undefined)
    return (
      <EmptyState
        title="No policy can be made of it"
        why="Policies are made of what an agent does, and of this one the server holds no profile."
        command="npm run -s holdfast -- policy list"
      />
    )
  const { steps, refusal, artifacts, decisions } = policies
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4 *:shrink-0">
      <div className="flex flex-wrap items-start gap-4">
        <div className="min-w-0 flex-1 basis-72">
          <StageStepper steps={steps} />
        </div>
        <CopyAs
          command={`npm run -s holdfast -- policy generate ${shellWord(agent)}`}
          value={policies}
          api={`/api/v1/policies?agent=${encodeURIComponent(agent)}`}
        />
      </div>
      {refusal !== undefined && (
        <p className="note note-warn">
          No policy may be made of its profile now: <Untrusted text={refusal.reason} /> ({refusal.code}).
          {refusal.missing.length > 0 && ` Missing: ${refusal.missing.join(', ')}.`}
        </p>
      )}
      {Object.entries(decisions).map(([name, { value, chosenBy, reason }]) => (
        <p key={name} className="note">
          {name} <span className="mono">{value}</span>, chosen by <Untrusted text={personWords(chosenBy)} />:{' '}
          <Untrusted text={reason} />
        </p>
      ))}
      {artifacts.length === 0 ? (
        <EmptyState
          title="No policy was derived"
          why={
            refusal === undefined
              ? 'One is made for each layer that something was seen of: network, system calls, cloud, tools. Every line of it opens the records that it rests on.'
              : 'As soon as its profile allows it, one can be made for each layer that something was seen of. How far its profile is:'
          }
          command={`npm run -s holdfast -- ${refusal === undefined ? 'policy generate' : 'baseline show'} ${shellWord(agent)}`}
        />
      ) : (
        <>
          <ArtifactTable artifacts={artifacts} />
          <Replay asked={{ agent }} />
          <PolicySteps policies={policies} />
        </>
      )}
    </div>
  )
}
