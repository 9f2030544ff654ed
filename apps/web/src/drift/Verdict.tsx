import type { DriftChangeWire } from '@holdfast/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { personWords } from '../text/person.ts'
import { Untrusted } from '../text/Untrusted.tsx'

type Given = 'evolution' | 'risky' | 'withdrawn'

/** What a person said of a change, or the two words with which to say it; a reason is part of either. */
export function Verdict({ change }: { readonly change: DriftChangeWire }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [isOpen, setOpen] = useState(false)
  const decide = useMutation({
    mutationFn: (verdict: Given) =>
      api.call('decideDrift', {
        params: { agent: change.agent, change: change.id },
        body: { verdict, reason: reason.trim() },
      }),
    onSuccess: () => {
      setOpen(false)
      setReason('')
      return client.invalidateQueries({ queryKey: ['drift'] })
    },
  })
  const { decision } = change
  if (!isOpen)
    return (
      <div className="flex flex-col items-start gap-1">
        {decision !== undefined && (
          <p>
            <span className={`badge ${decision.verdict === 'evolution' ? 'badge-good' : 'badge-bad'}`}>
              {decision.verdict}
            </span>{' '}
            by <Untrusted text={personWords(decision.by)} />: <Untrusted text={decision.reason} className="text-soft" />
          </p>
        )}
        <button type="button" className="button" onClick={() => setOpen(true)}>
          {decision === undefined ? 'Decide' : 'Change'}
        </button>
      </div>
    )
  const isReady = reason.trim() !== '' && !decide.isPending
  return (
    <form className="flex w-56 flex-col gap-1.5" onSubmit={(event) => event.preventDefault()}>
      <label className="flex flex-col gap-1 text-soft">
        Why
        <input className="field" value={reason} maxLength={1_000} onChange={({ target }) => setReason(target.value)} />
      </label>
      <div className="flex flex-wrap gap-1.5">
        <button type="button" className="button" disabled={!isReady} onClick={() => decide.mutate('evolution')}>
          Evolution
        </button>
        <button type="button" className="button" disabled={!isReady} onClick={() => decide.mutate('risky')}>
          Risky
        </button>
        {decision !== undefined && (
          <button type="button" className="button" disabled={!isReady} onClick={() => decide.mutate('withdrawn')}>
            Withdraw
          </button>
        )}
        <button type="button" className="button" onClick={() => setOpen(false)}>
          Cancel
        </button>
      </div>
      {decide.error !== null && <p className="note note-bad">{decide.error.message}</p>}
    </form>
  )
}
