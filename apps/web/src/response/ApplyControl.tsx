import type { Answer } from '@holdfast/api'
import { useEffect, useState } from 'react'
import { api } from '../data/client.ts'
import { useNow } from '../time/use-now.ts'
import { applyShape, type ApplyShape } from './apply-shape.ts'
import { DeedButton } from './Deeds.tsx'
import { applyObstacle } from './may.ts'
import type { Plan } from './plan.ts'
import type { Deed } from './use-deed.ts'

type ApplyControlProps = {
  readonly plan: Plan
  readonly rungs: Answer<'planIncident'>['rungs']
  readonly session: Answer<'getSession'> | undefined
  readonly deed: Deed
}

/** Applies a plan, after what its hardest rung asks for. */
export function ApplyControl({ plan, rungs, session, deed }: ApplyControlProps) {
  const now = useNow()
  const obstacle = applyObstacle(session, plan, now)
  const apply = (words: { readonly reason?: string; readonly name?: string } = {}): void =>
    deed.run('it was carried out: what probes found stands beside each step', () =>
      api.call('applyResponsePlan', {
        params: { plan: plan.hash },
        ifMatch: plan.etag,
        body: words,
      }),
    )
  const shape = applyShape(plan, rungs)
  const shared = { obstacle, deed, onApply: apply }
  switch (shape.kind) {
    case 'undo':
      return <WithUndo {...shared} seconds={shape.seconds} />
    case 'confirm':
      return <WithSecondPress {...shared} stops={shape.stops} />
    case 'reason':
    case 'name':
      return <WithWords {...shared} shape={shape} />
  }
}

/** What stands in the place of the button that was pressed has the focus that it had. */
function takeFocus(element: HTMLElement | null): void {
  element?.focus()
}

type SharedProps = {
  readonly obstacle: string | undefined
  readonly deed: Deed
  readonly onApply: (words?: { readonly reason?: string; readonly name?: string }) => void
}

/** Nothing is sent before the seconds are over, so that calling it back leaves nothing to take back. */
function WithUndo({ obstacle, deed, onApply, seconds }: SharedProps & { readonly seconds: number }) {
  const [left, setLeft] = useState<number>()
  useEffect(() => {
    if (left === undefined) return undefined
    const timer = setTimeout(() => {
      setLeft(left === 1 ? undefined : left - 1)
      if (left === 1) onApply()
    }, 1_000)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react/exhaustive-deps -- a render of the page in between must not begin the second anew
  }, [left])
  if (left === undefined)
    return (
      <DeedButton deed={deed} isMain obstacle={obstacle} onAct={() => setLeft(seconds)}>
        Apply
      </DeedButton>
    )
  return (
    <button ref={takeFocus} type="button" className="button button-primary" onClick={() => setLeft(undefined)}>
      Undo: applied in {left} s
    </button>
  )
}

function WithSecondPress({ obstacle, deed, onApply, stops }: SharedProps & { readonly stops: string }) {
  const [isAsked, setAsked] = useState(false)
  if (!isAsked)
    return (
      <DeedButton deed={deed} isMain obstacle={obstacle} onAct={() => setAsked(true)}>
        Apply …
      </DeedButton>
    )
  return (
    <fieldset
      ref={takeFocus}
      aria-label={`It stops ${stops}`}
      tabIndex={-1}
      className="flex flex-wrap items-center gap-2 rounded-md border border-line-strong p-2"
    >
      <span>It stops {stops}.</span>
      <DeedButton
        deed={deed}
        isMain
        obstacle={obstacle}
        onAct={() => {
          setAsked(false)
          onApply()
        }}
      >
        Yes, stop it
      </DeedButton>
      <button type="button" className="button" onClick={() => setAsked(false)}>
        Not now
      </button>
    </fieldset>
  )
}

type WordsProps = SharedProps & { readonly shape: Extract<ApplyShape, { readonly kind: 'reason' | 'name' }> }

function WithWords({ obstacle, deed, onApply, shape }: WordsProps) {
  const [reason, setReason] = useState('')
  const [name, setName] = useState('')
  const missing =
    obstacle ??
    (shape.kind === 'name' && name !== shape.name ? `type ${shape.name}` : reason.trim() === '' ? 'say why' : undefined)
  return (
    <form
      aria-label={shape.kind === 'name' ? 'Kill' : 'Apply for a reason'}
      className="flex w-full flex-col gap-2 rounded-md border border-bad p-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (missing === undefined) onApply({ reason: reason.trim(), ...(shape.kind === 'name' ? { name } : {}) })
      }}
    >
      <p>{shape.kind === 'name' ? `It ends ${shape.name} at once, for good.` : `It asks for words: ${shape.why}.`}</p>
      {shape.loses.length > 0 && (
        <div className="text-bad">
          Never to be captured again:
          <ul className="list-disc pl-5">
            {shape.loses.map((artifact) => (
              <li key={artifact}>{artifact}</li>
            ))}
          </ul>
        </div>
      )}
      {shape.kind === 'name' && (
        <label className="flex flex-wrap items-center gap-2">
          Name of the Deployment
          <input
            className="field mono"
            value={name}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      )}
      <label className="flex flex-wrap items-center gap-2">
        Why
        <input
          className="field min-w-0 flex-1"
          value={reason}
          maxLength={1_000}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <span className="flex flex-wrap items-center gap-2">
        <button type="submit" className="button" disabled={missing !== undefined || deed.isBusy}>
          {shape.kind === 'name' ? `End ${shape.name}` : 'Apply'}
        </button>
        {missing !== undefined && <span className="text-soft">{missing}</span>}
      </span>
    </form>
  )
}
