import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { download } from '../data/client.ts'
import { exportFault } from '../data/export-fault.ts'
import { type Execution, queries } from '../data/queries.ts'
import { roleObstacle } from '../response/may.ts'

type State = { readonly is: 'idle' | 'working' | 'done' } | { readonly is: 'failed'; readonly why: string }

/** Saves the evidence bundle of a conversation or an incident, whole or with fields hidden. */
export function ExportButton({ of: { kind, id } }: { readonly of: Execution }) {
  const [state, setState] = useState<State>({ is: 'idle' })
  const [fields, setFields] = useState('')
  const isWorking = state.is === 'working'
  const save = async (redact: string): Promise<void> => {
    setState({ is: 'working' })
    try {
      const fileName = `${id.replace(/[^\w.-]+/g, '_')}${redact === '' ? '' : '-redacted'}.zip`
      const query = redact === '' ? {} : { redact }
      if (kind === 'incident') await download('exportIncident', { params: { incident: id }, query, fileName })
      else await download('exportEvidence', { params: { conversation: id }, query, fileName })
      setState({ is: 'done' })
    } catch (error) {
      setState({ is: 'failed', why: exportFault(error) })
    }
  }
  const obstacle = roleObstacle(useQuery(queries.session()).data, 'analyst')
  const isUnable = isWorking || obstacle !== undefined
  const hint =
    obstacle ?? (isWorking ? 'the bundle is being made' : 'verifies without a server: holdfast evidence verify PATH')
  return (
    <>
      <button type="button" className="button" disabled={isUnable} title={hint} onClick={() => void save('')}>
        {isWorking ? 'Making the bundle …' : 'Export bundle'}
      </button>
      <details className="relative">
        <summary className="button">Hide fields …</summary>
        <form
          className="menu absolute right-0 z-40 mt-1 flex w-80 max-w-[90vw] flex-col gap-2 p-3"
          onSubmit={(event) => {
            event.preventDefault()
            void save(fields.trim())
          }}
        >
          <label className="flex flex-col gap-1">
            Fields to hide, separated by commas
            <input
              className="field"
              value={fields}
              maxLength={4000}
              placeholder="user.email, gen_ai.input.*"
              onChange={({ target: { value } }) => setFields(value)}
            />
          </label>
          <p className="text-sm text-muted">
            The log states the rest before the bundle leaves, so that it still verifies. Reports and graphs quote texts
            and stay behind; other fields may hold the same text.
          </p>
          <button
            type="submit"
            className="button"
            disabled={isUnable || fields.trim() === ''}
            title={obstacle === undefined && fields.trim() === '' ? 'name a field first' : hint}
          >
            Export with fields hidden
          </button>
        </form>
      </details>
      <output className={state.is === 'failed' ? 'text-bad' : 'sr-only'}>
        {state.is === 'done' ? 'bundle saved' : state.is === 'failed' ? state.why : ''}
      </output>
    </>
  )
}
