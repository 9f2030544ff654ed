import type { AgentPoliciesWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { DeedState } from '../response/Deeds.tsx'
import { roleObstacle } from '../response/may.ts'
import { type Deed, useDeed } from '../response/use-deed.ts'
import { Command } from '../ui/Copy.tsx'
import { shellWord } from '../ui/shell-quote.ts'

type Step = {
  readonly title: string
  readonly says: string
  readonly button: string
  readonly done: string
  readonly command: string
  readonly take: (reason: string) => Promise<unknown>
}

/** What can be done with the policies of an agent that stops nothing: to watch them, and to give back what it had before. */
export function PolicySteps({ policies }: { readonly policies: AgentPoliciesWire }) {
  const isInForce = policies.artifacts.some(({ state }) => state === 'monitor' || state === 'enforce')
  const step = isInForce ? takeBack(policies.agent) : watch(policies.class)
  const deed = useDeed()
  return (
    <section aria-label="Next step" className="panel flex flex-col gap-2 p-3">
      {/* A reason is given for one step: the next begins with none. */}
      <StepForm key={step.title} step={step} deed={deed} />
      <DeedState deed={deed} />
    </section>
  )
}

function watch(group: AgentPoliciesWire['class']): Step {
  return {
    title: 'Watch',
    says: `The newest policies of class ${group} are held against what its agents do. It stops nothing, and says what would have been stopped.`,
    button: `Watch class ${group}`,
    done: 'it is watched: nothing is stopped',
    command: `npm run -s holdfast -- policy rollout start --class ${group} --reason WHY`,
    take: (reason) =>
      api.call('stepRollout', { body: { step: 'start', group: { kind: 'class', class: group }, reason } }),
  }
}

function takeBack(agent: string): Step {
  return {
    title: 'Take back',
    says: 'Gives the agent the policies that it had before, to the byte; none where it had none.',
    button: 'Take back',
    done: 'it has what it had before',
    command: `npm run -s holdfast -- policy rollback ${shellWord(agent)} --reason WHY`,
    take: (reason) => api.call('rollBackPolicies', { params: { agent }, body: { reason } }),
  }
}

function StepForm({ step, deed }: { readonly step: Step; readonly deed: Deed }) {
  const { title, says, button, done, command, take } = step
  const { data: session } = useQuery(queries.session())
  const [reason, setReason] = useState('')
  const why = reason.trim()
  const obstacle = roleObstacle(session, 'responder') ?? (why === '' ? 'say why' : undefined)
  return (
    <form
      aria-label={title}
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (obstacle === undefined) deed.run(done, () => take(why))
      }}
    >
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="text-soft">{says}</p>
      <div className="flex flex-wrap items-center gap-2">
        <label className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
          Why
          <input
            className="field min-w-48 flex-1"
            value={reason}
            maxLength={1_000}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={obstacle !== undefined || deed.isBusy}>
          {button}
        </button>
        {obstacle !== undefined && <span className="text-soft">{obstacle}</span>}
      </div>
      <Command text={command} label="the command" />
    </form>
  )
}
