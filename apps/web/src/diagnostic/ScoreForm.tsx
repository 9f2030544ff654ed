import type { ScoreRowWire } from '@holdfast/api'
import { useState } from 'react'
import { api } from '../data/client.ts'
import { Said } from './Said.tsx'
import { useAct } from './use-act.ts'

type Cell = ScoreRowWire['cells'][number]

const SCORES: readonly Cell['score'][] = ['None', 'Partial', 'Strong']

type ScoreFormProps = { readonly row: ScoreRowWire; readonly cell: Cell; readonly obstacle: string | undefined }

/** Another score for one cell; a row can be taken away as a whole. Each with a reason, which is kept. */
export function ScoreForm({ row, cell, obstacle }: ScoreFormProps) {
  const [score, setScore] = useState(cell.score)
  const [reason, setReason] = useState('')
  const { state, run } = useAct('scorecard')
  const why = obstacle ?? (reason.trim() === '' ? 'say why' : undefined)
  const decide = (decision: Parameters<typeof decideScorecard>[0]): void =>
    run('changed, and in the log', () => decideScorecard(decision, reason))
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        decide({ do: 'scored', row: row.id, phase: cell.phase, score })
      }}
    >
      <select
        className="field"
        aria-label="Score"
        value={score}
        onChange={(event) => setScore(SCORES.find((one) => one === event.target.value) ?? 'None')}
      >
        {SCORES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <Reason value={reason} onChange={setReason} />
      <button type="submit" className="button" disabled={why !== undefined} title={why ?? 'recorded with your name'}>
        Change
      </button>
      <button
        type="button"
        className="button button-quiet"
        disabled={why !== undefined}
        title={why ?? 'takes the row away; its history stays'}
        onClick={() => decide({ do: 'removed', row: row.id })}
      >
        Remove the row
      </button>
      <Said state={state} />
    </form>
  )
}

/** A tool of the own stack, with None in every phase until somebody says more. */
export function AddRow({ obstacle }: { readonly obstacle: string | undefined }) {
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  const { state, run } = useAct('scorecard')
  const row = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  const why = obstacle ?? (row === '' ? 'name it with letters or digits' : reason.trim() === '' ? 'say why' : undefined)
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        run('added, and in the log', () => decideScorecard({ do: 'added', row, name }, reason))
      }}
    >
      <input
        className="field w-48"
        aria-label="Name of the tool"
        placeholder="A tool of your stack"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Reason value={reason} onChange={setReason} />
      <button type="submit" className="button" disabled={why !== undefined} title={why ?? 'recorded with your name'}>
        Add a row
      </button>
      <Said state={state} />
    </form>
  )
}

function Reason({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  return (
    <input
      className="field w-64"
      aria-label="Reason"
      placeholder="Why; it is kept"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

type Decision =
  | { readonly do: 'scored'; readonly row: string; readonly phase: Cell['phase']; readonly score: Cell['score'] }
  | { readonly do: 'added'; readonly row: string; readonly name: string }
  | { readonly do: 'removed'; readonly row: string }

function decideScorecard(decision: Decision, reason: string): Promise<unknown> {
  return api.call('decideScorecard', { body: { decision, reason } })
}
